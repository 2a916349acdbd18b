import { keptFor } from "#lib/engine/kept-for.ts";
import { byParts } from "#lib/engine/live/by-parts.ts";
import type { Graph, GraphEdge, GraphNode, Health, NodeId, WorkloadPods } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { sumHealth } from "./health.ts";
import { type GraphLists, listsOf } from "./listed-graph.ts";
import { healthIn, nodesByNamespace } from "./namespace-nodes.ts";
import { keptForShape } from "./shape.ts";
import { edgeId } from "./strand.ts";

interface NamespaceCounts {
  readonly workloads: number;
  readonly pods: number;
  readonly services: number;
}

/** A graph made ready for questions of view. Lists are sorted by id, whatever order the graph came in. */
export interface GraphIndex {
  /** Any node, pods behind workloads too. */
  node(id: NodeId): GraphNode | undefined;
  /** All nodes but the pods behind workloads; as a list they are made when somebody asks. */
  readonly nodes: readonly GraphNode[];
  /** All edges between those. */
  readonly edges: readonly GraphEdge[];
  /** How many nodes and edges these are. */
  readonly size: { readonly nodes: number; readonly edges: number };
  edgesOf(id: NodeId): readonly GraphEdge[];
  /** The nodes of these ids, and the edges between them; pods behind workloads are not among them. Sorted by id. */
  only(ids: ReadonlySet<NodeId>): {
    readonly nodes: readonly GraphNode[];
    readonly edges: readonly GraphEdge[];
  };
  /** How many nodes there are of each health. */
  health(): Readonly<Record<Health, number>>;
  /** The nodes of every namespace that has any. */
  readonly byNamespace: ReadonlyMap<string, readonly GraphNode[]>;
  /** The nodes of no namespace. */
  readonly outside: readonly GraphNode[];
  countsIn(namespace: string): NamespaceCounts;
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
  const { nodes } = listsOf(graph);
  return (id) => nodes.get(id);
}

function buildGraphIndex(graph: Graph): GraphIndex {
  const lists = listsOf(graph);
  let health: Readonly<Record<Health, number>> | undefined;
  // There may be a hundred thousand pods, and most questions never ask for one.
  let pods: readonly GraphNode[] | undefined;
  const drawn = drawnIn(graph);
  const { byNamespace, outside } = nodesByNamespace(graph);
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
    get nodes() {
      return lists.nodes.items;
    },
    get edges() {
      return lists.edges.items;
    },
    size: { nodes: lists.nodes.size, edges: lists.edges.size },
    only: (ids) => (ids.size * few > lists.nodes.size ? manyOf(lists, ids) : fewOf(lists, ids)),
    health() {
      health ??= sumHealth([...healthOfParts(byNamespace), healthIn(outside)]);
      return health;
    },
    edgesOf: (id) => edgesOfIn(lists.edges.items)(id),
    byNamespace,
    outside,
    countsIn: (namespace) => countNodes(byNamespace.get(namespace) ?? none),
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

function manyOf(lists: GraphLists, ids: ReadonlySet<NodeId>): ReturnType<GraphIndex["only"]> {
  const [nodes, edges] = [lists.nodes.items, lists.edges.items];
  const found = nodes.filter(({ id }) => ids.has(id));
  // Of all nodes it is the lists themselves, of which more is known.
  if (found.length === nodes.length) return { nodes, edges };
  return { nodes: found, edges: edges.filter(({ source, target }) => ids.has(source) && ids.has(target)) };
}

/** Looked up one by one: most viewers of the largest clusters look at one namespace of thousands. */
function fewOf({ nodes, edges }: GraphLists, ids: ReadonlySet<NodeId>): ReturnType<GraphIndex["only"]> {
  const found = [...ids].flatMap((id) => nodes.get(id) ?? []).sort(byId);
  const between = found.flatMap(({ id }) => edgesFromTo(edges, id, ids));
  return { nodes: found, edges: between.sort(byId) };
}

/** An edge's id begins with that of its source, so that these stand side by side. */
function edgesFromTo(
  edges: GraphLists["edges"],
  source: NodeId,
  targets: ReadonlySet<NodeId>,
): readonly GraphEdge[] {
  const beginning = edgeId(source, "");
  const found: GraphEdge[] = [];
  let looked = 0;
  for (const edge of edges.from(beginning)) {
    if (!edge.id.startsWith(beginning)) return found;
    // From the internet there may be thousands, and few of them lead here.
    if (looked > targets.size)
      return [...targets].flatMap((target) => edges.get(edgeId(source, target)) ?? []);
    looked += 1;
    if (targets.has(edge.target)) found.push(edge);
  }
  return found;
}

/** The edges of a node among these, which are sorted by id. */
export function edgesOfIn(edges: readonly GraphEdge[]): (id: NodeId) => readonly GraphEdge[] {
  return (id) => (edgesByEnd(edges).get(id) ?? []).flatMap((at) => edges[at] ?? []);
}

/** Where the edges of each node stand in their list; an edge's id says what its ends are. */
const edgesByEnd = keptForShape<GraphEdge, ReadonlyMap<NodeId, readonly number[]>>((edges) => {
  const found = new Map<NodeId, number[]>();
  for (const [at, { source, target }] of edges.entries()) {
    push(found, source, at);
    if (target !== source) push(found, target, at);
  }
  return found;
});

const healthOfParts = byParts((lists: readonly (readonly GraphNode[])[]) => sumHealth(lists.map(healthIn)));

const none: readonly GraphNode[] = [];

const countNodes = keptFor((nodes: readonly GraphNode[]): NamespaceCounts => {
  const counts = { workloads: 0, pods: 0, services: 0 };
  for (const node of nodes) {
    if (node.lane === "workload") {
      counts.workloads += 1;
      counts.pods += node.pods?.total ?? 0;
    }
    if (node.lane === "service" && node.missing !== true) counts.services += 1;
  }
  return counts;
});

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareText(a.id, b.id);
}
