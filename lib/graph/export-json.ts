import type { Graph, GraphEdge, GraphNode } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";

/**
 * The shape of an exported graph. It only ever grows; a change that would break a reader raises `version`.
 * Ids are those of links (`service/shop/cart`); `internet`, `external/<host>` and `folded/…` are no objects.
 */
interface ExportedGraph {
  readonly format: "throughline.graph";
  readonly version: 1;
  readonly cluster?: string | undefined;
  /** The moment that the graph tells of, ISO 8601. */
  readonly takenAt?: string | undefined;
  /** Sorted by id. */
  readonly nodes: readonly ExportedNode[];
  /** Sorted by id; `source` and `target` are ids of nodes. */
  readonly edges: readonly ExportedEdge[];
}

type ExportedNode = Pick<
  GraphNode,
  | "id"
  | "kind"
  | "lane"
  | "namespace"
  | "name"
  | "line"
  | "health"
  | "missing"
  | "isolated"
  | "pods"
  | "findings"
>;

type ExportedEdge = Pick<
  GraphEdge,
  "id" | "kind" | "source" | "target" | "health" | "because" | "note" | "count"
>;

interface ExportAbout {
  readonly cluster?: string | undefined;
  readonly takenAt?: string | undefined;
}

/** A graph, or a view without its places, as plain JSON. The same graph in any order gives the same. */
export function exportJson(graph: Graph, about: ExportAbout = {}): ExportedGraph {
  return {
    format: "throughline.graph",
    version: 1,
    cluster: about.cluster,
    takenAt: about.takenAt,
    nodes: graph.nodes.map(exportedNode).sort((a, b) => compareText(a.id, b.id)),
    edges: graph.edges.map(exportedEdge).sort((a, b) => compareText(a.id, b.id)),
  };
}

function exportedNode(node: GraphNode): ExportedNode {
  const { id, kind, lane, namespace, name, line, health, missing, isolated, pods, findings } = node;
  return { id, kind, lane, namespace, name, line, health, missing, isolated, pods, findings };
}

function exportedEdge({ id, kind, source, target, health, because, note, count }: GraphEdge): ExportedEdge {
  return { id, kind, source, target, health, because, note, count };
}
