import { type Clock, isoTime } from "../clock.ts";
import { faultOf, type Log } from "../log.ts";
import type { Source, SourceFailure, SyncByKind, Update, Watching } from "../sources/source.ts";
import type { Wait } from "../wait.ts";
import type { AnswersWorker, Content, MakeWorker } from "./answers-worker.ts";
import type { SessionState } from "./state.ts";

export interface WatchedOptions {
  readonly clock: Clock;
  readonly wait: Wait;
  readonly log: Log;
  /** Changes that come within this long are answered together. */
  readonly mergeMs: number;
  /** Working out answers takes at most this share of the time. */
  readonly mostBusy: number;
  /** But it rests no longer than this: what made it take long (a collection of memory) is over, and changes wait. */
  readonly mostRestMs: number;
  /** After this long what is told in words of time ("for 4 min") is told anew. */
  readonly oldAfterMs: number;
  /** How often answers to which nothing has changed are said to be as of now. */
  readonly refreshAfterMs: number;
  /** Whether anybody looks: for nobody, words of time are not told anew. */
  readonly isWanted: () => boolean;
  /** Called once the first answers are there. */
  readonly onRead?: (() => void) | undefined;
}

/** When the source was last known, before it was watched again. */
export interface Before {
  readonly checkedAt: string;
}

export interface Hearers {
  answers(content: Content): void;
  /** It stands otherwise than it did. */
  state(): void;
  /** Now and then, also where nothing happens. */
  tick(): void;
}

