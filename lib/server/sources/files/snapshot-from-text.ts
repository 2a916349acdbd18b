import type { Snapshot } from "#lib/model/snapshot.ts";
import { assembleSnapshot } from "../assemble-snapshot.ts";
import { collector } from "./collector.ts";
import { defaultLimits } from "./limits.ts";
import { readText } from "./read-text.ts";

/**
 * Reads YAML or JSON as one file, all at once. Without `as`, whether it is a dump or plain manifests is told from its
 * contents; `cluster` takes it as all that a cluster holds, so that a kind that does not occur is read and empty.
 */
export function snapshotFromText(
  text: string,
  file: string,
  as?: "cluster" | "manifests" | "dump",
): Snapshot {
  const collected = collector(defaultLimits);
  const reading = readText(Buffer.from(text), {
    cut: false,
    maxDocumentBytes: defaultLimits.documentBytes,
  });
  if (reading.kind === "found") for (const found of reading.found) collected.take(found, file);
  else if (reading.kind === "not-text")
    collected.problem({ kind: "unreadable", where: file, why: reading.why });
  return assembleSnapshot(collected.finish({ origin: as }));
}
