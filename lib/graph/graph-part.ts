import type {
  Facts,
  GatewayFacts,
  IngressFacts,
  RouteFacts,
  ServiceFacts,
  WorkloadFacts,
} from "#lib/engine/facts.ts";
import type { GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { entryNodes } from "./entry-nodes.ts";
import { entryStrands, idleBackends } from "./entry-strands.ts";
import { internetId, internetStrands } from "./internet-strands.ts";
import { pointsOutside } from "./outside.ts";
import { canBeReferredTo } from "./referred-nodes.ts";
import { serviceNodes } from "./service-nodes.ts";
import { serviceStrands, slicesTell } from "./service-strands.ts";
import { edgesFromStrands } from "./strand.ts";
import type { FindingTally } from "./tally-findings.ts";
import { workloadNodes } from "./workload-nodes.ts";

/** The facts about one namespace's objects, each list in the order of the facts. */
export interface Members {
  readonly ingresses: IngressFacts[];
  readonly gateways: GatewayFacts[];
  readonly routes: RouteFacts[];
  readonly services: ServiceFacts[];
  readonly workloads: WorkloadFacts[];
}

/**
 * What one namespace's objects add to the graph: a node each, and all edges that begin with one of them or are told by
 * one (a route tells of the edge from its Gateway). No edge is told by two namespaces.
 */
export interface GraphPart {
  /** All that the rest follows from: it stands as long as these are the same things. */
  readonly given: readonly unknown[];
  /** Sorted by id. */
  readonly nodes: readonly GraphNode[];
  /** Sorted by id. */
  readonly edges: readonly GraphEdge[];
  readonly ids: ReadonlySet<NodeId>;
  /** Ends of its edges that are none of its nodes. */
  readonly ends: readonly NodeId[];
  /** How many of its objects can be reached from outside the cluster. */
  readonly waysIn: number;
  /** Services that point at something outside of it. */
  readonly pointing: readonly ServiceFacts[];
}

export function* membersByNamespace(facts: Facts): Generator<undefined, ReadonlyMap<string, Members>> {
  const found = new Map<string, Members>();
  // What is of one namespace mostly comes in a row.
  let last: { readonly namespace: string; readonly members: Members } | undefined;
  const of = (namespace: string): Members => {
    if (last?.namespace === namespace) return last.members;
    const members = found.get(namespace) ?? {
      ingresses: [],
      gateways: [],
      routes: [],
      services: [],
      workloads: [],
    };
    found.set(namespace, members);
    last = { namespace, members };
    return members;
  };
  for (const each of facts.ingresses.values()) of(each.ingress.namespace).ingresses.push(each);
  for (const each of facts.gateways.values()) of(each.gateway.namespace).gateways.push(each);
  for (const each of facts.routes.values()) of(each.route.namespace).routes.push(each);
  yield;
  for (const each of facts.services.values()) of(each.service.namespace).services.push(each);
  yield;
  for (const each of facts.workloads.values()) of(each.namespace).workloads.push(each);
  return found;
}

/** The same part where nothing that it follows from has changed. */
export function graphPart(
  facts: Facts,
  tally: FindingTally,
  namespace: string,
  members: Members,
  before: GraphPart | undefined,
): GraphPart {
  const given = givenTo(facts, tally, namespace, members);
  if (before !== undefined && sameItems(before.given, given)) return before;
  const exposed = internetStrands(members);
  const strands = [...exposed, ...entryStrands(facts, members), ...serviceStrands(facts, members)];
  const nodes = [
    ...entryNodes(facts, members, tally),
    ...serviceNodes(members.services, tally),
    ...workloadNodes(members, tally),
  ].sort((a, b) => compareText(a.id, b.id));
  const ids = new Set<NodeId>(nodes.map(({ id }) => id));
  const own = (end: NodeId) => end === internetId || ids.has(end);
  // An end of a kind that is never drawn leads nowhere on the map.
  const edges = edgesFromStrands(strands).filter(({ source, target }) =>
    [source, target].every((end) => own(end) || canBeReferredTo(end)),
  );
  const ends = new Set(edges.flatMap(({ source, target }) => [source, target]).filter((end) => !own(end)));
  return {
    given,
    nodes,
    edges,
    ids,
    ends: [...ends],
    waysIn: exposed.length,
    pointing: members.services.filter(pointsOutside),
  };
}

function givenTo(facts: Facts, tally: FindingTally, namespace: string, members: Members): readonly unknown[] {
  const { ingresses, gateways, routes, services, workloads } = members;
  const { objects } = facts.snapshot;
  const hasEntries = ingresses.length + gateways.length + routes.length > 0;
  return [
    tally.marksIn(namespace),
    // Who owns a pod follows from the pods and workloads of its namespace.
    facts.index.podsByNamespace.get(namespace),
    facts.index.workloadsByNamespace.get(namespace),
    services.some(slicesTell) ? objects.endpointSlices : undefined,
    // By these a route's parent is drawn as another Gateway.
    hasEntries ? objects.listenerSets : undefined,
    hasEntries ? idleBackends(facts, members).join(" ") : undefined,
    ...ingresses,
    ...gateways,
    ...routes,
    ...services,
    ...workloads,
  ];
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
