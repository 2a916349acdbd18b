import type { Facts } from "#lib/engine/facts.ts";
import type { Finding } from "#lib/model/finding.ts";
import type { Graph, GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import { type GraphPart, graphPart, membersByNamespace, type PartsBefore } from "./graph-part.ts";
import { internetNode } from "./internet-strands.ts";
import { noteNamespaces } from "./namespace-nodes.ts";
import { outsideOf } from "./outside.ts";
import { referredNodes } from "./referred-nodes.ts";
import { hasId, sortedById, withChanged } from "./shape.ts";
import { edgesFromStrands } from "./strand.ts";
import { tallyFindings } from "./tally-findings.ts";
import { podLayer } from "./workload-pods.ts";

/**
 * The whole cluster as nodes and edges: nothing folded, nothing placed. Both are sorted by id, so that the order of the
 * snapshot does not show; the pods behind workloads are a layer of their own. Every end of an edge is a node: what is
 * referred to without being there stands as a missing node, or an unknown one where its kind could not be read.
 */
export function buildGraph(facts: Facts, findings: readonly Finding[]): Graph {
  const steps = buildGraphInSteps(facts, findings);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** What a graph was put together from, for the one after it. */
interface Parts extends PartsBefore {
  readonly common: Common;
}

/** What belongs to no namespace, or takes all of them to tell. */
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
  const tally = tallyFindings(facts, findings);
  yield;
  const known = before === undefined ? undefined : partsOf.get(before);
  const members = yield* membersByNamespace(facts, known);
  yield;
  const byNamespace = new Map<string, GraphPart>();
  for (const namespace of [...members.keys()].sort()) {
    const own = members.get(namespace);
    if (own === undefined) continue;
    const part = graphPart(facts, tally, namespace, own, known?.byNamespace.get(namespace));
    byNamespace.set(namespace, part);
    yield;
  }
  const parts = [...byNamespace.values()];
  const outside = outsideOf(
    facts,
    parts.flatMap(({ pointing }) => pointing),
  );
  const outsideIds = new Set(outside.nodes.map(({ id }) => id));
  const hasNode = (id: NodeId) =>
    outsideIds.has(id) || hasId(byNamespace.get(id.split("/")[1] ?? "")?.nodes ?? [], id);
  const ends = parts.flatMap((part) => part.ends);
  const waysIn = parts.reduce((sum, part) => sum + part.waysIn, 0);
  const common: Common = {
    nodes: [
      ...(waysIn > 0 ? [internetNode(waysIn)] : []),
      ...outside.nodes,
      ...referredNodes(facts, ends, hasNode, tally),
    ],
    edges: edgesFromStrands(outside.strands),
  };
  yield;
  const own: Parts = { byNamespace, common, of: facts };
  const changed = known === undefined ? undefined : changedParts(known, own);
  const carried = <T extends { readonly id: string }>(
    of: (part: Common) => readonly T[],
    list: readonly T[] | undefined,
  ): readonly T[] | undefined =>
    list === undefined || changed === undefined
      ? undefined
      : withChanged(
          list,
          changed.map(([was, is]) => [of(was), of(is)]),
        );
  const all = [...parts, common];
  const nodes = carried((part) => part.nodes, before?.nodes) ?? sortedById(all.map((part) => part.nodes));
  yield;
  const edges = carried((part) => part.edges, before?.edges) ?? sortedById(all.map((part) => part.edges));
  yield;
  const graph: Graph = { nodes, edges, pods: podLayer(facts, tally) };
  partsOf.set(graph, own);
  noteNamespaces(graph, byNamespace, common.nodes);
  return graph;
}

const nothing: Common = { nodes: [], edges: [] };

/** What is another part now, as it was and as it is. */
function changedParts(was: Parts, is: Parts): readonly (readonly [Common, Common])[] {
  const changed: (readonly [Common, Common])[] = [[was.common, is.common]];
  for (const [namespace, part] of is.byNamespace) {
    const before = was.byNamespace.get(namespace) ?? nothing;
    if (before !== part) changed.push([before, part]);
  }
  for (const [namespace, part] of was.byNamespace)
    if (!is.byNamespace.has(namespace)) changed.push([part, nothing]);
  return changed;
}
