import type { GraphView } from "#lib/model/graph.ts";

/** What the map leaves out, so that nothing is hidden in silence; undefined when all of it is drawn. */
export function hiddenSentence({
  nodes,
  foldedNodes,
  filteredNodes,
  filteredNamespaces,
}: GraphView["totals"]): string | undefined {
  const parts = [
    foldedNodes > 0 ? `${told(foldedNodes)} of ${told(nodes)} folded` : undefined,
    filteredNodes > 0 ? `${told(filteredNodes)} of ${told(nodes)} filtered out` : undefined,
    filteredNamespaces > 0
      ? `${told(filteredNamespaces)} ${filteredNamespaces === 1 ? "namespace" : "namespaces"} left out`
      : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(", ");
}

function told(count: number): string {
  return count.toLocaleString("en");
}
