import type { Graph, GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";

interface NamespaceCounts {
  readonly workloads: number;
  readonly pods: number;
  readonly services: number;
}

/** A graph made ready for questions of view. Lists are sorted by id, whatever order the graph came in. */
export interface GraphIndex {
  readonly byId: ReadonlyMap<NodeId, GraphNode>;
  /** All nodes but the pods behind workloads. */
  readonly nodes: readonly GraphNode[];
  /** All edges between those. */
  readonly edges: readonly GraphEdge[];
  readonly edgesOf: ReadonlyMap<NodeId, readonly GraphEdge[]>;
  readonly namespaces: ReadonlyMap<string, NamespaceCounts>;
  /** The pods behind workloads, all of them. */
  pods(): readonly GraphNode[];
  /** The edges from a workload to its pods. */
  podEdgesOf(workload: NodeId): readonly GraphEdge[];
  /** The workload whose pod this is. */
  workloadOf(pod: NodeId): NodeId | undefined;
}

const indexes = new WeakMap<Graph, GraphIndex>();

/** The index of a graph, made once for as long as the graph lives: many viewers look at one graph. */
export function indexGraph(graph: Graph): GraphIndex {
  const known = indexes.get(graph);
  if (known !== undefined) return known;
  const index = buildGraphIndex(graph);
  indexes.set(graph, index);
  return index;
}

function buildGraphIndex(graph: Graph): GraphIndex {
  const nodes = graph.nodes.filter((node) => node.lane !== "pod").sort(byId);
  const edges: GraphEdge[] = [];
  const podEdgesOf = new Map<NodeId, GraphEdge[]>();
  for (const edge of graph.edges) {
    if (edge.kind === "workload-runs-pod") push(podEdgesOf, edge.source, edge);
    else edges.push(edge);
  }
  edges.sort(byId);
  const edgesOf = new Map<NodeId, GraphEdge[]>();
  for (const edge of edges) {
    push(edgesOf, edge.source, edge);
    if (edge.target !== edge.source) push(edgesOf, edge.target, edge);
  }
  // There may be a hundred thousand pods, and most questions never ask for one.
  let pods: readonly GraphNode[] | undefined;
  let owners: ReadonlyMap<NodeId, NodeId> | undefined;
  return {
    byId: new Map(graph.nodes.map((node) => [node.id, node])),
    nodes,
    edges,
    edgesOf,
    namespaces: countNamespaces(nodes),
    pods() {
      pods ??= graph.nodes.filter((node) => node.lane === "pod").sort(byId);
      return pods;
    },
    podEdgesOf: (workload) => podEdgesOf.get(workload) ?? [],
    workloadOf(pod) {
      owners ??= new Map(
        [...podEdgesOf].flatMap(([workload, list]) => list.map((edge) => [edge.target, workload])),
      );
      return owners.get(pod);
    },
  };
}

function countNamespaces(nodes: readonly GraphNode[]): ReadonlyMap<string, NamespaceCounts> {
  const counts = new Map<string, { workloads: number; pods: number; services: number }>();
  for (const node of nodes) {
    if (node.namespace === undefined) continue;
    const count = counts.get(node.namespace) ?? { workloads: 0, pods: 0, services: 0 };
    counts.set(node.namespace, count);
    if (node.lane === "workload") {
      count.workloads += 1;
      count.pods += node.pods?.total ?? 0;
    }
    if (node.lane === "service" && node.missing !== true) count.services += 1;
  }
  return counts;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareText(a.id, b.id);
}
