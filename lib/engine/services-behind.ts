import type { ObjectId } from "#lib/model/ids.ts";
import type { Facts } from "./facts.ts";

/**
 * The Services of which each of these pods is an endpoint, sorted; pods that are none are left out. One walk over all
 * endpoints, so ask once for many pods.
 */
export function servicesBehind(
  { services }: Facts,
  pods: ReadonlySet<ObjectId>,
): ReadonlyMap<ObjectId, readonly ObjectId[]> {
  const byPod = new Map<ObjectId, ObjectId[]>();
  if (pods.size === 0) return byPod;
  for (const [id, { endpoints }] of services) {
    for (const { pod } of endpoints) {
      if (pod === undefined || !pods.has(pod)) continue;
      const found = byPod.get(pod);
      if (found === undefined) byPod.set(pod, [id]);
      else if (found.at(-1) !== id) found.push(id);
    }
  }
  for (const found of byPod.values()) found.sort();
  return byPod;
}
