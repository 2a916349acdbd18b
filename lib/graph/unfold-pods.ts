import type { GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import type { FoldBudget } from "./choose-levels.ts";
import { compareText } from "./compare-text.ts";
import type { Filtered } from "./filter-graph.ts";
import { type FoldedNode, foldNode } from "./fold-node.ts";
import { laneFoldName } from "./fold-words.ts";
import type { GraphIndex } from "./graph-index.ts";
import { weightOf, worstHealth } from "./health.ts";
import { edgeId } from "./strand.ts";

export interface UnfoldedPods {
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
  if (nodes.some((node) => node.lane === "pod")) return { nodes: [], edges: [], count: 0, folded: 0 };
  const workloads = nodes
    .filter((node) => unfolded.has(node.id) && index.podsOf.has(node.id))
    .slice(0, mostWorkloads);
  // A node and an edge each; half of the cap stays for everything else.
  const room = Math.floor(budget.hard / 4 / Math.max(1, workloads.length)) - 1;
  const each = Math.max(0, Math.min(mostPodsEach, room));
  const parts = workloads.map((workload) =>
    podsOfWorkload(index, workload.id, index.podsOf.get(workload.id) ?? [], each),
  );
  return {
    nodes: parts.flatMap((part) => part.nodes),
    edges: parts.flatMap((part) => part.edges),
    count: parts.reduce((sum, part) => sum + part.count, 0),
    folded: parts.reduce((sum, part) => sum + part.folded, 0),
  };
}

function podsOfWorkload(
  index: GraphIndex,
  workload: NodeId,
  pods: readonly GraphNode[],
  most: number,
): UnfoldedPods {
  const ranked = [...pods].sort((a, b) => weightOf(a.health) - weightOf(b.health) || compareText(a.id, b.id));
  const drawn = pods.length <= most ? ranked : ranked.slice(0, most);
  const rest = ranked.slice(drawn.length);
  const edges = drawn.flatMap((pod) => index.podEdges.get(pod.id) ?? []);
  if (rest.length === 0) return { nodes: drawn, edges, count: pods.length, folded: 0 };

  const id = `folded/${workload}/pod`;
  const name = laneFoldName("pod", rest);
  const fold = foldNode({ id, lane: "pod", namespace: rest[0]?.namespace, name }, rest);
  const restEdges = rest.flatMap((pod) => index.podEdges.get(pod.id) ?? []);
  const [first] = restEdges;
  const merged: readonly GraphEdge[] =
    first === undefined
      ? []
      : [
          {
            ...first,
            id: edgeId(workload, id),
            kind: "folded",
            target: id,
            health: worstHealth(restEdges.map((edge) => edge.health)),
            count: restEdges.length,
          },
        ];
  return { nodes: [...drawn, fold], edges: [...edges, ...merged], count: pods.length, folded: rest.length };
}
