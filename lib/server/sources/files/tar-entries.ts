import { type Extract, extract, type Header } from "tar-stream";
import type { Problem } from "#lib/model/snapshot.ts";
import { type Budget, OverLimit } from "./budget.ts";
import { type Entry, isArchiveName, isWanted, nestedArchive } from "./entry.ts";

/**
 * The files of a tar that may hold objects, each as it comes: nothing is written to disk, and of all other entries
 * the contents are walked past. Links and devices are never followed; a name that leads out of the archive is left
 * out and told.
 */
export async function* tarEntries(
  archive: string,
  bytes: AsyncIterable<Buffer>,
  budget: Budget,
): AsyncIterable<Entry> {
  const tar = extract();
  const fed = feed(bytes, tar, budget);
  let fault: unknown;
  try {
    for await (const entry of tar) {
      const over = budget.entry();
      if (over !== undefined) throw new OverLimit(over);
      const { header } = entry;
      const path = header.name.replace(/^(\.\/)+/, "");
      const skip = skipped(archive, header, path) ?? tooLarge(header, path, budget);
      if (skip !== undefined) {
        yield { kind: "problem", problem: skip };
      } else if (header.type === "file" && isArchiveName(path)) {
        yield nestedArchive(path);
      } else if (header.type === "file" && isWanted(path)) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
        yield { kind: "file", path, bytes: Buffer.concat(chunks), cut: false };
        continue;
      }
      entry.resume();
    }
  } catch (error) {
    fault = error;
  } finally {
    tar.destroy(null);
  }
  // Why the bytes stopped says more than that the archive ended early because of it.
  fault = (await fed) ?? fault;
  if (fault !== undefined) yield { kind: "problem", problem: faultOf(archive, fault) };
}

/** Gives what went wrong with the bytes; what came before is read to its end all the same. */
async function feed(bytes: AsyncIterable<Buffer>, tar: Extract, budget: Budget): Promise<unknown> {
  let fault: unknown;
  try {
    for await (const chunk of bytes) {
      const over = budget.unpacked(chunk.length);
      if (over !== undefined) throw new OverLimit(over);
      if (tar.destroyed) break;
      if (!tar.write(chunk)) await drained(tar);
    }
  } catch (error) {
    fault = error;
  }
  if (!tar.destroyed) tar.end(null);
  return fault;
}

function drained(tar: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      tar.off("drain", done);
      tar.off("close", done);
      resolve();
    };
    tar.on("drain", done);
    tar.on("close", done);
  });
}

function skipped(archive: string, header: Header, path: string): Problem | undefined {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  if (/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(path)) {
    return {
      kind: "skipped",
      where: archive,
      why: `An entry leads out of the archive and is left out: ${shown}`,
    };
  }
  // Bundles hold links among their logs; only one that stands for something readable is worth a word.
  if (header.type === "file" || header.type === "directory" || !isWanted(path)) return undefined;
  const what = header.type === "symlink" || header.type === "link" ? "a link" : "no plain file";
  return { kind: "skipped", where: `${archive}: ${shown}`, why: `It is ${what}, which is not followed.` };
}

function tooLarge(header: Header, path: string, budget: Budget): Problem | undefined {
  if (header.type !== "file" || !isWanted(path)) return undefined;
  const why = budget.file(header.size ?? 0);
  return why === undefined ? undefined : { kind: "limit", where: path, why };
}

/** What stopped the reading of an archive; what was read before stays. */
export function faultOf(archive: string, error: unknown): Problem {
  if (error instanceof OverLimit) return { kind: "limit", where: archive, why: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  const why = /unexpected end/i.test(reason)
    ? "It is cut short: its end is missing. What comes before is used."
    : `It is damaged (${reason}). What comes before is used.`;
  return { kind: "unreadable", where: archive, why };
}
