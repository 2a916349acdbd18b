import type { GraphEdge, GraphNode, NodeId, ViewQuery } from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import { edgesOfIn, type GraphIndex } from "./graph-index.ts";
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
  const wanted = new Set(query.namespaces);
  const asksPods = query.kinds.includes("pod");
  const pods = asksPods ? podsIn(index, wanted) : [];
  const candidates = [...nodesIn(index, wanted), ...pods];
  let kept: ReadonlySet<NodeId> = new Set(candidates.map((node) => node.id));
  const narrow = (keep: (node: GraphNode) => boolean) => {
    kept = new Set(candidates.filter((node) => kept.has(node.id) && keep(node)).map((node) => node.id));
  };
  if (wanted.size > 0) kept = withoutStrays(index, candidates, kept);
  if (query.only === "broken") kept = troubledPaths(index, candidates, kept);
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
    kept = withoutStrays(index, candidates, kept);
  }

  const { nodes: drawn, edges } = index.only(kept);
  const nodes = asksPods ? [...drawn, ...pods.filter((pod) => kept.has(pod.id))] : drawn;
  return {
    nodes,
    edges,
    filteredNodes: index.size.nodes + (asksPods ? index.pods().length : 0) - nodes.length,
    filteredNamespaces: leftOut(index, wanted),
  };
}

/** What is in one of these namespaces, or in none; everything where none is wanted by itself. */
function nodesIn(index: GraphIndex, wanted: ReadonlySet<string>): readonly GraphNode[] {
  if (wanted.size === 0) return index.nodes;
  return [...index.outside, ...[...wanted].flatMap((namespace) => index.byNamespace.get(namespace) ?? [])];
}

function podsIn(index: GraphIndex, wanted: ReadonlySet<string>): readonly GraphNode[] {
  if (wanted.size === 0) return index.pods();
  return index.pods().filter(({ namespace }) => namespace !== undefined && wanted.has(namespace));
}

function isUnfiltered({ namespaces, kinds, labels, only, touching }: ViewQuery): boolean {
  return namespaces.length + kinds.length + labels.length === 0 && only === "all" && touching === undefined;
}

function leftOut({ byNamespace }: GraphIndex, wanted: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0;
  return byNamespace.size - [...wanted].filter((namespace) => byNamespace.has(namespace)).length;
}

/** Drops the internet and outside addresses where nothing that they touch is kept. */
function withoutStrays(
  index: GraphIndex,
  candidates: readonly GraphNode[],
  kept: ReadonlySet<NodeId>,
): ReadonlySet<NodeId> {
  const nodes = candidates.filter(({ id }) => kept.has(id));
  const staying = new Set(nodes.flatMap(({ id, namespace }) => (namespace === undefined ? [] : [id])));
  const touched = new Set<NodeId>();
  for (const { source, target } of index.only(kept).edges) {
    if (staying.has(source)) touched.add(target);
    if (staying.has(target)) touched.add(source);
  }
  return new Set(nodes.flatMap(({ id }) => (staying.has(id) || touched.has(id) ? [id] : [])));
}

/**
 * What is broken, partial or unknown, and both ends of every edge that is; everything that leads there; and the next
 * step on from the nodes. Whoever looks for a fault wants the whole way in. A Gateway that one route is not attached
 * to is an end of that edge, but its other routes have nothing to do with it.
 */
function troubledPaths(
  index: GraphIndex,
  candidates: readonly GraphNode[],
  kept: ReadonlySet<NodeId>,
): ReadonlySet<NodeId> {
  const { edges } = index.only(kept);
  const edgesOf = edgesOfIn(edges);
  const nodes = candidates.filter(({ id, health }) => kept.has(id) && isTroubled(health)).map(({ id }) => id);
  const troubled = new Set(nodes);
  for (const { source, target, health } of edges) if (isTroubled(health)) troubled.add(source).add(target);
  const next = nodes.flatMap((id) => edgesOf(id).flatMap(({ source, target }) => [source, target]));
  return new Set([...reach(edgesOf, troubled, "upstream"), ...next]);
}

/** Everything up- and downstream of a node, and the node; a pod stands for its workload. */
function touching(index: GraphIndex, id: NodeId): ReadonlySet<NodeId> {
  const start = new Set([id, index.workloadOf(id) ?? id]);
  return new Set([...reach(index.edgesOf, start, "upstream"), ...reach(index.edgesOf, start, "downstream")]);
}

function reach(
  edgesOf: GraphIndex["edgesOf"],
  from: ReadonlySet<NodeId>,
  direction: "upstream" | "downstream",
): ReadonlySet<NodeId> {
  const reached = new Set(from);
  const queue = [...from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const edge of edgesOf(id)) {
      const [here, there] =
        direction === "upstream" ? [edge.target, edge.source] : [edge.source, edge.target];
      if (here !== id || reached.has(there)) continue;
      reached.add(there);
      queue.push(there);
    }
  }
  return reached;
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
