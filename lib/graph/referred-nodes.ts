import type { Facts } from "#lib/engine/facts.ts";
import type { GraphNode, Lane, NodeId, NodeKind } from "#lib/model/graph.ts";
import { type ObjectRef, objectId, parseObjectId } from "#lib/model/ids.ts";
import { type Kind, kinds } from "#lib/model/kinds.ts";
import { isKnown } from "#lib/model/snapshot.ts";
import type { FindingTally } from "./tally-findings.ts";

/**
 * Nodes for what edges lead to although no such object was read: missing where its kind was read, else not known.
 * Every one of these ends that can be drawn has a node afterwards.
 */
export function referredNodes(
  facts: Facts,
  ends: Iterable<NodeId>,
  hasNode: (id: NodeId) => boolean,
  tally: FindingTally,
): readonly GraphNode[] {
  const referred = new Map<NodeId, GraphNode>();
  for (const id of ends) {
    if (hasNode(id) || referred.has(id)) continue;
    const found = placeOfId(id);
    if (found !== undefined) referred.set(id, referredNode(facts, found.ref, found.place, tally));
  }
  return [...referred.values()];
}

/** Whether an end has a node on the map, if need be as what is missing. */
export function canBeReferredTo(id: NodeId): boolean {
  return placeOfId(id) !== undefined;
}

function placeOfId(id: NodeId): { readonly ref: ObjectRef; readonly place: Place } | undefined {
  const ref = parseObjectId(id);
  const place = ref === undefined ? undefined : placeOf(ref.kind);
  return ref === undefined || place === undefined ? undefined : { ref, place };
}

interface Place {
  readonly kind: NodeKind;
  readonly lane: Lane;
}

/** ListenerSets that cannot be followed to their Gateway stand where a Gateway would. */
function placeOf(kind: Kind): Place | undefined {
  switch (kind) {
    case "service":
      return { kind, lane: "service" };
    case "gateway":
    case "listener-set":
      return { kind: "gateway", lane: "entry" };
    case "deployment":
    case "replica-set":
    case "stateful-set":
    case "daemon-set":
    case "job":
    case "cron-job":
    case "pod":
      return { kind, lane: "workload" };
    default:
      return undefined;
  }
}

function referredNode(facts: Facts, ref: ObjectRef, place: Place, tally: FindingTally): GraphNode {
  const id = objectId(ref.kind, ref.namespace, ref.name);
  const base = {
    ...place,
    id,
    namespace: ref.namespace,
    name: ref.name,
    object: id,
    isolated: [],
    findings: tally.of(id),
  };
  const { api, plural } = kinds[ref.kind];
  // A Gateway API kind that the server does not serve is known to have no objects.
  if (!isKnown(facts.snapshot, plural))
    return { ...base, line: `${api} could not be read`, health: "unknown" };
  return { ...base, line: `no such ${api}`, health: "broken", missing: true };
}
