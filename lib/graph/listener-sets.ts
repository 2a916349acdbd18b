import type { Facts } from "#lib/engine/facts.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";

/**
 * The node that a route's parent is drawn as. A ListenerSet only lends listeners to a Gateway, so it is drawn as that
 * Gateway; one that was not read stands for itself.
 */
export function drawnParent(facts: Facts, parent: ObjectId): ObjectId {
  const object = facts.index.byId.get(parent);
  return object?.kind === "listener-set"
    ? objectId("gateway", object.parent.namespace, object.parent.name)
    : parent;
}

/** How many listeners ListenerSets add to each Gateway. */
export function listenersFromSets(facts: Facts): ReadonlyMap<ObjectId, number> {
  const counts = new Map<ObjectId, number>();
  for (const set of facts.snapshot.objects.listenerSets ?? []) {
    const gateway = drawnParent(facts, set.id);
    counts.set(gateway, (counts.get(gateway) ?? 0) + set.listeners.length);
  }
  return counts;
}
