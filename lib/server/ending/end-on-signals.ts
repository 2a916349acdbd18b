import { z } from "zod";
import type { Env } from "../env.ts";
import type { Log } from "../log.ts";
import { endGracefully } from "./end-gracefully.ts";
import { ending } from "./ending.ts";

/** Kubernetes waits for 30 s by default before it kills. */
const patienceMs = 10_000;

const drain = z.coerce
  .number("must be a number of seconds from 0 to 300")
  .min(0, "must be at least 0")
  .max(300, "must be at most 300")
  .default(0);

export type DrainResult =
  | { readonly kind: "drain"; readonly drainMs: number }
  | { readonly kind: "invalid"; readonly problem: string };

/** THROUGHLINE_DRAIN_SECONDS: 0 on a laptop; behind a Service, what it takes until nobody is led here any more. */
export function readDrain(env: Env): DrainResult {
  const parsed = drain.safeParse(env.THROUGHLINE_DRAIN_SECONDS || undefined);
  if (parsed.success) return { kind: "drain", drainMs: parsed.data * 1000 };
  const [issue] = parsed.error.issues;
  return { kind: "invalid", problem: `THROUGHLINE_DRAIN_SECONDS ${issue?.message ?? "is invalid"}.` };
}

/**
 * Ends the process well on SIGTERM and Ctrl+C, and at once on the second of them. Next's own handlers go: they stop
 * listening at once, and then wait for streams that have no end.
 */
export function endOnSignals(drainMs: number, log: Log): void {
  const ends = endGracefully(ending(), { drainMs, patienceMs }, log);
  for (const [signal, status] of [
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      const isSecond = ending().signal.aborted;
      void ends.end().then(() => {
        if (!isSecond) process.exit(status);
      });
    });
  }
}
