import type { GraphEdge, GraphNode, NodeId } from "#lib/model/graph.ts";
import { isTroubled } from "./health.ts";

/**
 * How much of a namespace is drawn, most first.
 *
 * - `open`: everything.
 * - `some`: what is troubled, and as many of the others as fit; the rest is counted for each lane.
 * - `paths`: what is troubled and its direct neighbours; the rest is counted for each lane.
 * - `lanes`: what is troubled (broken, partial, unknown); the rest is counted for each lane.
 * - `broken`: only what is broken; below the hard cap only.
 * - `counts`: for each lane a count.
 * - `tile`: one line for the whole namespace.
 * - `family`: counted in the row of its family of namespaces.
 */
export type FoldLevel = "open" | "some" | "paths" | "lanes" | "broken" | "counts" | "tile" | "family";

const order: readonly FoldLevel[] = ["open", "some", "paths", "lanes", "broken", "counts", "tile", "family"];

/** Whether less is drawn at the first level than at the second. */
export function isCoarser(level: FoldLevel, than: FoldLevel): boolean {
  return order.indexOf(level) > order.indexOf(than);
}

export interface Trouble {
  readonly troubled: ReadonlySet<NodeId>;
  readonly broken: ReadonlySet<NodeId>;
  readonly besideTrouble: ReadonlySet<NodeId>;
}

/** What decides, for each node, at which level it is still drawn. */
export interface Standing extends Trouble {
  /** The selected node, its neighbours, and workloads unfolded by hand. */
  readonly pinned: ReadonlySet<NodeId>;
}

export function troubleOf(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  sources: Int32Array,
  targets: Int32Array,
): Trouble {
  const troubled = new Set<NodeId>();
  const broken = new Set<NodeId>();
  const isTroubledItself = new Uint8Array(nodes.length);
  for (const [slot, node] of nodes.entries()) {
    if (isTroubled(node.health)) {
      troubled.add(node.id);
      isTroubledItself[slot] = 1;
    }
    if (node.health === "broken") broken.add(node.id);
  }
  const besideTrouble = new Set<NodeId>();
  for (const [at, { source, target }] of edges.entries()) {
    if (isTroubledItself[sources[at] ?? 0] === 1) besideTrouble.add(target);
    if (isTroubledItself[targets[at] ?? 0] === 1) besideTrouble.add(source);
  }
  // The ends of a troubled edge are drawn as well, but what else hangs on them has no part in it.
  for (const edge of edges) {
    if (!isTroubled(edge.health)) continue;
    for (const end of [edge.source, edge.target]) {
      troubled.add(end);
      if (edge.health === "broken") broken.add(end);
    }
  }
  return { troubled, broken, besideTrouble };
}

/** Whether a node is drawn as itself at a level; `revealed` counts for `some` only. */
export function isDrawnAt(
  level: FoldLevel,
  id: NodeId,
  standing: Standing,
  revealed: ReadonlySet<NodeId>,
): boolean {
  switch (level) {
    case "open":
      return true;
    case "some":
      return standing.troubled.has(id) || standing.pinned.has(id) || revealed.has(id);
    case "paths":
      return standing.troubled.has(id) || standing.pinned.has(id) || standing.besideTrouble.has(id);
    case "lanes":
      return standing.troubled.has(id) || standing.pinned.has(id);
    case "broken":
      return standing.broken.has(id) || standing.pinned.has(id);
    case "counts":
      return standing.pinned.has(id);
    case "tile":
    case "family":
      return false;
  }
}
