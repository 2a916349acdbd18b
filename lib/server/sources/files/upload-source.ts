import { basename } from "node:path";
import type { Source, SourceResult } from "../source.ts";
import { type Budget, budgetOf } from "./budget.ts";
import type { Entry } from "./entry.ts";
import type { FilesOptions } from "./files-source.ts";
import { defaultLimits } from "./limits.ts";
import { readEntries } from "./read-entries.ts";
import { streamEntries } from "./stream-entries.ts";

export interface UploadedFile {
  /** As the browser gives it, with its folders where a folder was dropped: `shop/web.yaml`. */
  readonly name: string;
  readonly stream: ReadableStream<Uint8Array>;
}

/**
 * Files dropped on the page. They are read as they arrive and nothing is written to disk: a dump may hold what its
 * owner would not want to find in a temporary folder later.
 *
 * The streams can be taken once, so the first `read` has to begin while the request lasts; every later one gives the
 * same result. A name is only ever shown, never opened. What is over a limit as a whole is not taken at all: whoever sends
 * a file can send a smaller one, and would take a part of a cluster for all of it.
 */
export function uploadSource(
  files: AsyncIterable<UploadedFile> | Iterable<UploadedFile>,
  options: FilesOptions,
): Source {
  const limits = options.limits ?? defaultLimits;
  let result: Promise<SourceResult> | undefined;
  return {
    id: options.id,
    name: options.name,
    kind: "files",
    changes: false,
    read(onProgress, signal) {
      const { name, whole } = options;
      const budget = budgetOf(limits);
      let isGone = false;
      const entries = entriesOf(files, budget, () => {
        isGone = true;
      });
      result ??= readEntries(entries, { name, limits, whole, onProgress, signal }).then((read) =>
        isGone ? senderGone(name) : withinLimits(name, read, budget),
      );
      return result;
    },
  };
}

/** Nobody is left to look at what arrived, and it is not known how much of a cluster that was. */
function senderGone(name: string): SourceResult {
  return {
    kind: "failed",
    failure: {
      code: "cancelled",
      title: `${name} did not arrive whole.`,
      detail: "Its sender went away.",
      remedy: "Send it again.",
    },
  };
}

function withinLimits(name: string, read: SourceResult, budget: Budget): SourceResult {
  const passed = budget.passed();
  if (passed === undefined || (passed.by === "file" && read.kind === "snapshot")) return read;
  return {
    kind: "failed",
    failure: {
      code: "too-large",
      title: `${name} is too large to be taken.`,
      detail: passed.why,
      remedy:
        "Send less of it, for example one namespace at a time, or open it from disk: throughline start --files PATH.",
    },
  };
}

async function* entriesOf(
  files: AsyncIterable<UploadedFile> | Iterable<UploadedFile>,
  budget: Budget,
  gone: () => void,
): AsyncIterable<Entry> {
  for await (const file of files) {
    const over = budget.entry();
    if (over !== undefined) {
      yield { kind: "problem", problem: { kind: "limit", where: file.name, why: over } };
      return;
    }
    for await (const entry of streamEntries(file.name, buffersOf(file.stream, gone), budget)) {
      // A file that is no archive keeps its folders, which is how a dropped support bundle is known.
      yield entry.kind === "file" && entry.path === basename(file.name)
        ? { ...entry, path: file.name }
        : entry;
    }
  }
}

async function* buffersOf(stream: ReadableStream<Uint8Array>, gone: () => void): AsyncIterable<Buffer> {
  const reader = stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      yield Buffer.from(step.value.buffer, step.value.byteOffset, step.value.byteLength);
    }
  } catch (error) {
    gone();
    throw error;
  } finally {
    // The sender goes on for nothing otherwise; a stream that has ended or failed takes this quietly.
    await reader.cancel().catch(() => undefined);
  }
}
