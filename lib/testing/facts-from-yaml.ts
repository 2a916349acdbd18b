/** For tests only: YAML that a user could apply, as a snapshot and as facts. */
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { snapshotFromText } from "#lib/server/sources/files/snapshot-from-text.ts";

/**
 * Reads YAML as the files source does. With `as: "cluster"` the YAML is taken as all there is: a kind that does not
 * occur is read and empty, and pods stand only where pods are given.
 */
export function snapshotFromYaml(yaml: string, as: "cluster" | "manifests" | "dump" = "cluster"): Snapshot {
  return snapshotFromText(yaml, "test.yaml", as);
}

export function factsFromYaml(yaml: string, as: "cluster" | "manifests" | "dump" = "cluster"): Facts {
  const snapshot = snapshotFromYaml(yaml, as);
  return compileFacts(snapshot, snapshot.takenAt ?? "2026-01-01T00:00:00Z");
}
