import { isDeepStrictEqual } from "node:util";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { type Clock, isoTime } from "../clock.ts";
import { faultOf, type Log } from "../log.ts";
import type { ReadProgress, Source, SourceFailure, SyncByKind } from "../sources/source.ts";
import type { Wait } from "../wait.ts";
import { type Answers, answersOf, type Engine } from "./answers.ts";
import { type Content, fromScratch } from "./answers-worker.ts";
import type { SessionState } from "./state.ts";
import { readingAgain, WatchedAnswers } from "./watched-answers.ts";

export interface SessionOptions {
  readonly clock: Clock;
  readonly wait: Wait;
  readonly log: Log;
  /** Answers older than this are read again in the background when they are asked for. */
  readonly refreshAfterMs: number;
  /** After a failure the source is left alone for this long. */
  readonly retryAfterMs: number;
  /** Answers older than this are not given out as live: who asks waits a little for the re-read. */
  readonly oldAfterMs: number;
  /** How long who asks waits for the first answers. */
  readonly firstWaitMs: number;
  /** How long who asks waits for newer answers where there are old ones. */
  readonly againWaitMs: number;
  /** Changes of a source that is watched are answered together when they come within this long. */
  readonly mergeMs: number;
  /** At most this share of the time goes into working out answers. */
  readonly mostBusy: number;
  /** It rests no longer than this in between. */
  readonly mostRestMs: number;
  /** A source that nobody has asked about for this long is watched no more. */
  readonly idleAfterMs: number;
  /** Called once the first answers of a source that is watched are there. */
  readonly onRead?: (() => void) | undefined;
}

export const sessionTimes = {
  refreshAfterMs: 15_000,
  retryAfterMs: 5_000,
  oldAfterMs: 60_000,
  firstWaitMs: 10_000,
  againWaitMs: 2_000,
  mergeMs: 20,
  mostBusy: 0.85,
  mostRestMs: 50,
  idleAfterMs: 1_800_000,
} as const;

export interface Current {
  readonly state: SessionState;
  /** The newest that were worked out; kept when a later read fails. */
  readonly answers: Answers | undefined;
}

/**
 * Keeps one cluster's answers. Nothing is read until someone asks, and never twice at a time; a failed read keeps the
 * answers that there are, and says so. A source that can be watched is watched from then on, until nobody has asked for
 * long. Nothing that a source does makes this throw.
 */
