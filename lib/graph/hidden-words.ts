import { counted } from "#lib/engine/object-words.ts";
import type { GraphView } from "#lib/model/graph.ts";

/** What a view leaves out, for the foot of a picture: "36 of 120 folded, 4 filtered out". Undefined: nothing. */
export function hiddenWords({
  nodes,
  foldedNodes,
  filteredNodes,
  filteredNamespaces,
}: GraphView["totals"]): string | undefined {
  const parts: string[] = [];
  if (foldedNodes > 0) parts.push(`${foldedNodes} of ${nodes} folded`);
  if (filteredNodes > 0) parts.push(`${filteredNodes} of ${nodes} filtered out`);
  if (filteredNamespaces > 0) parts.push(`${counted(filteredNamespaces, "namespace")} left out`);
  return parts.length === 0 ? undefined : parts.join(", ");
}
