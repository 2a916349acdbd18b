import type { GraphView } from "#lib/model/graph.ts";

/** What the map leaves out, so that nothing is hidden in silence; undefined when all of it is drawn. */
export function hiddenSentence(totals: GraphView["totals"]): string | undefined {
  const parts = [
    totals.foldedNodes > 0 ? `${totals.foldedNodes} folded` : undefined,
    totals.filteredNodes > 0 ? `${totals.filteredNodes} filtered out` : undefined,
    totals.filteredNamespaces > 0
      ? `${totals.filteredNamespaces} ${totals.filteredNamespaces === 1 ? "namespace" : "namespaces"} left out`
      : undefined,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return `${parts.join(", ")} of ${totals.nodes}`;
}
