import { bytesInWords, type Limits } from "./limits.ts";

/** Counts what is taken, over all files of one reading. Each answer is a sentence once a limit is passed. */
export interface Budget {
  readonly limits: Limits;
  entry(): string | undefined;
  /** `bytes` more, packed and unpacked alike. */
  unpacked(bytes: number): string | undefined;
  /** Bytes of one archive so far. */
  ratio(packed: number, unpacked: number): string | undefined;
  /** Whether one file may be this large. */
  file(bytes: number): string | undefined;
}

export function budgetOf(limits: Limits): Budget {
  let entries = 0;
  let total = 0;
  return {
    limits,
    entry() {
      entries++;
      return entries > limits.entries
        ? `There are more than ${limits.entries.toLocaleString("en")} files. What comes after is left out.`
        : undefined;
    },
    unpacked(bytes) {
      total += bytes;
      return total > limits.totalBytes
        ? `It holds more than ${bytesInWords(limits.totalBytes)}. What comes after is left out.`
        : undefined;
    },
    ratio(packed, unpacked) {
      return unpacked > limits.compressionRatioFromBytes && unpacked > packed * limits.compressionRatio
        ? `It unpacks to more than ${limits.compressionRatio} times its size, which no dump does. What comes after is left out.`
        : undefined;
    },
    file(bytes) {
      return bytes > limits.entryBytes
        ? `The file is larger than ${bytesInWords(limits.entryBytes)} and is left out. Split it, for example by namespace.`
        : undefined;
    },
  };
}

/** Thrown through a stream to stop it; caught where the stream is read, and told as a `limit` problem. */
export class OverLimit extends Error {}
