import type { Facts } from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { ListenerSet } from "#lib/model/objects.ts";

/**
 * The node that a route's parent is drawn as. A ListenerSet only lends listeners to a Gateway, so it is drawn as that
 * Gateway; one that was not read stands for itself.
 */
export function drawnParent(facts: Facts, parent: ObjectId): ObjectId {
  const object = facts.index.byId.get(parent);
  return object?.kind === "listener-set" ? gatewayOf(object) : parent;
}

function gatewayOf({ parent }: ListenerSet): ObjectId {
  return objectId("gateway", parent.namespace, parent.name);
}

/** How many listeners ListenerSets add to each Gateway. */
export function listenersFromSets({ snapshot }: Facts): ReadonlyMap<ObjectId, number> {
  return countsOf(snapshot.objects.listenerSets ?? none);
}

const none: readonly ListenerSet[] = [];

/** Asked for by every namespace that has a Gateway. */
const countsOf = keptFor((sets: readonly ListenerSet[]): ReadonlyMap<ObjectId, number> => {
  const counts = new Map<ObjectId, number>();
  for (const set of sets) {
    const gateway = gatewayOf(set);
    counts.set(gateway, (counts.get(gateway) ?? 0) + set.listeners.length);
  }
  return counts;
});
