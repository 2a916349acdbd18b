import type { GraphView } from "#lib/model/graph.ts";

/** What the map leaves out, so that nothing is hidden in silence; undefined when all of it is drawn. */
export function hiddenSentence({
  nodes,
  foldedNodes,
  filteredNodes,
  filteredNamespaces,
}: GraphView["totals"]): string | undefined {
  const parts = [
    foldedNodes > 0 ? `${foldedNodes} of ${nodes} folded` : undefined,
    filteredNodes > 0 ? `${filteredNodes} of ${nodes} filtered out` : undefined,
    filteredNamespaces > 0
      ? `${filteredNamespaces} ${filteredNamespaces === 1 ? "namespace" : "namespaces"} left out`
      : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(", ");
}
