import { writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { pino } from "pino";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names, counts and durations; never an object's content, never a credential. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (level: LogLevel, msg: string, fields?: LogFields) => void;

/**
 * One line of JSON an entry, to stderr: stdout belongs to the command line's answers. Written at once and by this
 * thread, so that the last line before an end is there as well.
 */
export function createLog(
  lowest: LogLevel = "info",
  write: (line: string) => void = toStderr,
  now: () => string = () => new Date().toISOString(),
): Log {
  const logger = pino(
    {
      level: lowest,
      // Whoever collects lines knows the pod and the process.
      base: null,
      timestamp: () => `,"time":"${now()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    { write },
  );
  return (level, msg, fields = {}) => logger[level](fields, msg);
}

/** Another thread's `process.stderr` goes by way of the first one, which may end before it comes to it. */
function toStderr(line: string): void {
  if (isMainThread) process.stderr.write(line);
  else writeSync(2, line);
}

export const silentLog: Log = () => {};

/** These V8 words themselves, and of what it cites only in quotation marks. */
const ownWords = new Set(["TypeError", "RangeError", "ReferenceError"]);
const mostFrames = 15;

/**
 * What is written down of a fault: its name, its code, and where in the code it happened, which names the line and so
 * whatever it says there. Its message may cite what was being read (`Unexpected token … in "…"`), so of messages only
 * V8's own words are kept.
 */
export function faultOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const { name, message, stack = "" } = error;
  const code: unknown = "code" in error ? error.code : undefined;
  const at = stack
    .replace(message, "")
    .split("\n")
    .filter((line) => /^ {4}at [^\n]*(:\d+:\d+\)?|<anonymous>\)?|\(native\))$/.test(line))
    .slice(0, mostFrames)
    .map((line) => line.trim().slice(0, 300));
  return {
    error: /^\w{1,60}$/.test(name) ? name : "Error",
    ...(typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? { code } : {}),
    ...(ownWords.has(name) ? { said: withoutQuotes(message).slice(0, 200) } : {}),
    ...(at.length === 0 ? {} : { at: at.join("\n") }),
  };
}

/** A text of somebody else's code for the log: without what it cites, addresses and paths. */
export function withoutQuotes(text: string): string {
  return text.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`|\S*[/?=@]\S*/g, "…");
}
