import { newline, nextLine } from "./bytes.ts";

const start = Buffer.from("==== START logs for container");
const end = Buffer.from("==== END logs for container");
const space = 32;

/**
 * `kubectl cluster-info dump` without an output directory writes container logs between its lists. They are blanked
 * out, line by line so that line numbers stay: a log line may well be JSON itself.
 */
export function withoutLogs(bytes: Buffer): Buffer {
  let from = bytes.indexOf(start);
  if (from === -1) return bytes;
  const copy = Buffer.from(bytes);
  while (from !== -1) {
    const last = bytes.indexOf(end, from);
    const to = last === -1 ? bytes.length : nextLine(bytes, last, bytes.length);
    for (let at = from; at < to; at++) if (copy[at] !== newline) copy[at] = space;
    from = bytes.indexOf(start, to);
  }
  return copy;
}
