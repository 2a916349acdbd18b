import type { Facts } from "#lib/engine/facts.ts";
import { inOneGo } from "#lib/engine/in-one-go.ts";
import { byParts } from "#lib/engine/live/by-parts.ts";
import { PlacedMap } from "#lib/engine/live/placed-map.ts";
import { hasId } from "#lib/engine/live/sorted-list.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { Graph, GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import {
  type GraphPart,
  graphPart,
  membersByNamespace,
  type PartsBefore,
  touchedNamespaces,
} from "./graph-part.ts";
import { internetNode } from "./internet-strands.ts";
import { graphOf } from "./listed-graph.ts";
import { noteNamespaces } from "./namespace-nodes.ts";
import { outsideOf } from "./outside.ts";
import { referredNodes } from "./referred-nodes.ts";
import { ShapedList } from "./shape.ts";
import { edgesFromStrands } from "./strand.ts";
import { tallyFindings } from "./tally-findings.ts";
import { podLayer } from "./workload-pods.ts";

/**
 * The whole cluster as nodes and edges: nothing folded, nothing placed. Both are sorted by id, so that the order of the
 * snapshot does not show; the pods behind workloads are a layer of their own. Every end of an edge is a node: what is
 * referred to without being there stands as a missing node, or an unknown one where its kind could not be read.
 */
export function buildGraph(facts: Facts, findings: readonly Finding[]): Graph {
  return inOneGo(buildGraphInSteps(facts, findings));
}

/** What a graph was put together from, for the one after it. */
interface Parts extends PartsBefore {
  /** The parts' own, by namespace. */
  readonly nodesOf: PlacedMap<string, readonly GraphNode[]>;
  readonly common: Common;
  readonly nodes: ShapedList<GraphNode>;
  readonly edges: ShapedList<GraphEdge>;
}

/** What belongs to no namespace, or takes all of them to tell. Both sorted by id. */
interface Common {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const partsOf = new WeakMap<Graph, Parts>();

/**
 * The same, with pauses in which others may run. `before`: the graph of an earlier state, from which what has not
 * changed is taken over; of states between which other kinds could be read, it must not be given.
 */
export function* buildGraphInSteps(
  facts: Facts,
  findings: readonly Finding[],
  before?: Graph,
): Generator<undefined, Graph> {
  const tally = yield* tallyFindings(facts, findings);
  yield;
  const known = before === undefined ? undefined : partsOf.get(before);
  const members = yield* membersByNamespace(facts, known);
  yield;
  const touched = known === undefined ? undefined : touchedNamespaces(facts, tally, members, known);
  const made = new Map<string, GraphPart | undefined>();
  const changed: (readonly [Common, Common])[] = [];
  for (const namespace of touched ?? new Set([...(known?.members.keys() ?? []), ...members.keys()])) {
    const own = members.get(namespace);
    const was = known?.byNamespace.get(namespace);
    const part = own === undefined ? undefined : graphPart(facts, tally, namespace, own, was);
    yield;
    if (was === part) continue;
    made.set(namespace, part);
    changed.push([was ?? nothing, part ?? nothing]);
  }
  const byNamespace = (known?.byNamespace ?? noParts()).with(made);
  const nodesOf = (known?.nodesOf ?? noNodes()).with(
    new Map([...made].map(([namespace, part]) => [namespace, part?.nodes])),
  );
  const wider = widerOf(byNamespace);
  const waysIn = wider.reduce((sum, each) => sum + each.waysIn, 0);
  const pointing = wider
    .flatMap((each) => each.pointing)
    .sort((a, b) => compareText(a.namespace, b.namespace));
  yield;
  const outside = outsideOf(
    facts,
    pointing.flatMap((part) => part.pointing),
  );
  const outsideIds = new Set(outside.nodes.map(({ id }) => id));
  const hasNode = (id: NodeId) => outsideIds.has(id) || hasId(nodesOf.get(id.split("/")[1] ?? "") ?? [], id);
  const common: Common = {
    nodes: [
      ...(waysIn > 0 ? [internetNode(waysIn)] : []),
      ...outside.nodes,
      ...referredNodes(
        facts,
        wider.flatMap(({ ends }) => ends),
        hasNode,
        tally,
      ),
    ].sort((a, b) => compareText(a.id, b.id)),
    edges: edgesFromStrands(outside.strands),
  };
  yield;
  if (known !== undefined) changed.push([known.common, common]);
  const listed = <T extends { readonly id: string }>(
    of: (part: Common) => readonly T[],
    list: ShapedList<T> | undefined,
  ): ShapedList<T> =>
    list === undefined
      ? ShapedList.of([...byNamespace.values(), common].map(of))
      : list.with(changed.map(([was, is]) => [of(was), of(is)]));
  const nodes = listed((part) => part.nodes, known?.nodes);
  yield;
  const edges = listed((part) => part.edges, known?.edges);
  yield;
  const graph = graphOf(nodes, edges, podLayer(facts, tally));
  partsOf.set(graph, { members, byNamespace, nodesOf, common, of: facts, tally, nodes, edges });
  noteNamespaces(graph, nodesOf, common.nodes);
  return graph;
}

/** What some namespaces' parts have to do with what belongs to none. */
const widerOf = byParts((parts: readonly GraphPart[]) => ({
  waysIn: parts.reduce((sum, part) => sum + part.waysIn, 0),
  ends: parts.flatMap(({ ends }) => ends),
  pointing: parts.filter((part) => part.pointing.length > 0),
}));

const nothing: Common = { nodes: [], edges: [] };
const noParts = () => PlacedMap.of(new Map<string, GraphPart>(), compareText);
const noNodes = () => PlacedMap.of(new Map<string, readonly GraphNode[]>(), compareText);
