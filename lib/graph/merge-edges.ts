import type { GraphEdge, NodeId } from "#lib/model/graph.ts";
import type { FoldState } from "./fold-state.ts";
import { isTroubled, jointHealth, weightOf } from "./health.ts";
import { edgeId } from "./strand.ts";

/**
 * The edges as drawn: those between the same two drawn things are one, with the health, reason and note of the worst,
 * and a count of all. One into a row of namespaces is partly working where some of its ways are broken and others not.
 */
export function mergeEdges(state: FoldState): readonly GraphEdge[] {
  const groups = new Map<string, Ways>();
  for (const { edge, source, target } of state.drawnEdges()) {
    const id = edgeId(source, target);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { source, target, edges: [edge] });
    else group.edges.push(edge);
  }
  return [...groups].flatMap(([id, group]) => mergeGroup(id, group, state));
}

/** All edges between the same two things. */
interface Ways {
  readonly source: NodeId;
  readonly target: NodeId;
  readonly edges: GraphEdge[];
}

function mergeGroup(
  id: string,
  { source, target, edges: group }: Ways,
  state: FoldState,
): readonly GraphEdge[] {
  const [first, ...rest] = group;
  if (first === undefined) return [];
  if (rest.length === 0 && source === first.source && target === first.target) return [first];
  // Edges come sorted by id, so of equally bad ones the first is the same every time.
  const worst = group.reduce((a, b) => (weightOf(b.health) < weightOf(a.health) ? b : a), first);
  const alike = group.filter((edge) => edge.health === worst.health).length;
  const note =
    group.length > 1 && isTroubled(worst.health) && worst.note !== ""
      ? `${alike} of ${group.length}: ${worst.note}`
      : worst.note;
  // A row stands for hundreds of ways: that one of them is broken does not make the others so.
  const health = state.isRow(target) ? jointHealth(group.map((edge) => edge.health)) : worst.health;
  const count = group.reduce((sum, edge) => sum + edge.count, 0);
  return [{ ...worst, id, kind: "folded", health, source, target, note, count }];
}
