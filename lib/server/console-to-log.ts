import { faultOf, type Log, withoutQuotes } from "./log.ts";

/**
 * Next writes faults of pages to the console, with messages that may cite what was being read. From now on they are
 * entries of the log like ours.
 */
export function consoleToLog(log: Log, target: Pick<Console, "error" | "warn"> = console): void {
  for (const level of ["error", "warn"] as const)
    target[level] = (...parts: unknown[]) => {
      const fault = parts.find((part) => part instanceof Error);
      const words = parts.filter((part) => typeof part === "string").join(" ");
      log(level, "said by a library", {
        words: withoutQuotes(words).slice(0, 200),
        ...(fault === undefined ? {} : faultOf(fault)),
      });
    };
}
