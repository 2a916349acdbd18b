import { setImmediate } from "node:timers/promises";
import { assembleSnapshot } from "../assemble-snapshot.ts";
import type { ReadProgress, SourceFailure, SourceResult } from "../source.ts";
import { asText } from "./as-text.ts";
import { type FileRole, roleOf } from "./bundle-path.ts";
import { type Collector, collector, type GivenAs } from "./collector.ts";
import type { Entry } from "./entry.ts";
import type { Limits } from "./limits.ts";
import { readText } from "./read-text.ts";

/** How long parsing may keep the server from answering anyone else. */
const sliceMs = 12;

export interface EntriesReading extends GivenAs {
  /** What was given, for messages. */
  readonly name: string;
  readonly limits: Limits;
  readonly onProgress: (progress: ReadProgress) => void;
  readonly signal: AbortSignal;
}

/** Reads what a folder, an archive or an upload holds into a snapshot. */
export async function readEntries(
  entries: AsyncIterable<Entry>,
  reading: EntriesReading,
): Promise<SourceResult> {
  const { name, limits, onProgress, signal } = reading;
  const collected = collector(limits);
  const pause = pauses();
  let files = 0;
  let failure: SourceFailure | undefined;
  for await (const entry of entries) {
    if (signal.aborted) return { kind: "failed", failure: givenUp(name) };
    switch (entry.kind) {
      case "problem":
        if (entry.problem.kind === "skipped") collected.problem(entry.problem);
        else collected.missing(entry.problem);
        break;
      case "failure":
        failure ??= entry.failure;
        collected.missing({
          kind: "unreadable",
          where: entry.where,
          why: `${entry.failure.title} ${entry.failure.remedy}`,
        });
        break;
      case "file":
        files++;
        if (!(await readFile(entry, collected, limits, pause, signal))) {
          return { kind: "failed", failure: givenUp(name) };
        }
        onProgress({ done: files, of: files, objects: collected.objects });
        break;
    }
  }
  if (!collected.foundAnything)
    return { kind: "failed", failure: failure ?? nothingFound(name, files, collected) };
  await pause();
  return { kind: "snapshot", snapshot: assembleSnapshot(collected.finish(reading)) };
}

/** False when it was given up. */
async function readFile(
  { path, bytes, cut }: Extract<Entry, { kind: "file" }>,
  collected: Collector,
  limits: Limits,
  pause: () => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const role = roleOf(path);
  collected.note(role, isAboutBundle(role) ? jsonOf(bytes) : undefined);
  if (isAboutBundle(role)) return true;
  const assume = role.kind === "resources" ? role.assume : undefined;
  const reading = readText(bytes, { assume, cut, maxDocumentBytes: limits.documentBytes });
  switch (reading.kind) {
    case "empty":
      collected.problem({ kind: "skipped", where: path, why: "The file is empty." });
      break;
    case "not-text":
      collected.problem({ kind: "unreadable", where: path, why: reading.why });
      break;
    case "found":
      for (const found of reading.found) {
        collected.take(found, path);
        await pause();
        if (signal.aborted) return false;
      }
      break;
  }
  return true;
}

/** Files that say something about the bundle and hold no objects. */
function isAboutBundle(role: FileRole): boolean {
  return role.kind === "errors" || role.kind === "served-kinds" || role.kind === "version";
}

function jsonOf(bytes: Buffer): unknown {
  const text = asText(bytes);
  if (text.kind !== "text") return undefined;
  try {
    return JSON.parse(text.bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Lets others have their turn once in a while. */
function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < sliceMs) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}

function nothingFound(name: string, files: number, collected: Collector): SourceFailure {
  const [first, ...more] = collected.finish({}).problems ?? [];
  const told =
    first === undefined
      ? ""
      : ` ${first.where}: ${first.why}${more.length > 0 ? ` (and ${more.length} more)` : ""}`;
  const looked =
    files === 0
      ? "It holds no .yaml, .yml or .json file that could be read."
      : `Files read: ${files}. Documents in them that are no object of a kind shown here: ${collected.others}.`;
  return {
    code: "nothing-found",
    title: `There are no Kubernetes objects to show in ${name}.`,
    detail: `${looked}${told}`,
    remedy: "Give manifests, the output of kubectl get -o yaml, or a support bundle.",
  };
}

function givenUp(name: string): SourceFailure {
  return {
    code: "cancelled",
    title: `Reading ${name} was given up.`,
    detail: "It was stopped before the end.",
    remedy: "Open it again.",
  };
}
