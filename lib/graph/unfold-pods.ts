import type { GraphEdge, NodeId } from "#lib/model/graph.ts";
import type { FoldBudget } from "./choose-levels.ts";
import { compareText } from "./compare-text.ts";
import type { Filtered } from "./filter-graph.ts";
import { type FoldedNode, foldNode } from "./fold-node.ts";
import { laneFoldName } from "./fold-words.ts";
import type { GraphIndex } from "./graph-index.ts";
import { weightOf, worstHealth } from "./health.ts";
import { edgeId } from "./strand.ts";

interface UnfoldedPods {
  /** The workloads that they belong to. */
  readonly workloads: readonly NodeId[];
  readonly nodes: readonly FoldedNode[];
  readonly edges: readonly GraphEdge[];
  /** Pods of the unfolded workloads, drawn or counted. */
  readonly count: number;
  readonly folded: number;
}

/** Pods drawn for one workload, and for all unfolded workloads together. */
const mostPodsEach = 50;
const mostWorkloads = 25;

/**
 * The pods of workloads unfolded by hand. Of more than fit, those that are not ready come first and the rest is
 * counted in `folded/<workload>/pod`.
 */
export function unfoldPods(
  index: GraphIndex,
  { nodes }: Filtered,
  unfolded: ReadonlySet<string>,
  budget: FoldBudget,
): UnfoldedPods {
  // Asked for by kind, the pods are among the nodes already.
  if (nodes.some((node) => node.lane === "pod"))
    return { workloads: [], nodes: [], edges: [], count: 0, folded: 0 };
  const workloads = nodes
    .filter((node) => unfolded.has(node.id) && index.podsOf(node.id) !== undefined)
    .slice(0, mostWorkloads);
  // A node and an edge each; half of the cap stays for everything else.
  const room = Math.floor(budget.hard / 4 / Math.max(1, workloads.length)) - 1;
  const each = Math.max(0, Math.min(mostPodsEach, room));
  const parts = workloads.map((workload) => podsOfWorkload(index, workload.id, each));
  return {
    workloads: parts.flatMap((part) => part.workloads),
    nodes: parts.flatMap((part) => part.nodes),
    edges: parts.flatMap((part) => part.edges),
    count: parts.reduce((sum, part) => sum + part.count, 0),
    folded: parts.reduce((sum, part) => sum + part.folded, 0),
  };
}

function podsOfWorkload(index: GraphIndex, workload: NodeId, most: number): UnfoldedPods {
  const pods = index.podsOf(workload);
  const edges = pods?.edges() ?? [];
  const runs = (pods?.nodes() ?? []).flatMap((pod, at) => {
    const edge = edges[at];
    return edge === undefined ? [] : [{ pod, edge }];
  });
  runs.sort((a, b) => weightOf(a.pod.health) - weightOf(b.pod.health) || compareText(a.pod.id, b.pod.id));
  const drawn = runs.slice(0, most);
  const rest = runs.slice(most);
  const nodes: FoldedNode[] = drawn.map((run) => run.pod);
  const drawnEdges = drawn.map((run) => run.edge);
  const [first] = rest;
  if (first !== undefined) {
    const id = `folded/${workload}/pod`;
    const others = rest.map((run) => run.pod);
    nodes.push(
      foldNode(
        { id, lane: "pod", namespace: first.pod.namespace, name: laneFoldName("pod", others) },
        others,
      ),
    );
    drawnEdges.push({
      ...first.edge,
      id: edgeId(workload, id),
      kind: "folded",
      target: id,
      health: worstHealth(rest.map((run) => run.edge.health)),
      count: rest.length,
    });
  }
  return { workloads: [workload], nodes, edges: drawnEdges, count: runs.length, folded: rest.length };
}
