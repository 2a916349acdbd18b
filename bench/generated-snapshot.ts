import type { ClusterObject } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { assembleSnapshot } from "#lib/server/sources/assemble-snapshot.ts";
import { readObject } from "#lib/server/sources/objects/read-object.ts";
import type { ApiObject } from "./cluster/api-object.ts";
import { type ClusterOptions, generateCluster } from "./generate-cluster.ts";

/** A generated cluster as it is once it was read, one object after the other; `more` may add to it what it needs. */
export function generatedSnapshot(
  options: ClusterOptions,
  more: (objects: readonly ClusterObject[]) => Iterable<ApiObject> = () => [],
): Snapshot {
  const objects: ClusterObject[] = [];
  const read = (object: ApiObject) => {
    const outcome = readObject(object);
    if (outcome.kind !== "object")
      throw new Error(`the generator made what is not read: ${JSON.stringify(outcome)}`);
    objects.push(outcome.object);
  };
  for (const object of generateCluster(options)) read(object);
  for (const object of more([...objects])) read(object);
  return assembleSnapshot({ objects, origin: "dump", takenAt: "2026-11-21T08:00:00Z", complete: true });
}
