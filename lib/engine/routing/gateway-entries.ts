import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Gateway, Listener, ListenerSet, ParentRef } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { AttachmentFact, Facts, RouteFacts } from "../facts.ts";
import type { ListenerFault } from "./gateway-listeners.ts";
import { byAge } from "./http-age.ts";
import { type HostIndex, hostIndex } from "./http-host-index.ts";
import { permissionFault } from "./listener-permission.ts";

/** A Gateway with all that decides what it does with a request. */
export interface GatewayEntry {
  /** The parent that routes name where the Gateway is not there or not read. */
  readonly id: ObjectId;
  readonly gateway: Gateway | undefined;
  /** Its own, then those of its ListenerSets, the oldest set first (ListenerSet: "using the following precedence"). */
  readonly listeners: readonly EntryListener[];
  /** Routes that name it or one of its ListenerSets as a parent, attached or not; the oldest first. */
  readonly named: readonly EntryRoute[];
  /** The same by their hostnames. */
  readonly routes: HostIndex<EntryRoute>;
}

export interface EntryListener {
  readonly owner: Gateway | ListenerSet;
  readonly listener: Listener;
  /** What it lacks by its configuration alone. */
  readonly lacks?: ListenerFault | undefined;
}

/** A route by one of its parentRefs. */
export interface EntryRoute {
  readonly facts: RouteFacts;
  readonly attachment: AttachmentFact;
  /** The Gateway or ListenerSet that it names. */
  readonly parent: ObjectId;
  readonly ref: ParentRef;
}

/** Every Gateway, and every parent of a route that is not there, by id; independent of the order of objects. */
export function gatewayEntries(facts: Facts): readonly GatewayEntry[] {
  const sets = seen(facts.snapshot, "listenerSets").toSorted(byAge);
  const setsOf = grouped(sets, gatewayOf);
  const gatewayById = new Map(sets.map((set) => [set.id, gatewayOf(set)]));
  const routes = [...facts.routes.values()].toSorted((a, b) => byAge(a.route, b.route)).flatMap(entryRoutes);
  const routesOf = grouped(routes, ({ parent }) => gatewayById.get(parent) ?? parent);
  const ids = new Set([...facts.gateways.keys(), ...routesOf.keys()]);
  return [...ids].sort().map((id) => {
    const gateway = facts.gateways.get(id)?.gateway;
    const named = routesOf.get(id) ?? [];
    return {
      id,
      gateway,
      listeners:
        gateway === undefined
          ? []
          : [gateway, ...(setsOf.get(id) ?? [])].flatMap((owner) =>
              owner.listeners.map((listener) => ({
                owner,
                listener,
                lacks: permissionFault(facts, gateway, owner, listener),
              })),
            ),
      named,
      routes: hostIndex(named.flatMap(byHostname), "labels"),
    };
  });
}

function gatewayOf({ parent }: ListenerSet): ObjectId {
  return objectId("gateway", parent.namespace, parent.name);
}

/** Services as parents are a mesh's business, and parents of other kinds are not read. */
function entryRoutes(facts: RouteFacts): readonly EntryRoute[] {
  return facts.route.parentRefs.flatMap((ref, i) => {
    const attachment = facts.attachments[i];
    const isEntry = ref.kind === "Gateway" || ref.kind === "ListenerSet";
    return attachment?.parent === undefined || !isEntry
      ? []
      : [{ facts, attachment, parent: attachment.parent, ref }];
  });
}

function byHostname(entry: EntryRoute): readonly (readonly [string | undefined, EntryRoute])[] {
  const { hostnames } = entry.facts.route;
  return (hostnames.length === 0 ? [undefined] : hostnames).map((hostname) => [hostname, entry]);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => ObjectId): ReadonlyMap<ObjectId, readonly T[]> {
  const groups = new Map<ObjectId, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
