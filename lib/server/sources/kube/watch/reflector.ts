import { type Kind, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { Unread } from "#lib/model/snapshot.ts";
import type { ClusterStore } from "../../../store/cluster-store.ts";
import { type Intake, intakeOf } from "../../../store/intake.ts";
import type { KindSync } from "../../source.ts";
import type { StreamEnd } from "../connection.ts";
import { unauthorized } from "../connection-failure.ts";
import { servedResources } from "../find-resource.ts";
import { countItems } from "../list-pages.ts";
import { readEntry } from "../read-entry.ts";
import { isSwitchedOff, queryOf, readKind } from "../read-kind.ts";
import type { SecretName } from "../read-secrets.ts";
import { pathOf, type Resource } from "../resources.ts";
import { Backoff } from "./backoff.ts";
import type { ClusterLink, Opened } from "./cluster-link.ts";
import type { Slots } from "./slots.ts";
import { parseWatchEvent } from "./watch-event.ts";
import type { WatchTimes } from "./watch-times.ts";

export interface ReflectorOptions {
  readonly kind: Kind;
  readonly store: ClusterStore;
  readonly link: ClusterLink;
  /** First reads under way at once, of all kinds. */
  readonly slots: Slots;
  readonly times: WatchTimes;
  readonly pageSize: number;
  readonly concurrency: number;
  /** See KubeOptions. */
  readonly tlsSecrets: boolean;
  /** Secrets that Ingresses and Gateways name at the moment. */
  readonly secretsNamed: () => readonly SecretName[];
  readonly clock: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Objects, or how the kind stands, are others now. */
  onChange(): void;
}

/** What a try came to, and so what comes next. */
type Outcome =
  /** Go on at once. */
  | { readonly kind: "on" }
  /** Go on after a while: longer each time, or as long as the server says. */
  | { readonly kind: "trouble"; readonly why: string; readonly waitMs?: number | undefined }
  /** Nothing is wrong: come again after this long. */
  | { readonly kind: "rest"; readonly ms: number };

/** Where a watch goes on. */
interface Position {
  readonly resource: Resource;
  readonly revision: string;
}

const on: Outcome = { kind: "on" };
/**
 * One ConfigMap by its name, which a user may read who may list none; and of Secrets only what is named elsewhere.
 * Neither is a list that one could watch.
 */
const neverWatched: ReadonlySet<Kind> = new Set(["config-map", "secret"]);
/** The server does not take what it was asked; something else it may. */
const speaksAgainstRequest: ReadonlySet<number> = new Set([400, 405, 406, 409, 415, 422, 501]);
/** A watch that could not be resumed as often as this is not tried again: what it goes on from may be from elsewhere. */
const mostResumes = 5;
/** Of fewer objects it does not matter how many there are: they are read at once. */
const worthCounting = 1_000;
/** Streaming lists, and watches, that broke as often as this one after the other, without a word that was understood. */
const mostBrokenStreams = 3;

/**
 * Keeps one kind of one cluster in the store: reads all of it, follows its changes from there, and reads it again where
 * the trail is lost. Nothing that a server does ends it, and it waits for no other kind but for its turn to read.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #plural: PluralKind;
  readonly #backoff: Backoff;
  #sync: KindSync = { kind: "waiting" };
  #position: Position | undefined;
  /** Whether the store holds what was read of the kind once. */
  #hasRead = false;
  /** The server has no streaming list of this kind. */
  #streams = true;
  readonly #watchable: boolean;
  /** Until then the kind is listed now and then, since it may not be watched. */
  #listUntilMs = Number.NEGATIVE_INFINITY;
  #startedAtMs: number | undefined;
  /** Since when a kind that was readable is not. */
  #unreadableAtMs: number | undefined;
  /** The revision after which an event could not be understood. */
  #malformedAfter: string | undefined;
  #brokenStreams = 0;
  #brokenWatches = 0;
  /** Why the reader of events had enough. */
  #ending: Outcome | undefined;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#plural = kinds[options.kind].plural;
    this.#watchable = !neverWatched.has(options.kind);
    this.#backoff = new Backoff(options.times.retryFirstMs, options.times.retryMostMs);
  }

  /** How the kind stands; what was live is stale while there is no way to the cluster. */
  get sync(): KindSync {
    const { state } = this.#options.link;
    if (state.kind !== "down" || this.#sync.kind !== "live") return this.#sync;
    return { kind: "stale", since: new Date(state.sinceMs).toISOString(), why: state.failure.title };
  }

  /** How many objects of the kind are here. */
  get count(): number {
    return this.#options.store.count(this.#plural);
  }

  /** Resolves when the signal says that it is over. */
  async run(): Promise<void> {
    const { link, signal, wait } = this.#options;
    while (!signal.aborted) {
      const opened = await link.open();
      if (opened === undefined) return;
      const outcome = await this.#step(opened);
      if (signal.aborted) return;
      switch (outcome.kind) {
        case "on":
          break;
        case "trouble":
          this.#onTrouble(outcome.why);
          // Whoever was sent away at the same time does not come back at the same time.
          await wait((outcome.waitMs ?? 0) * (1 + Math.random() / 5) || this.#backoff.next(), signal);
          break;
        case "rest":
          await wait(outcome.ms, signal);
          break;
      }
    }
  }

  async #step(opened: Opened): Promise<Outcome> {
    const { signal, clock } = this.#options;
    this.#startedAtMs ??= clock();
    const over = AbortSignal.any([signal, opened.signal]);
    try {
      const position = this.#position;
      return position === undefined
        ? await this.#begin(opened, over)
        : await this.#follow(opened, over, position);
    } catch (error) {
      // A bug of ours in one object of one kind must not end the kind, and still less the others.
      return { kind: "trouble", why: error instanceof Error ? `${error.name}: ${error.message}` : "unknown" };
    }
  }

  async #begin(opened: Opened, over: AbortSignal): Promise<Outcome> {
    const release = await this.#options.slots.take(over);
    try {
      if (over.aborted) return on;
      if (!this.#hasRead) this.#set({ kind: "syncing", read: 0, of: undefined });
      if (this.#mayStream(opened)) {
        for await (const resource of servedResources(this.#options.kind, opened.discovery, over)) {
          const outcome = await this.#stream(opened, over, resource, release);
          if (outcome !== "no-streaming") return outcome;
          break;
        }
      }
      return await this.#list(opened, over);
    } finally {
      release();
    }
  }

  /** Servers from before there were streaming lists pass the parameter over, and never say that all has been sent. */
  #mayStream({ version }: Opened): boolean {
    const { kind, clock, tlsSecrets } = this.#options;
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version ?? "") ?? [];
    const isNew = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 27);
    if (isSwitchedOff(kind, tlsSecrets)) return false;
    return this.#watchable && this.#streams && isNew && clock() >= this.#listUntilMs;
  }

  async #list(opened: Opened, over: AbortSignal): Promise<Outcome> {
    const { kind, store, link, clock, times } = this.#options;
    const { pageSize, concurrency, tlsSecrets, secretsNamed } = this.#options;
    // Asked before the list, which may take longer than the watch is refused for.
    const mayWatch = this.#watchable && clock() >= this.#listUntilMs;
    let intake: Intake | undefined;
    const result = await readKind(kind, {
      connection: opened.connection,
      discovery: opened.discovery,
      pageSize,
      concurrency,
      tlsSecrets,
      secretsNamed: kind === "secret" ? secretsNamed() : [],
      signal: over,
      onCount: (read, remaining) => {
        link.heard();
        this.#onCount(read, remaining === undefined ? undefined : read + remaining);
      },
      onBegin: () => {
        intake = intakeOf(store, this.#plural);
      },
      onEntry: (entry) => intake?.put(entry),
    });
    if (over.aborted) return on;
    switch (result.kind) {
      case "read": {
        this.#take(intake, result.unsure);
        const { revision, resource } = result;
        const watches = mayWatch && revision !== undefined;
        this.#live(watches ? "watch" : "list");
        if (!watches) {
          this.#backoff.reset();
          return { kind: "rest", ms: kind === "secret" ? 4 * times.pollMs : times.pollMs };
        }
        this.#position = { resource, revision };
        return on;
      }
      case "over":
        link.lost(result.failure, opened);
        return on;
      case "unread":
        return this.#unreadable(result.unread, result.retryAfterMs);
    }
  }

  /** A watch that begins with all that is there; the slot is given back once that has come. */
  async #stream(
    opened: Opened,
    over: AbortSignal,
    resource: Resource,
    release: () => void,
  ): Promise<Outcome | "no-streaming"> {
    const { times, kind, store } = this.#options;
    const stuck = new AbortController();
    const watchdog = setTimeout(() => stuck.abort(), times.initialSilenceMs);
    let intake: Intake | undefined = intakeOf(store, this.#plural);
    let refusal: { readonly code: number; readonly message: string } | undefined;
    let broken = false;
    const end = await this.#read(opened, AbortSignal.any([over, stuck.signal]), resource, {
      path: `sendInitialEvents=true&resourceVersionMatch=NotOlderThan`,
      onEvent: (event) => {
        if (intake === undefined) return this.#onEvent(resource, event);
        watchdog.refresh();
        switch (event.kind) {
          case "put":
            intake.put(readEntry(kind, resource, event.object));
            if (intake.count % 100 === 0) this.#onCount(intake.count, undefined);
            if (intake.count === worthCounting) void this.#tellHowMany(opened, over, resource);
            return true;
          case "deleted":
            intake.remove(readEntry(kind, resource, event.object).id);
            return true;
          case "bookmark":
            if (!event.initialEventsEnd || event.revision === undefined) return true;
            clearTimeout(watchdog);
            this.#take(intake);
            intake = undefined;
            this.#brokenStreams = 0;
            this.#position = { resource, revision: event.revision };
            this.#live("watch");
            release();
            return true;
          case "error":
            refusal = event;
            return false;
          case "malformed":
            broken = true;
            return false;
        }
      },
    });
    clearTimeout(watchdog);
    if (over.aborted) return on;
    if (intake === undefined) return this.#afterWatch(opened, end);
    const code = refusal?.code ?? (end.kind === "status" ? end.status : undefined);
    // A plain list says better what there is to say.
    if (code === 403 || code === 404) return "no-streaming";
    // What does not begin with an event is no stream: something in between took it for a list.
    if (intake.count === 0 && refusal === undefined && (broken || (end.kind === "ended" && end.cut)))
      return "no-streaming";
    const isStuck = stuck.signal.aborted || (end.kind === "broken" && end.silent);
    if (isStuck || (code !== undefined && speaksAgainstRequest.has(code))) {
      this.#streams = false;
      return "no-streaming";
    }
    if (refusal !== undefined) return this.#troubleOf(refusal.code, refusal.message, undefined, opened);
    // Something in between may know lists and no streams; a list that works is better than a stream that may.
    const isBroken = broken || end.kind === "ended" || (end.kind === "broken" && end.scope === "request");
    if (isBroken && ++this.#brokenStreams >= mostBrokenStreams) return "no-streaming";
    if (broken) return { kind: "trouble", why: "The list was cut short by something that is not JSON." };
    return this.#afterWatch(opened, end);
  }

  async #follow(opened: Opened, over: AbortSignal, { resource, revision }: Position): Promise<Outcome> {
    const { clock } = this.#options;
    const startedMs = clock();
    let opens = false;
    const end = await this.#read(opened, over, resource, {
      path: `resourceVersion=${encodeURIComponent(revision)}`,
      onOpen: () => {
        opens = true;
        // Where the last event was not understood, it has yet to come again.
        if (this.#malformedAfter === undefined) this.#live("watch");
      },
      onEvent: (event) => this.#onEvent(resource, event),
    });
    if (over.aborted) return on;
    const wasLong = opens && clock() - startedMs > this.#options.times.retryMostMs;
    if (wasLong) this.#backoff.reset();
    const isBroken = opens && !wasLong && (end.kind === "ended" || end.kind === "stopped");
    // A list where a watch was asked for, or what a proxy makes of one: then it is listed, as where watching is forbidden.
    if (isBroken && this.#position?.revision === revision && ++this.#brokenWatches >= mostBrokenStreams) {
      this.#brokenWatches = 0;
      this.#position = undefined;
      this.#listUntilMs = clock() + this.#options.times.recheckMs;
      return on;
    }
    return this.#afterWatch(opened, end);
  }

  #read(
    opened: Opened,
    signal: AbortSignal,
    resource: Resource,
    reader: {
      readonly path: string;
      readonly onOpen?: () => void;
      readonly onEvent: (event: ReturnType<typeof parseWatchEvent>) => boolean;
    },
  ): Promise<StreamEnd> {
    const { link, times, kind } = this.#options;
    const seconds = Math.ceil((times.watchMs * (1 + Math.random())) / 1000);
    const query = queryOf(kind);
    const parts = [
      "watch=1",
      "allowWatchBookmarks=true",
      `timeoutSeconds=${seconds}`,
      reader.path,
      ...(query === undefined ? [] : [query]),
    ];
    this.#ending = undefined;
    return opened.connection.stream(`${pathOf(resource)}?${parts.join("&")}`, {
      signal,
      silenceMs: times.silenceMs,
      onOpen: () => {
        link.heard();
        reader.onOpen?.();
      },
      onBytes: () => link.heard(),
      onLine: (line) => reader.onEvent(parseWatchEvent(line)),
    });
  }

  #onEvent(resource: Resource, event: ReturnType<typeof parseWatchEvent>): boolean {
    const { store, kind, onChange } = this.#options;
    switch (event.kind) {
      case "put":
      case "deleted": {
        const entry = readEntry(kind, resource, event.object);
        if (event.kind === "put") store.put(this.#plural, entry);
        else store.remove(this.#plural, entry.id);
        this.#progress(resource, event.revision);
        onChange();
        return true;
      }
      case "bookmark":
        this.#progress(resource, event.revision);
        return true;
      case "error":
        this.#ending = this.#afterError(event.code, event.message);
        return false;
      case "malformed":
        this.#ending = this.#afterMalformed();
        return false;
    }
  }

  #progress(resource: Resource, revision: string | undefined): void {
    this.#backoff.reset();
    this.#brokenWatches = 0;
    if (revision !== undefined) this.#position = { resource, revision };
    if (this.#malformedAfter === undefined) return;
    this.#malformedAfter = undefined;
    this.#live("watch");
  }

  #afterWatch(opened: Opened, end: StreamEnd): Outcome {
    switch (end.kind) {
      case "stopped":
        return this.#ending ?? on;
      case "ended":
        // Servers end a watch when its time is up; one that ends at once, again and again, is left alone for longer.
        return end.cut
          ? { kind: "trouble", why: "The connection was cut." }
          : this.#quickly("The server ended the watch.");
      case "status":
        return this.#troubleOf(end.status, end.message, end.retryAfterMs, opened);
      case "broken":
        if (end.silent) return on;
        if (end.scope === "server") {
          this.#options.link.lost(end.failure, opened);
          return on;
        }
        return { kind: "trouble", why: end.failure.title };
    }
  }

  /** The first time at once, and then as with any trouble. */
  #quickly(why: string): Outcome {
    if (this.#backoff.failures > 0) return { kind: "trouble", why };
    this.#backoff.next();
    return on;
  }

  /** An ERROR event within a watch. */
  #afterError(code: number, message: string): Outcome {
    if (code !== 410) return { kind: "trouble", why: message };
    // What happened since is not known any more.
    this.#position = undefined;
    this.#onTrouble(message);
    return this.#quickly(message);
  }

  /** The event comes again when the watch is begun again before it; where it is broken again, all is read anew. */
  #afterMalformed(): Outcome {
    const revision = this.#position?.revision;
    if (this.#malformedAfter === revision) {
      this.#position = undefined;
      this.#malformedAfter = undefined;
    } else this.#malformedAfter = revision;
    return { kind: "trouble", why: "An event of the watch could not be understood." };
  }

  /** A watch, or a streaming list, was answered with a status. */
  #troubleOf(status: number, message: string, waitMs: number | undefined, opened: Opened): Outcome {
    const { link, clock, times } = this.#options;
    switch (status) {
      case 401:
        link.lost(unauthorized(message, opened.connection.place), opened);
        return on;
      case 410:
        return this.#afterError(410, message);
      case 429:
      case 503:
        return { kind: "trouble", why: message, waitMs };
      case 400:
      case 403:
      case 404:
      case 405:
      case 422:
      case 501:
        // It may still be listed, and that will say what there is to say where it may not.
        this.#position = undefined;
        this.#listUntilMs = clock() + times.recheckMs;
        return on;
      default:
        return { kind: "trouble", why: message };
    }
  }

  #unreadable(unread: Unread, waitMs: number | undefined): Outcome {
    const { store, clock, times } = this.#options;
    this.#unreadableAtMs ??= clock();
    if (unread.reason === "failed") return { kind: "trouble", why: unread.message, waitMs };
    // A server that starts, or loses its etcd, forbids and denies for a moment what it will serve again.
    if (this.#hasRead && clock() - this.#unreadableAtMs < times.forbiddenMs)
      return { kind: "trouble", why: unread.message };
    this.#hasRead = false;
    store.setUnread(this.#plural, unread);
    this.#set(
      unread.reason === "forbidden"
        ? { kind: "forbidden", why: unread.message }
        : { kind: unread.reason === "switched-off" ? "switched-off" : "not-served" },
    );
    this.#backoff.reset();
    return { kind: "rest", ms: times.recheckMs };
  }

  #onTrouble(why: string): void {
    const { store, clock, times } = this.#options;
    if (this.#backoff.failures >= mostResumes) this.#position = undefined;
    switch (this.#sync.kind) {
      case "live":
        this.#set({ kind: "stale", since: new Date(clock()).toISOString(), why });
        return;
      case "stale":
        this.#set({ kind: "stale", since: this.#sync.since, why });
        return;
      case "syncing":
      case "waiting":
        if (clock() - (this.#startedAtMs ?? clock()) < times.giveUpMs) return;
        store.setUnread(this.#plural, { reason: "failed", message: why });
        this.#set({ kind: "failed", why });
        return;
      case "failed":
      case "forbidden":
      case "not-served":
      case "switched-off":
        this.#set({ kind: "failed", why });
        return;
    }
  }

  #onCount(read: number, of: number | undefined): void {
    switch (this.#sync.kind) {
      case "syncing":
        this.#set({ kind: "syncing", read, of: of ?? this.#sync.of });
        return;
      case "stale":
        this.#set({ ...this.#sync, read, of: of ?? this.#options.store.count(this.#plural) });
        return;
      default:
        return;
    }
  }

  /** A stream does not say how much is to come; a list of one item does. */
  async #tellHowMany(opened: Opened, over: AbortSignal, resource: Resource): Promise<void> {
    const query = queryOf(this.#options.kind);
    try {
      const of = await countItems(opened.connection, pathOf(resource), { query, signal: over });
      if (of !== undefined && this.#sync.kind === "syncing") this.#set({ ...this.#sync, of });
    } catch {
      // Only words depend on it; what is wrong with the connection, the stream tells.
    }
  }

  #take(intake: Intake | undefined, unsure?: Unread): void {
    intake?.commit(unsure);
    this.#hasRead = true;
    this.#unreadableAtMs = undefined;
  }

  #live(by: "watch" | "list"): void {
    if (this.#sync.kind !== "live" || this.#sync.by !== by) this.#set({ kind: "live", by });
    else this.#options.onChange();
  }

  #set(sync: KindSync): void {
    this.#sync = sync;
    this.#options.onChange();
  }
}
