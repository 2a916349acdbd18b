import type { GraphEdge, GraphNode, NodeId, ViewQuery } from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import type { GraphIndex } from "./graph-index.ts";
import { isTroubled } from "./health.ts";

/** The labels of the object behind a node, for the label filter. See `nodeLabels`. */
export type LabelLookup = (node: GraphNode) => Labels;

export interface Filtered {
  /** Sorted by id. */
  readonly nodes: readonly GraphNode[];
  /** Edges between the nodes kept; sorted by id. */
  readonly edges: readonly GraphEdge[];
  readonly filteredNodes: number;
  readonly filteredNamespaces: number;
}

/**
 * Keeps what a viewer asked for. Namespaces come first, so that "only broken" and its neighbours are sought within
 * them; kinds and labels come last, so that a path may lead through what they leave out. What lies outside the
 * cluster has neither namespace nor labels: it stays beside what it touches.
 *
 * Pods behind workloads are counted on their cards and join only when the kind `pod` is asked for.
 */
export function filterGraph(index: GraphIndex, query: ViewQuery, labelsOf: LabelLookup): Filtered {
  if (isUnfiltered(query)) {
    const { nodes, edges } = index;
    return { nodes, edges, filteredNodes: 0, filteredNamespaces: 0 };
  }
  const candidates = query.kinds.includes("pod") ? [...index.nodes, ...index.pods()] : index.nodes;
  const wanted = new Set(query.namespaces);
  const isWanted = ({ namespace }: GraphNode) =>
    wanted.size === 0 || namespace === undefined || wanted.has(namespace);
  let kept: ReadonlySet<NodeId> = new Set(candidates.filter(isWanted).map((node) => node.id));
  const narrow = (keep: (node: GraphNode) => boolean) => {
    kept = new Set(candidates.filter((node) => kept.has(node.id) && keep(node)).map((node) => node.id));
  };
  if (wanted.size > 0) kept = withoutStrays(index, kept);
  if (query.only === "broken") kept = troubledPaths(index, kept);
  if (query.touching !== undefined) {
    const reached = touching(index, query.touching);
    narrow((node) => reached.has(node.id));
  }
  if (query.kinds.length > 0) {
    const asked = new Set(query.kinds);
    narrow((node) => asked.has(node.kind));
  }
  if (query.labels.length > 0) {
    const asked = query.labels.map(parseLabel);
    narrow((node) => node.object === undefined || carries(labelsOf(node), asked));
    kept = withoutStrays(index, kept);
  }

  const { nodes: known, edges } = index.only(kept);
  const nodes = candidates === index.nodes ? known : candidates.filter((node) => kept.has(node.id));
  return {
    nodes,
    edges,
    filteredNodes: candidates.length - nodes.length,
    filteredNamespaces: leftOut(index, query.namespaces),
  };
}

function isUnfiltered({ namespaces, kinds, labels, only, touching }: ViewQuery): boolean {
  return namespaces.length + kinds.length + labels.length === 0 && only === "all" && touching === undefined;
}

function leftOut(index: GraphIndex, wanted: readonly string[]): number {
  if (wanted.length === 0) return 0;
  return [...index.namespaces.keys()].filter((namespace) => !wanted.includes(namespace)).length;
}

/** Drops the internet and outside addresses where nothing that they touch is kept. */
function withoutStrays(index: GraphIndex, kept: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  const inCluster = (id: NodeId) => kept.has(id) && index.node(id)?.namespace !== undefined;
  return new Set(
    [...kept].filter((id) => inCluster(id) || neighbours(index, id).some((other) => inCluster(other))),
  );
}

/**
 * What is broken, partial or unknown, and both ends of every edge that is; everything that leads there; and the next
 * step on from the nodes. Whoever looks for a fault wants the whole way in. A Gateway that one route is not attached
 * to is an end of that edge, but its other routes have nothing to do with it.
 */
function troubledPaths(index: GraphIndex, kept: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
  const nodes = [...kept].filter((id) => isTroubled(index.node(id)?.health ?? "ok"));
  const edges = index.edges.filter(
    (edge) => isTroubled(edge.health) && kept.has(edge.source) && kept.has(edge.target),
  );
  const troubled = new Set([...nodes, ...edges.flatMap((edge) => [edge.source, edge.target])]);
  const next = nodes.flatMap((id) => neighbours(index, id)).filter((id) => kept.has(id));
  return new Set([...reach(index, troubled, "upstream", kept), ...next]);
}

/** Everything up- and downstream of a node, and the node; a pod stands for its workload. */
function touching(index: GraphIndex, id: NodeId): ReadonlySet<NodeId> {
  const start = new Set([id, index.workloadOf(id) ?? id]);
  return new Set([...reach(index, start, "upstream"), ...reach(index, start, "downstream")]);
}

function reach(
  index: GraphIndex,
  from: ReadonlySet<NodeId>,
  direction: "upstream" | "downstream",
  within?: ReadonlySet<NodeId>,
): ReadonlySet<NodeId> {
  const reached = new Set(from);
  const queue = [...from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const edge of index.edgesOf(id)) {
      const [here, there] =
        direction === "upstream" ? [edge.target, edge.source] : [edge.source, edge.target];
      if (here !== id || reached.has(there) || within?.has(there) === false) continue;
      reached.add(there);
      queue.push(there);
    }
  }
  return reached;
}

function neighbours(index: GraphIndex, id: NodeId): readonly NodeId[] {
  return index.edgesOf(id).map((edge) => (edge.source === id ? edge.target : edge.source));
}

interface AskedLabel {
  readonly key: string;
  /** Absent: any value. */
  readonly value: string | undefined;
}

function parseLabel(text: string): AskedLabel {
  const at = text.indexOf("=");
  return at === -1
    ? { key: text.trim(), value: undefined }
    : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

function carries(labels: Labels, asked: readonly AskedLabel[]): boolean {
  return asked.every(
    ({ key, value }) => Object.hasOwn(labels, key) && (value === undefined || labels[key] === value),
  );
}
