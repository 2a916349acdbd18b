import type { Graph, GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";

export interface NamespaceCounts {
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
  /** Pods behind workloads, all of them. */
  readonly pods: readonly GraphNode[];
  readonly podsOf: ReadonlyMap<NodeId, readonly GraphNode[]>;
  readonly podEdges: ReadonlyMap<NodeId, GraphEdge>;
  readonly workloadOf: ReadonlyMap<NodeId, NodeId>;
  readonly namespaces: ReadonlyMap<string, NamespaceCounts>;
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
  const nodes: GraphNode[] = [];
  const pods: GraphNode[] = [];
  for (const node of graph.nodes) (node.lane === "pod" ? pods : nodes).push(node);
  nodes.sort(byId);
  pods.sort(byId);
  const byNodeId = new Map(graph.nodes.map((node) => [node.id, node]));

  const edges: GraphEdge[] = [];
  const podEdges = new Map<NodeId, GraphEdge>();
  const workloadOf = new Map<NodeId, NodeId>();
  for (const edge of graph.edges) {
    if (edge.kind !== "workload-runs-pod") {
      edges.push(edge);
      continue;
    }
    podEdges.set(edge.target, edge);
    workloadOf.set(edge.target, edge.source);
  }
  edges.sort(byId);

  const edgesOf = new Map<NodeId, GraphEdge[]>();
  for (const edge of edges) {
    push(edgesOf, edge.source, edge);
    if (edge.target !== edge.source) push(edgesOf, edge.target, edge);
  }
  const podsOf = new Map<NodeId, GraphNode[]>();
  for (const pod of pods) {
    const workload = workloadOf.get(pod.id);
    if (workload !== undefined) push(podsOf, workload, pod);
  }
  return {
    byId: byNodeId,
    nodes,
    edges,
    edgesOf,
    pods,
    podsOf,
    podEdges,
    workloadOf,
    namespaces: countNamespaces(nodes),
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
