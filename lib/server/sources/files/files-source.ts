import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Source, SourceFailure, SourceResult } from "../source.ts";
import { budgetOf } from "./budget.ts";
import { folderEntries } from "./folder-entries.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { readEntries } from "./read-entries.ts";
import { streamEntries } from "./stream-entries.ts";

export interface FilesOptions {
  readonly id: string;
  readonly name: string;
  readonly limits?: Limits | undefined;
  /** The files hold all that their cluster has: a kind that does not occur in a dump does not exist. */
  readonly whole?: true | undefined;
}

/**
 * A folder of manifests or of a dump, a single file, or an archive (.tar, .tar.gz, .tgz, .gz). Reading again reads
 * again from disk, but for a single file that has not changed since: a dump of thousands of pods takes a second.
 */
export function filesSource(path: string, options: FilesOptions): Source {
  let last: { readonly about: Stats; readonly result: SourceResult } | undefined;
  return {
    id: options.id,
    name: options.name,
    kind: "files",
    changes: true,
    async read(onProgress, signal) {
      let about: Stats;
      try {
        about = await stat(path);
      } catch (error) {
        return { kind: "failed", failure: notReadable(path, error) };
      }
      // A file that did not change is not parsed again; of a folder only its files could tell.
      if (about.isFile() && last?.about.mtimeMs === about.mtimeMs && last.about.size === about.size)
        return last.result;
      const limits = options.limits ?? defaultLimits;
      const budget = budgetOf(limits);
      const entries = about.isDirectory()
        ? folderEntries(path, budget)
        : streamEntries(basename(path), createReadStream(path), budget);
      const { whole } = options;
      const result = await readEntries(entries, { name: basename(path), limits, whole, onProgress, signal });
      if (about.isFile() && !signal.aborted) last = { about, result };
      return result;
    },
  };
}

function notReadable(path: string, error: unknown): SourceFailure {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return {
      code: "not-found",
      title: `There is no file or folder ${path}.`,
      detail: "The path was looked up on the machine that runs Throughline.",
      remedy: "Check the path.",
    };
  }
  return {
    code: "not-readable",
    title: `${path} cannot be read.`,
    detail: error instanceof Error ? error.message : String(error),
    remedy: "Check that the user who runs Throughline may read it.",
  };
}
