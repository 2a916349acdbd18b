import type { SourceFailure } from "../../source.ts";
import type { Connection } from "../connection.ts";
import { type Discovery, discover } from "../discovery.ts";
import { Backoff } from "./backoff.ts";
import type { WatchTimes } from "./watch-times.ts";

/** A way to the cluster that worked when it was last tried. */
export interface Opened {
  readonly connection: Connection;
  readonly discovery: Discovery;
  /** Kubernetes version, where it may be read. */
  readonly version: string | undefined;
  /** Ends what goes on over it: the cluster is gone, or the machine has slept. */
  readonly signal: AbortSignal;
}

export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "up" }
  /** `sinceMs`: when something came from it for the last time, by the clock. */
  | { readonly kind: "down"; readonly sinceMs: number; readonly failure: SourceFailure };

/** What a connection is made with: reads the kubeconfig and the credentials anew each time. */
export type Dial = (
  signal: AbortSignal,
) => Promise<
  | { readonly kind: "connection"; readonly connection: Connection; readonly identity: string }
  | { readonly kind: "failed"; readonly failure: SourceFailure }
>;

export interface LinkOptions {
  readonly dial: Dial;
  /** Asks the cluster something small; gives its version. */
  readonly greet: (
    connection: Connection,
    signal: AbortSignal,
  ) => Promise<
    | { readonly kind: "version"; readonly version: string | undefined }
    | { readonly kind: "failed"; readonly failure: SourceFailure }
  >;
  /** The server refused the credentials: what is kept of them is no good any more. */
  readonly forgetCredentials: () => void;
  readonly clock: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly times: WatchTimes;
  readonly signal: AbortSignal;
  onState(state: LinkState): void;
}

/**
 * The one way from here to a cluster, which all kinds share: whether it can be reached is found out once and not by
 * each of them, and credentials that were renewed on disk are taken up as requests are made.
 */
export class ClusterLink {
  readonly #options: LinkOptions;
  readonly #backoff: Backoff;
  #state: LinkState = { kind: "connecting" };
  #opened: { readonly opened: Opened; readonly identity: string; readonly over: AbortController } | undefined;
  #dialledAtMs = Number.NEGATIVE_INFINITY;
  #dialling: Promise<void> | undefined;
  #heardAtMs: number;
  #version: string | undefined;
  #upAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.times.reachFirstMs, options.times.reachMostMs);
    this.#heardAtMs = options.clock();
    void this.#tick();
    options.signal.addEventListener("abort", () => {
      this.#opened?.over.abort();
      this.#opened?.opened.connection.close();
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Kubernetes version, as it was when the cluster was reached the last time. */
  get version(): string | undefined {
    return this.#version;
  }

  /** Waits while the cluster cannot be reached; undefined once everything is over. */
  async open(): Promise<Opened | undefined> {
    const { signal, clock, times } = this.#options;
    while (!signal.aborted) {
      const isUp = this.#opened !== undefined && this.#state.kind === "up";
      if (isUp && clock() - this.#dialledAtMs < times.renewMs) return this.#opened?.opened;
      this.#dialling ??= (isUp ? this.#renew() : this.#reach()).finally(() => {
        this.#dialling = undefined;
      });
      await this.#dialling;
    }
    return undefined;
  }

  /** Anything came from the cluster. */
  heard(): void {
    this.#heardAtMs = this.#options.clock();
  }

  /** A request failed in a way in which every other would: no way to it, or 401. What goes on over the connection is ended. */
  lost(failure: SourceFailure, opened: Opened): void {
    if (this.#opened?.opened.connection !== opened.connection || this.#state.kind === "down") return;
    if (failure.code === "credentials-rejected") this.#options.forgetCredentials();
    this.#setState({ kind: "down", sinceMs: this.#heardAtMs, failure });
    this.#end();
  }

  #setState(state: LinkState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #end(): void {
    const ended = this.#opened;
    this.#opened = undefined;
    ended?.over.abort();
    ended?.opened.connection.close();
  }

  /** Tries until the cluster answers. */
  async #reach(): Promise<void> {
    const { clock, wait, signal, times } = this.#options;
    // A cluster that takes requests and refuses them a moment later has not come back.
    if (clock() - this.#upAtMs > times.reachMostMs) this.#backoff.reset();
    while (!signal.aborted) {
      if (this.#backoff.failures > 0 || this.#state.kind === "down") await wait(this.#backoff.next(), signal);
      if (signal.aborted) return;
      const failure = await this.#try();
      if (failure === undefined) return;
      const sinceMs = this.#state.kind === "down" ? this.#state.sinceMs : this.#heardAtMs;
      this.#setState({ kind: "down", sinceMs, failure });
    }
  }

  async #try(): Promise<SourceFailure | undefined> {
    const { dial, greet, forgetCredentials, signal, clock } = this.#options;
    const dialled = await dial(signal);
    if (dialled.kind === "failed") return dialled.failure;
    const greeted = await greet(dialled.connection, signal);
    if (greeted.kind === "failed") {
      dialled.connection.close();
      if (greeted.failure.code === "credentials-rejected") forgetCredentials();
      return greeted.failure;
    }
    this.#take(dialled.connection, dialled.identity, greeted.version);
    this.#upAtMs = clock();
    this.#setState({ kind: "up" });
    return undefined;
  }

  /** Takes up new credentials where there are any; keeps the old ones where reading them fails at the moment. */
  async #renew(): Promise<void> {
    const { dial, signal, clock } = this.#options;
    const dialled = await dial(signal);
    this.#dialledAtMs = clock();
    if (dialled.kind === "failed") return;
    const kept = this.#opened;
    if (kept === undefined || kept.identity === dialled.identity) {
      dialled.connection.close();
      // What is served is looked at again, too.
      if (kept !== undefined) {
        const opened = { ...kept.opened, discovery: discover(kept.opened.connection) };
        this.#opened = { ...kept, opened };
      }
      return;
    }
    kept.opened.connection.retire();
    this.#take(dialled.connection, dialled.identity, kept.opened.version, kept.over);
  }

  /** `over`: what goes on over an earlier connection ends together with what goes on over this one. */
  #take(
    connection: Connection,
    identity: string,
    version: string | undefined,
    over = new AbortController(),
  ): void {
    // A server that starts may not tell at once.
    this.#version = version ?? this.#version;
    const opened = {
      connection,
      discovery: discover(connection),
      version: this.#version,
      signal: over.signal,
    };
    this.#opened = { opened, identity, over };
    this.#dialledAtMs = this.#options.clock();
    this.heard();
  }

  async #tick(): Promise<void> {
    const { clock, wait, signal, times } = this.#options;
    let lastMs = clock();
    while (!signal.aborted) {
      await wait(times.tickMs, signal);
      const nowMs = clock();
      const slept = nowMs - lastMs > times.tickMs + times.sleptMs;
      lastMs = nowMs;
      if (this.#state.kind !== "up" || signal.aborted) continue;
      if (slept) this.#shake();
      else if (nowMs - this.#heardAtMs > times.probeMs) await this.#probe();
    }
  }

  /** Every connection is made anew; watches go on where they were. */
  #shake(): void {
    const kept = this.#opened;
    if (kept === undefined) return;
    this.#opened = undefined;
    kept.over.abort();
    kept.opened.connection.close();
    this.#setState({ kind: "connecting" });
  }

  async #probe(): Promise<void> {
    const kept = this.#opened;
    if (kept === undefined) return;
    const { opened } = kept;
    const greeted = await this.#options.greet(opened.connection, opened.signal);
    if (greeted.kind === "failed") this.lost(greeted.failure, opened);
    else this.heard();
  }
}
