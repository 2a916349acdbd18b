import { keptFor } from "#lib/engine/kept-for.ts";
import { PlacedMap } from "#lib/engine/live/placed-map.ts";
import type { Graph, GraphNode } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { countHealth } from "./health.ts";
import { inOrder } from "./shape.ts";

/** The nodes of a graph by where they are. */
export interface NamespaceNodes {
  /** Every namespace that has a node. From one graph to the next, a list that holds the same nodes mostly is the same. */
  readonly byNamespace: ReadonlyMap<string, readonly GraphNode[]>;
  /** The internet, and addresses outside of the cluster. */
  readonly outside: readonly GraphNode[];
}

const known = new WeakMap<Graph, NamespaceNodes>();

export function nodesByNamespace(graph: Graph): NamespaceNodes {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const found = groupNodes(
    PlacedMap.of(new Map<string, readonly GraphNode[]>(), compareText),
    inOrder(graph.nodes),
  );
  known.set(graph, found);
  return found;
}

/** Of a graph that is put together from the nodes of its namespaces, and from more of any or none. */
export function noteNamespaces(
  graph: Graph,
  own: PlacedMap<string, readonly GraphNode[]>,
  more: readonly GraphNode[],
): void {
  known.set(graph, groupNodes(own, more));
}

function groupNodes(
  own: PlacedMap<string, readonly GraphNode[]>,
  more: readonly GraphNode[],
): NamespaceNodes {
  let outside: readonly GraphNode[] = [];
  const wider = new Map<string, readonly GraphNode[]>();
  for (const [namespace, nodes] of Map.groupBy(more, (node) => node.namespace)) {
    if (namespace === undefined) outside = nodes;
    else wider.set(namespace, [...(own.get(namespace) ?? []), ...nodes]);
  }
  return { byNamespace: own.with(wider), outside };
}

/** How many of some nodes there are of each health, counted once for as long as their list lives. */
export const healthIn = keptFor((nodes: readonly GraphNode[]) =>
  countHealth(nodes.map((node) => node.health)),
);
