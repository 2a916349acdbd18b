import { type Clock, systemClock } from "../../clock.ts";
import type { Env } from "../../env.ts";
import { wait } from "../../wait.ts";
import { type WatchTimes, watchTimes } from "./watch/watch-times.ts";

/** What a test sets otherwise than a server does. */
export interface KubeOptions {
  readonly env: Env;
  readonly clock: Clock;
  /** Where the pod's own credentials lie. */
  readonly serviceAccount?: string | undefined;
  /** Without a byte for this long, a request has failed. */
  readonly idleTimeoutMs: number;
  /** However it trickles: one page may take this long in all. */
  readonly requestTimeoutMs: number;
  readonly execTimeoutMs: number;
  /** Whether TLS Secrets are listed, and the kinds that make Secrets. */
  readonly tlsSecrets: boolean;
  /** Only these are read, for whoever has rights in some namespaces; empty: all. */
  readonly namespaces: readonly string[];
  /** Objects a page: with 500 pods of 9 kB, 5 MB of JSON are held at a time. */
  readonly pageSize: number;
  /** Requests under way at once, to one server. */
  readonly concurrency: number;
  /** How patient watching is. */
  readonly times: WatchTimes;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export function kubeOptions(given: Partial<KubeOptions> = {}): KubeOptions {
  return {
    env: process.env,
    clock: systemClock,
    idleTimeoutMs: 15_000,
    requestTimeoutMs: 120_000,
    execTimeoutMs: 60_000,
    tlsSecrets: false,
    namespaces: [],
    pageSize: 500,
    concurrency: 6,
    times: watchTimes,
    wait,
    ...given,
  };
}
