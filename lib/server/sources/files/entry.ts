import type { Problem } from "#lib/model/snapshot.ts";
import type { SourceFailure } from "../source.ts";

/** One thing that a folder, an archive or an upload holds. */
export type Entry =
  | {
      readonly kind: "file";
      /** As people find it: below the folder or archive that was given. */
      readonly path: string;
      readonly bytes: Buffer;
      /** The bytes end before the file does. */
      readonly cut: boolean;
    }
  | { readonly kind: "problem"; readonly problem: Problem }
  /** Nothing can be had of what was given. */
  | { readonly kind: "failure"; readonly where: string; readonly failure: SourceFailure };

/** Whether a file may hold objects, by its name. Hidden ones hold none; macOS puts a `._pods.yaml` beside each file it packs. */
export function isWanted(path: string): boolean {
  return /(^|\/)[^./][^/]*\.(json|ya?ml)$/i.test(path);
}

/** Whether a file is an archive, by its name; archives within archives and folders are not opened. */
export function isArchiveName(path: string): boolean {
  return /\.(tar|tgz|zip)$|\.tar\.(gz|bz2|xz|zst)$/i.test(path);
}

export function nestedArchive(where: string): Entry {
  const why = "It is an archive inside what was given, and is left out. Open it by itself.";
  return { kind: "problem", problem: { kind: "skipped", where, why } };
}