/** Answers of a source that is watched, kept up with it until the signal says that it is over. */
export class WatchedAnswers {
  readonly #id: string;
  readonly #worker: AnswersWorker;
  readonly #options: WatchedOptions;
  readonly #signal: AbortSignal;
  readonly #hearers: Hearers;
  readonly #watching: Watching;
  readonly #before: Before | undefined;
  readonly #settled = Promise.withResolvers<void>();
  #state: SessionState = { kind: "connecting" };
  #content: Content | undefined;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  readonly #startedAtMs: number;
  #bug: SourceFailure | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(
    id: string,
    watch: NonNullable<Source["watch"]>,
    makeWorker: MakeWorker,
    options: WatchedOptions,
    signal: AbortSignal,
    before: Before | undefined,
    hearers: Hearers,
  ) {
    this.#id = id;
    this.#worker = makeWorker(() => this.#changed.resolve());
    this.#options = options;
    this.#signal = signal;
    this.#before = before;
    this.#hearers = hearers;
    this.#startedAtMs = options.clock();
    this.#watching = watch(() => this.#onChange(), signal);
    void this.#run();
  }

  /** Whether there are answers of this watch, and not only from before. */
  get hasAnswered(): boolean {
    return this.#content !== undefined;
  }

  /** How it stands now. */
  get state(): SessionState {
    this.#state = this.#stateNow();
    return this.#state;
  }

  get kinds(): SyncByKind {
    return this.#watching.kinds();
  }

  /** Resolves once there are answers, or it is known why there are none; at once where that is so already. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  #onChange(): void {
    this.#changed.resolve();
    this.#look();
  }

  /** Works while there are changes, and rests in between. */
  async #run(): Promise<void> {
    const { clock, mergeMs, mostBusy, mostRestMs, wait } = this.#options;
    while (!this.#signal.aborted) {
      this.#changed = Promise.withResolvers<void>();
      this.#hearers.tick();
      const startedMs = clock();
      const worked = await this.#work();
      this.#look();
      if (this.#signal.aborted) return;
      if (!worked) await this.#changeOrTick();
      const busyMs = clock() - startedMs;
      if (this.#signal.aborted) return;
      const restMs = Math.min(busyMs * (1 / mostBusy - 1), mostRestMs);
      await wait(worked ? Math.max(mergeMs, restMs) : mergeMs, this.#signal);
    }
  }

  async #changeOrTick(): Promise<void> {
    const over = new AbortController();
    const { wait, refreshAfterMs } = this.#options;
    await Promise.race([
      this.#changed.promise,
      wait(refreshAfterMs, AbortSignal.any([this.#signal, over.signal])),
    ]);
    over.abort();
  }

  /** True where there was something to work out. */
  async #work(): Promise<boolean> {
    const { clock, log, oldAfterMs, isWanted, onRead } = this.#options;
    const update = this.#watching.take();
    const isOld = this.#content !== undefined && clock() - this.#toldAtMs >= oldAfterMs && isWanted();
    if (update === undefined && !isOld && !this.#worker.hasNews()) return false;
    const startedMs = clock();
    try {
      const content = await this.#answer(update, isOld, isoTime(clock));
      if (this.#signal.aborted) return false;
      const isFirst = this.#content === undefined;
      this.#content = content;
      if (update !== undefined || isOld) {
        this.#toldAtMs = startedMs;
        this.#checkedAtMs = startedMs;
      }
      this.#bug = undefined;
      this.#hearers.answers(content);
      const answerMs = clock() - startedMs;
      if (isFirst) {
        log("info", "cluster read", { cluster: this.#id, readMs: startedMs - this.#startedAtMs, answerMs });
        onRead?.();
      } else
        log("debug", "changes answered", {
          cluster: this.#id,
          changes: update?.changes.length ?? 0,
          answerMs,
        });
    } catch (error) {
      log("error", "a bug stopped an answer", {
        cluster: this.#id,
        ...faultOf(error),
      });
      this.#bug = {
        code: "internal-error",
        title: "Throughline failed while it worked on this cluster.",
        detail: "This is a bug in Throughline; its log on stderr says where.",
        remedy: "Please report it with that line of the log.",
      };
    }
    return true;
  }

  #answer(update: Update | undefined, isOld: boolean, now: string): Promise<Content> {
    if (update !== undefined) return this.#worker.next(update, now);
    return isOld ? this.#worker.retell(now) : this.#worker.renew();
  }

  /** Takes note of how the source stands, and tells where that is another state than before. */
  #look(): void {
    const before = JSON.stringify(this.#state);
    this.#state = this.#stateNow();
    if (this.#state.kind === "failed" || this.#content !== undefined) this.#settled.resolve();
    if (JSON.stringify(this.#state) !== before) this.#hearers.state();
  }

  #stateNow(): SessionState {
    const { clock, refreshAfterMs } = this.#options;
    const state = this.#watching.state();
    if (this.#content === undefined && this.#before !== undefined) {
      const { checkedAt } = this.#before;
      const why = this.#bug ?? (state.kind === "failed" ? state.failure : readingAgain(checkedAt));
      return { kind: "stale", checkedAt, why };
    }
    if (this.#content === undefined) {
      if (this.#bug !== undefined) return { kind: "failed", failure: this.#bug };
      switch (state.kind) {
        case "failed":
          return state;
        case "connecting":
          // While it is tried again, the last failure is the better news.
          return this.#state.kind === "failed" ? this.#state : state;
        case "syncing":
          return { kind: "syncing", ...state.progress };
        case "live":
        case "stale":
          return this.#state;
      }
    }
    const checkedAt = new Date(this.#checkedAtMs).toISOString();
    if (this.#bug !== undefined) return { kind: "stale", checkedAt, why: this.#bug };
    switch (state.kind) {
      case "stale": {
        const since = Math.min(this.#checkedAtMs, Date.parse(state.since));
        return { kind: "stale", checkedAt: new Date(since).toISOString(), why: state.why };
      }
      case "failed":
        return { kind: "stale", checkedAt, why: state.failure };
      case "live":
      case "connecting":
      case "syncing":
        if (
          state.kind === "live" &&
          !this.#watching.isBehind() &&
          clock() - this.#checkedAtMs >= refreshAfterMs
        )
          this.#checkedAtMs = clock();
        return { kind: "live", checkedAt: new Date(this.#checkedAtMs).toISOString() };
    }
  }
}

/** Why answers are old that nobody had asked for since. */
export function readingAgain(checkedAt: string): SourceFailure {
  return {
    code: "reading-again",
    title: "The cluster is being read again.",
    detail: `These answers are as of ${checkedAt}; nobody had asked since.`,
    remedy: "Wait a moment.",
  };
}
