import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Budget } from "./budget.ts";
import { type Entry, isArchiveName, isWanted, nestedArchive } from "./entry.ts";

/** Never manifests, often huge. */
const leftAlone = new Set(["node_modules"]);

/**
 * The files below a folder that may hold objects, in the order of their names. Hidden files and folders are left
 * alone. A link is followed to a file inside the folder (a mounted ConfigMap is made of such links), never out of it.
 */
export async function* folderEntries(root: string, budget: Budget): AsyncIterable<Entry> {
  const inside = await realpath(root);
  try {
    yield* walk(inside, inside, budget);
  } catch (error) {
    if (!(error instanceof FolderOverLimit)) throw error;
    yield { kind: "problem", problem: { kind: "limit", where: error.where, why: error.message } };
  }
}

/** Ends the walk from however deep it is. */
class FolderOverLimit extends Error {
  readonly where: string;

  constructor(where: string, why: string) {
    super(why);
    this.where = where;
  }
}

async function* walk(root: string, folder: string, budget: Budget): AsyncIterable<Entry> {
  let children: Dirent[];
  try {
    children = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield unreadable(relative(root, folder) || ".", error);
    return;
  }
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (child.name.startsWith(".") || leftAlone.has(child.name)) continue;
    const path = join(folder, child.name);
    const shown = relative(root, path).split(sep).join("/");
    if (child.isDirectory()) {
      yield* walk(root, path, budget);
    } else if (isArchiveName(child.name)) {
      yield nestedArchive(shown);
    } else if (isWanted(child.name)) {
      const over = budget.entry();
      if (over !== undefined) throw new FolderOverLimit(shown, over);
      yield await fileEntry(root, path, shown, budget);
    }
  }
}

async function fileEntry(root: string, path: string, shown: string, budget: Budget): Promise<Entry> {
  try {
    const real = await realpath(path);
    if (real !== root && !real.startsWith(root + sep)) {
      const why = "It is a link out of the folder, which is not followed.";
      return { kind: "problem", problem: { kind: "skipped", where: shown, why } };
    }
    const about = await stat(real);
    if (!about.isFile()) {
      return { kind: "problem", problem: { kind: "skipped", where: shown, why: "It is no plain file." } };
    }
    const tooLarge = budget.file(about.size);
    if (tooLarge !== undefined)
      return { kind: "problem", problem: { kind: "limit", where: shown, why: tooLarge } };
    const over = budget.unpacked(about.size);
    if (over !== undefined) throw new FolderOverLimit(shown, over);
    return { kind: "file", path: shown, bytes: await readFile(real), cut: false };
  } catch (error) {
    if (error instanceof FolderOverLimit) throw error;
    return unreadable(shown, error);
  }
}

function unreadable(where: string, error: unknown): Entry {
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "problem", problem: { kind: "unreadable", where, why: `It could not be read: ${reason}.` } };
}
