import type { Graph, GraphEdge, GraphNode, Health, NodeId, WorkloadPods } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { countHealth } from "./health.ts";
import { inOrder, keptForShape } from "./shape.ts";

interface NamespaceCounts {
  readonly workloads: number;
  readonly pods: number;
  readonly services: number;
}

/** A graph made ready for questions of view. Lists are sorted by id, whatever order the graph came in. */
export interface GraphIndex {
  /** Any node, pods behind workloads too. */
  node(id: NodeId): GraphNode | undefined;
  /** All nodes but the pods behind workloads. */
  readonly nodes: readonly GraphNode[];
  /** All edges between those. */
  readonly edges: readonly GraphEdge[];
  edgesOf(id: NodeId): readonly GraphEdge[];
  /** The nodes of these ids, and the edges between them; pods behind workloads are not among them. Sorted by id. */
  only(ids: ReadonlySet<NodeId>): {
    readonly nodes: readonly GraphNode[];
    readonly edges: readonly GraphEdge[];
  };
  /** How many nodes there are of each health. */
  health(): Readonly<Record<Health, number>>;
  readonly namespaces: ReadonlyMap<string, NamespaceCounts>;
  /** The pods behind workloads, all of them. */
  pods(): readonly GraphNode[];
  podsOf(workload: NodeId): WorkloadPods | undefined;
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

/** A node that is drawn by itself; pods behind workloads are not. */
export type Drawn = (id: NodeId) => GraphNode | undefined;

export function drawnIn(graph: Graph): Drawn {
  const nodes = inOrder(graph.nodes);
  return (id) => nodes[numbersOf(nodes).get(id) ?? -1];
}

function buildGraphIndex(graph: Graph): GraphIndex {
  const nodes = inOrder(graph.nodes);
  const edges = inOrder(graph.edges);
  let health: Readonly<Record<Health, number>> | undefined;
  // There may be a hundred thousand pods, and most questions never ask for one.
  let pods: readonly GraphNode[] | undefined;
  const drawn = drawnIn(graph);
  return {
    node(id) {
      const node = drawn(id);
      if (node !== undefined) return node;
      const workload = graph.pods?.workloadOf(id);
      return workload === undefined
        ? undefined
        : graph.pods
            ?.podsOf(workload)
            ?.nodes()
            .find((pod) => pod.id === id);
    },
    nodes,
    edges,
    only: (ids) =>
      ids.size * few > nodes.length
        ? {
            nodes: nodes.filter(({ id }) => ids.has(id)),
            edges: edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
          }
        : fewOf(nodes, edges, ids),
    health() {
      health ??= countHealth(nodes.map((node) => node.health));
      return health;
    },
    edgesOf: (id) => (edgesByEnd(edges).get(id) ?? []).flatMap((at) => edges[at] ?? []),
    namespaces: countNamespaces(nodes),
    pods() {
      pods ??= (graph.pods?.all() ?? []).flatMap((layer) => layer.nodes()).sort(byId);
      return pods;
    },
    podsOf: (workload) => graph.pods?.podsOf(workload),
    workloadOf: (pod) => graph.pods?.workloadOf(pod),
  };
}

/** One of so many, and it is quicker to look each up than to walk through all. */
const few = 8;

/** Looked up one by one: most viewers of the largest clusters look at one namespace of thousands. */
function fewOf(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  ids: ReadonlySet<NodeId>,
): ReturnType<GraphIndex["only"]> {
  const numbers = numbersOf(nodes);
  const byEnd = edgesByEnd(edges);
  const places: number[] = [];
  const edgePlaces: number[] = [];
  for (const id of ids) {
    const place = numbers.get(id);
    if (place !== undefined) places.push(place);
    for (const at of byEnd.get(id) ?? []) {
      const edge = edges[at];
      // Each edge is found from both of its ends, and is taken from one.
      if (edge?.source === id && ids.has(edge.target)) edgePlaces.push(at);
    }
  }
  const inOrderOf = (a: number, b: number) => a - b;
  return {
    nodes: places.sort(inOrderOf).flatMap((place) => nodes[place] ?? []),
    edges: edgePlaces.sort(inOrderOf).flatMap((at) => edges[at] ?? []),
  };
}

/** Where each node stands in its list. */
export const numbersOf = keptForShape<GraphNode, ReadonlyMap<NodeId, number>>(
  (nodes) => new Map(nodes.map(({ id }, at) => [id, at])),
);

/** Where the edges of each node stand in their list; an edge's id says what its ends are. */
const edgesByEnd = keptForShape<GraphEdge, ReadonlyMap<NodeId, readonly number[]>>((edges) => {
  const found = new Map<NodeId, number[]>();
  for (const [at, { source, target }] of edges.entries()) {
    push(found, source, at);
    if (target !== source) push(found, target, at);
  }
  return found;
});

function countNamespaces(nodes: readonly GraphNode[]): ReadonlyMap<string, NamespaceCounts> {
  const counts = new Map<string, { workloads: number; pods: number; services: number }>();
  let last: string | undefined;
  let count = { workloads: 0, pods: 0, services: 0 };
  for (const node of nodes) {
    if (node.namespace === undefined) continue;
    // Of one kind, what is of one namespace comes in a row.
    if (node.namespace !== last) {
      last = node.namespace;
      count = counts.get(last) ?? { workloads: 0, pods: 0, services: 0 };
      counts.set(last, count);
    }
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
