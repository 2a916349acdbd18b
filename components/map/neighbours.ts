import type { PlacedEdge, PlacedNode } from "#lib/model/graph.ts";

type Direction = "left" | "right" | "up" | "down";

/**
 * The node that an arrow key goes to: left and right walk the edges (towards the client, towards the pods), up and
 * down go to the next card of the same column. Undefined where there is nothing that way.
 */
export function neighbour(
  nodes: readonly PlacedNode[],
  edges: readonly PlacedEdge[],
  from: PlacedNode,
  direction: Direction,
): PlacedNode | undefined {
  if (direction === "up" || direction === "down") {
    const sign = direction === "down" ? 1 : -1;
    return nearest(
      nodes.filter(
        (n) => n.id !== from.id && Math.abs(n.box.x - from.box.x) < 24 && sign * (n.box.y - from.box.y) > 0,
      ),
      from,
    );
  }
  const ids = new Set(
    direction === "right"
      ? edges.filter((e) => e.source === from.id).map((e) => e.target)
      : edges.filter((e) => e.target === from.id).map((e) => e.source),
  );
  return nearest(
    nodes.filter((n) => ids.has(n.id)),
    from,
  );
}

function nearest(nodes: readonly PlacedNode[], from: PlacedNode): PlacedNode | undefined {
  return nodes.reduce<PlacedNode | undefined>(
    (best, node) => (best === undefined || distance(node, from) < distance(best, from) ? node : best),
    undefined,
  );
}

function distance(a: PlacedNode, b: PlacedNode): number {
  return Math.hypot(a.box.x - b.box.x, a.box.y - b.box.y);
}

/** What an edge's highlight touches: the edges at a node, and the nodes at their other ends. */
export function aroundNode(
  edges: readonly PlacedEdge[],
  id: string,
): { readonly nodes: ReadonlySet<string>; readonly edges: ReadonlySet<string> } {
  const at = edges.filter((edge) => edge.source === id || edge.target === id);
  return {
    nodes: new Set([id, ...at.flatMap((edge) => [edge.source, edge.target])]),
    edges: new Set(at.map((edge) => edge.id)),
  };
}
