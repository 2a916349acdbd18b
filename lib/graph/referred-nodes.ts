import type { Facts } from "#lib/engine/facts.ts";
import type { GraphNode, Lane, NodeId, NodeKind } from "#lib/model/graph.ts";
import { type ObjectRef, objectId, parseObjectId } from "#lib/model/ids.ts";
import { type Kind, kinds } from "#lib/model/kinds.ts";
import { known } from "#lib/model/snapshot.ts";
import type { Strand } from "./strand.ts";
import type { FindingTally } from "./tally-findings.ts";

/**
 * Nodes for what edges lead to although no such object was read: missing where its kind was read, else not known.
 * Every end of every strand has a node afterwards.
 */
export function referredNodes(
  facts: Facts,
  strands: readonly Strand[],
  nodes: ReadonlyMap<NodeId, GraphNode>,
  tally: FindingTally,
): readonly GraphNode[] {
  const referred = new Map<NodeId, GraphNode>();
  for (const strand of strands) {
    for (const id of [strand.source, strand.target]) {
      if (nodes.has(id) || referred.has(id)) continue;
      const ref = parseObjectId(id);
      const place = ref === undefined ? undefined : placeOf(ref.kind);
      if (ref === undefined || place === undefined) continue;
      referred.set(id, referredNode(facts, ref, place, tally));
    }
  }
  return [...referred.values()];
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
  if (known(facts.snapshot, plural) === undefined)
    return { ...base, line: `${api} could not be read`, health: "unknown" };
  return { ...base, line: `no such ${api}`, health: "broken", missing: true };
}
