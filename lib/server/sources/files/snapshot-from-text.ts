import { CORE_SCHEMA, loadAll, mergeTag } from "js-yaml";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Problem, Snapshot } from "#lib/model/snapshot.ts";
import { assembleSnapshot } from "../assemble-snapshot.ts";
import { readObject } from "../objects/read-object.ts";

export function snapshotFromText(
  text: string,
  file: string,
  as?: "cluster" | "manifests" | "dump",
): Snapshot {
  const objects: ClusterObject[] = [];
  const problems: Problem[] = [];
  const docs = loadAll(text, { schema: CORE_SCHEMA.withTags(mergeTag) }) as any[];
  const flat = docs.flatMap((d) =>
    d?.kind === "List" ? (d.items ?? []) : d === null || d === undefined ? [] : [d],
  );
  for (const doc of flat) {
    const outcome = readObject(doc, { file });
    if (outcome.kind === "object") objects.push(outcome.object);
    if (outcome.kind === "invalid")
      problems.push({
        kind: "invalid",
        where: file,
        why: `${outcome.path} ${outcome.why}`,
        subject: outcome.subject,
      });
  }
  const dump = flat.some((d) => d?.metadata?.uid);
  return assembleSnapshot({
    objects,
    problems,
    origin: as ?? (dump ? "dump" : "manifests"),
    takenAt: undefined,
    complete: as === "dump" || (as === undefined && dump) ? [] : true,
  });
}
