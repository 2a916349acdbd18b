/** Where objects stand in the files that were given, as the asker would open them from where the command runs. */
import { type Stats, statSync } from "node:fs";
import path from "node:path";
import type { Origin } from "#lib/model/objects.ts";

export interface Place {
  /** With `/` on every system; relative to the working directory where it lies below it. */
  readonly file: string;
  /** Counts from 1. */
  readonly line?: number | undefined;
  /** The file within `file`, which is an archive: the line is of that one. */
  readonly inside?: string | undefined;
}

export type PlaceOf = (origin: Origin | undefined) => Place | undefined;

/** `given` is the file, folder or archive that was read; undefined for a cluster, whose objects stand in no file. */
export function placesIn(given: string | undefined, workingDirectory: string): PlaceOf {
  if (given === undefined) return () => undefined;
  const absolute = path.resolve(workingDirectory, given);
  const below = (file: string) => fromHere(path.join(absolute, file), workingDirectory);
  const itself = fromHere(absolute, workingDirectory);
  const about = statOf(absolute);
  // Standard input, which calls itself so.
  if (about === undefined) return (origin) => origin && { file: origin.file, ...lineOf(origin) };
  if (about.isDirectory())
    return (origin) => (origin === undefined ? undefined : { file: below(origin.file), ...lineOf(origin) });
  return (origin) => {
    if (origin === undefined) return undefined;
    const inside = origin.file === path.basename(absolute) ? undefined : origin.file;
    return { file: itself, ...lineOf(origin), inside };
  };
}

/** "manifests/cart.yaml:12", "bundle.tgz: cluster-resources/pods/shop.json:7". */
export function placeInWords({ file, line, inside }: Place): string {
  const where = inside === undefined ? file : `${file}: ${inside}`;
  return line === undefined ? where : `${where}:${line}`;
}

function lineOf({ line }: Origin): Pick<Place, "line"> {
  return line === undefined ? {} : { line };
}

function fromHere(absolute: string, workingDirectory: string): string {
  const relative = path.relative(workingDirectory, absolute);
  const shown =
    relative === "" || relative.startsWith("..") || path.isAbsolute(relative) ? absolute : relative;
  return shown.split(path.sep).join("/");
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}
