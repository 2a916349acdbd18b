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
  /** The first limit that was passed; `file`: only single files were, and the rest is whole. */
  passed(): { readonly by: "whole" | "file"; readonly why: string } | undefined;
}

export function budgetOf(limits: Limits): Budget {
  let entries = 0;
  let total = 0;
  let whole: string | undefined;
  let file: string | undefined;
  const cut = (isOver: boolean, why: string) => {
    if (!isOver) return undefined;
    whole ??= why;
    return `${why} What comes after is left out.`;
  };
  return {
    limits,
    entry() {
      entries++;
      return cut(
        entries > limits.entries,
        `There are more than ${limits.entries.toLocaleString("en")} files.`,
      );
    },
    unpacked(bytes) {
      total += bytes;
      return cut(total > limits.totalBytes, `It holds more than ${bytesInWords(limits.totalBytes)}.`);
    },
    ratio(packed, unpacked) {
      return cut(
        unpacked > limits.compressionRatioFromBytes && unpacked > packed * limits.compressionRatio,
        `It unpacks to more than ${limits.compressionRatio} times its size, which no dump does.`,
      );
    },
    file(bytes) {
      if (bytes <= limits.entryBytes) return undefined;
      const why = `The file is larger than ${bytesInWords(limits.entryBytes)}`;
      file ??= `${why}.`;
      return `${why} and is left out. Split it, for example by namespace.`;
    },
    passed() {
      if (whole !== undefined) return { by: "whole", why: whole };
      return file === undefined ? undefined : { by: "file", why: file };
    },
  };
}

/** Thrown through a stream to stop it; caught where the stream is read, and told as a `limit` problem. */
export class OverLimit extends Error {}