export class Session {
  readonly source: Source;
  readonly #engine: Engine;
  readonly #options: SessionOptions;
  readonly #closed = new AbortController();
  readonly #followers = new Set<() => void>();
  /** Tells one run of the server from the next, where versions begin again at 1. */
  readonly #startedAtMs: number;
  #state: SessionState = { kind: "idle" };
  #answers: Answers | undefined;
  #load: Promise<void> | undefined;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  #computedAtMs = Number.NEGATIVE_INFINITY;
  /** How long the last whole read took. */
  #readMs = 0;
  #watched: { readonly answers: WatchedAnswers; readonly over: AbortController } | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(source: Source, engine: Engine, options: SessionOptions) {
    this.source = source;
    this.#engine = engine;
    this.#options = options;
    this.#startedAtMs = options.clock();
  }

  /** How it stands now, without reading anything. */
  current(): Current {
    if (this.#watched !== undefined) return { state: this.#watched.answers.state, answers: this.#answers };
    if (
      this.#answers === undefined ||
      this.#state.kind !== "live" ||
      !this.source.changes ||
      !this.#isOld()
    ) {
      return { state: this.#state, answers: this.#answers };
    }
    const { checkedAt } = this.#state;
    return {
      state: { kind: "stale", checkedAt, why: readingAgain(checkedAt) },
      answers: this.#answers,
    };
  }

  /** How each kind stands, where the source is watched. */
  kinds(): SyncByKind | undefined {
    return this.#watched?.answers.kinds;
  }

  /**
   * The answers, read first where there are none yet. Waits at most `waitMs` for the first ones (`firstWaitMs` by
   * default) and then tells how far they are; answers that are there come at once, and age is met with a re-read.
   */
  async answers(waitMs: number = this.#options.firstWaitMs): Promise<Current> {
    this.#askedAtMs = this.#options.clock();
    if (this.source.watch !== undefined) return this.#ofWatched(waitMs);
    if (this.#answers === undefined) {
      if (this.#mayTry(this.#options.retryAfterMs)) this.#start();
      await this.#settled(waitMs);
    } else if (this.source.changes && this.#ageMs() >= this.#refreshAfterMs()) {
      if (this.#mayTry(this.#refreshAfterMs())) this.#start();
      if (this.#isOld()) await this.#settled(Math.min(waitMs, this.#options.againWaitMs));
    }
    return this.current();
  }

  /** Reads again now, whatever the age. */
  async readAgain(waitMs: number = this.#options.firstWaitMs): Promise<Current> {
    if (this.source.watch !== undefined) return this.answers(waitMs);
    this.#start();
    await this.#settled(waitMs);
    return this.current();
  }

  /** What would be answered if this were all there is. */
  workOut(snapshot: Snapshot): Omit<Answers, "version" | "etag"> {
    return answersOf(snapshot, isoTime(this.#options.clock), this.#engine);
  }

  /** Calls `changed` whenever `current()` has become another, until the function that it returns is called. */
  follow(changed: () => void): () => void {
    const follower = () => changed();
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  #tell(): void {
    for (const follower of [...this.#followers]) follower();
  }

  /** Ends a read under way; the answers stay as they are. */
  close(): void {
    this.#closed.abort();
  }

  async #ofWatched(waitMs: number): Promise<Current> {
    this.#watch();
    const watched = this.#watched?.answers;
    if (watched !== undefined) {
      if (this.#answers === undefined) await this.#within(waitMs, watched.settled);
      else if (!watched.hasAnswered)
        await this.#within(Math.min(waitMs, this.#options.againWaitMs), watched.settled);
    }
    return this.current();
  }

  #watch(): void {
    const { source } = this;
    if (this.#watched !== undefined || source.watch === undefined || this.#closed.signal.aborted) return;
    const over = new AbortController();
    const signal = AbortSignal.any([this.#closed.signal, over.signal]);
    const { idleAfterMs, clock } = this.#options;
    const isWanted = (withinMs: number) => this.#followers.size > 0 || clock() - this.#askedAtMs < withinMs;
    const before =
      this.#answers === undefined ? undefined : { checkedAt: new Date(this.#checkedAtMs).toISOString() };
    const answers = new WatchedAnswers(
      source.id,
      source.watch,
      this.#engine.keepUp ?? (() => fromScratch(this.#engine)),
      { ...this.#options, isWanted: () => isWanted(5 * this.#options.oldAfterMs) },
      signal,
      before,
      {
        answers: (content) => this.#put(content),
        state: () => this.#tell(),
        tick: () => {
          if (!isWanted(idleAfterMs)) this.#unwatch();
        },
      },
    );
    this.#watched = { answers, over };
  }

  /** Nobody looks any more; the answers stay for whoever comes back. */
  #unwatch(): void {
    const watched = this.#watched;
    if (watched === undefined) return;
    const { state } = watched.answers;
    this.#checkedAtMs = "checkedAt" in state ? Date.parse(state.checkedAt) : Number.NEGATIVE_INFINITY;
    this.#state = state;
    this.#watched = undefined;
    watched.over.abort();
  }

  #put(content: Content): void {
    const version = (this.#answers?.version ?? 0) + 1;
    const etag = `${this.source.id}-${this.#startedAtMs.toString(36)}-${version}`;
    this.#answers = { ...content, version, etag };
    this.#tell();
  }

  #ageMs(): number {
    return this.#options.clock() - this.#checkedAtMs;
  }

  /** A cluster that takes long to read is read less often: at most a fifth of the time goes into it. */
  #refreshAfterMs(): number {
    return Math.max(this.#options.refreshAfterMs, 5 * this.#readMs);
  }

  #isOld(): boolean {
    return this.#ageMs() >= Math.max(this.#options.oldAfterMs, 2 * this.#refreshAfterMs());
  }

  #mayTry(pauseMs: number): boolean {
    const failed = this.#state.kind === "failed" || this.#state.kind === "stale";
    return !failed || this.#options.clock() - this.#triedAtMs >= pauseMs;
  }

  #start(): void {
    if (this.#load !== undefined || this.#closed.signal.aborted) return;
    this.#triedAtMs = this.#options.clock();
    // While it is tried again, the last failure is the better news.
    if (this.#state.kind === "idle") this.#state = { kind: "connecting" };
    this.#load = this.#read().finally(() => {
      this.#load = undefined;
    });
  }

  async #settled(waitMs: number): Promise<void> {
    if (this.#load !== undefined) await this.#within(waitMs, this.#load);
  }

  async #within(waitMs: number, work: Promise<void>): Promise<void> {
    const over = new AbortController();
    await Promise.race([work, this.#options.wait(waitMs, over.signal)]);
    over.abort();
  }

  async #read(): Promise<void> {
    const { clock, log } = this.#options;
    const { id } = this.source;
    const startedMs = clock();
    try {
      const result = await this.source.read((progress) => this.#onProgress(progress), this.#closed.signal);
      if (this.#closed.signal.aborted) return;
      if (result.kind === "failed") {
        log("warn", "cluster not read", { cluster: id, code: result.failure.code, ms: clock() - startedMs });
        this.#fail(result.failure);
        return;
      }
      this.#readMs = clock() - startedMs;
      this.#take(result.snapshot);
      log("info", "cluster read", {
        cluster: id,
        readMs: this.#readMs,
        answerMs: clock() - startedMs - this.#readMs,
        version: this.#answers?.version,
      });
    } catch (error) {
      log("error", "a bug stopped a read", {
        cluster: id,
        ...faultOf(error),
      });
      this.#fail({
        code: "internal-error",
        title: "Throughline failed while it worked on this cluster.",
        detail: "This is a bug in Throughline; its log on stderr says where.",
        remedy: "Please report it with that line of the log.",
      });
    }
  }

  #onProgress(progress: ReadProgress): void {
    if (this.#answers !== undefined || this.#closed.signal.aborted) return;
    // A retry that has come as far as objects is better news than the failure before it.
    if (this.#state.kind === "failed" && progress.objects === 0) return;
    this.#state =
      progress.done === 0 && progress.objects === 0
        ? { kind: "connecting" }
        : { kind: "syncing", ...progress };
    this.#tell();
  }

  #take(snapshot: Snapshot): void {
    const { clock, oldAfterMs } = this.#options;
    const kept = this.#answers;
    // What is told in words of time ("for 4 min") has to be told anew after a while even where nothing changed.
    const isFresh = clock() - this.#computedAtMs < oldAfterMs;
    if (kept === undefined || !isFresh || !sameContent(kept.snapshot, snapshot)) {
      const version = (kept?.version ?? 0) + 1;
      const etag = `${this.source.id}-${this.#startedAtMs.toString(36)}-${version}`;
      this.#answers = { ...answersOf(snapshot, isoTime(clock), this.#engine), version, etag };
      this.#computedAtMs = clock();
    }
    this.#checkedAtMs = clock();
    this.#state = { kind: "live", checkedAt: isoTime(clock) };
    this.#tell();
  }

  #fail(failure: SourceFailure): void {
    this.#state =
      this.#answers === undefined
        ? { kind: "failed", failure }
        : { kind: "stale", checkedAt: new Date(this.#checkedAtMs).toISOString(), why: failure };
    this.#tell();
  }
}

function sameContent(a: Snapshot, b: Snapshot): boolean {
  return isDeepStrictEqual({ ...a, takenAt: undefined }, { ...b, takenAt: undefined });
}
