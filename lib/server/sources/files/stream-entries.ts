import { basename } from "node:path";
import { type Budget, OverLimit } from "./budget.ts";
import type { Entry } from "./entry.ts";
import { gunzipped } from "./gunzip.ts";
import { faultOf, tarEntries } from "./tar-entries.ts";

/** A tar's first header, whose magic is at byte 257. */
const headBytes = 512;

/**
 * What a single file holds, be it YAML or JSON, packed or not, or a tar of them. Which it is, is told from its first
 * bytes. Takes bytes as they come, so that an upload is read while it arrives.
 */
export async function* streamEntries(
  name: string,
  bytes: AsyncIterable<Buffer>,
  budget: Budget,
): AsyncIterable<Entry> {
  const { head, all } = await peek(bytes);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const inner = await peek(gunzipped(all, budget));
    yield* unpacked(name.replace(/\.gz$/i, "").replace(/\.tgz$/i, ".tar"), inner, budget);
    return;
  }
  const archive = foreignArchive(head);
  if (archive !== undefined) {
    yield {
      kind: "failure",
      where: name,
      failure: {
        code: "unsupported-archive",
        title: `${name} is ${archive}, which cannot be read here.`,
        detail:
          "Readable are YAML and JSON files, folders of them, and .tar, .tar.gz, .tgz and .gz archives.",
        remedy: "Unpack it and open the folder, or pack it again as .tar.gz.",
      },
    };
    return;
  }
  yield* unpacked(name, { head, all }, budget);
}

async function* unpacked(name: string, { head, all }: Peeked, budget: Budget): AsyncIterable<Entry> {
  if (head.toString("latin1", 257, 262) === "ustar" || /\.tar$/i.test(name)) {
    yield* tarEntries(name, all, budget);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  try {
    for await (const chunk of all) {
      size += chunk.length;
      const over = budget.file(size) ?? budget.unpacked(chunk.length);
      if (over !== undefined) throw new OverLimit(over);
      chunks.push(chunk);
    }
  } catch (error) {
    cut = true;
    yield { kind: "problem", problem: faultOf(name, error) };
    // A part of one large file is not worth having; a part of a file that is damaged may be.
    if (error instanceof OverLimit) return;
  }
  yield { kind: "file", path: basename(name), bytes: Buffer.concat(chunks), cut };
}

interface Peeked {
  readonly head: Buffer;
  readonly all: AsyncIterable<Buffer>;
}

/** The first bytes, and all bytes with them. A fault met on the way is thrown in its place. */
async function peek(bytes: AsyncIterable<Buffer>): Promise<Peeked> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  let ended: (() => void) | undefined;
  while (size < headBytes && ended === undefined) {
    try {
      const step = await iterator.next();
      if (step.done === true) ended = () => undefined;
      else {
        first.push(step.value);
        size += step.value.length;
      }
    } catch (error) {
      ended = () => {
        throw error;
      };
    }
  }
  async function* all(): AsyncIterable<Buffer> {
    yield* first;
    if (ended !== undefined) {
      ended();
      return;
    }
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: Buffer.concat(first).subarray(0, headBytes), all: all() };
}

/** Archives known by their first bytes that no dependency here reads. */
function foreignArchive(head: Buffer): string | undefined {
  const magics: readonly (readonly [string, string])[] = [
    ["504b0304", "a zip archive"],
    ["504b0506", "an empty zip archive"],
    ["425a68", "a bzip2 archive"],
    ["fd377a585a00", "an xz archive"],
    ["28b52ffd", "a zstd archive"],
    ["377abcaf271c", "a 7z archive"],
    ["52617221", "a rar archive"],
  ];
  const hex = head.toString("hex", 0, 8);
  return magics.find(([magic]) => hex.startsWith(magic))?.[1];
}
