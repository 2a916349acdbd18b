export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Names, counts and durations; never an object's content, never a credential. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (level: LogLevel, msg: string, fields?: LogFields) => void;

/** One line of JSON an entry, to stderr: stdout belongs to the command line's answers. */
export function createLog(
  lowest: LogLevel = "info",
  write: (line: string) => void = (line) => process.stderr.write(line),
  now: () => string = () => new Date().toISOString(),
): Log {
  return (level, msg, fields = {}) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(lowest)) return;
    write(`${JSON.stringify({ time: now(), level, msg, ...fields })}\n`);
  };
}

export const silentLog: Log = () => {};
