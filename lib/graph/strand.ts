import { keptFor } from "#lib/engine/kept-for.ts";
import { capital } from "#lib/model/capital.ts";
import type { Evidence } from "#lib/model/finding.ts";
import type { EdgeKind, GraphEdge, Health, NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { jointHealth, weightOf } from "./health.ts";

/** One reason for an edge. An Ingress may name the same Service on ten paths: ten strands, one edge. */
export interface Strand {
  readonly kind: EdgeKind;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly health: Health;
  readonly because: Evidence;
  readonly note: string;
}

export function edgeId(source: NodeId, target: NodeId): string {
  return `${source}>${target}`;
}

/**
 * One edge for each pair of nodes, sorted by id. The worst strand gives the reason and the note; when only some of
 * the strands are broken the edge is partial, and its note says how many.
 */
export function edgesFromStrands(strands: Iterable<Strand>): readonly GraphEdge[] {
  const first = new Map<string, Strand>();
  const edges = new Map<string, GraphEdge>();
  // Nearly all edges have one reason.
  const several = new Map<string, Strand[]>();
  for (const strand of strands) {
    const edge = edgeOf(strand);
    const other = first.get(edge.id);
    if (other === undefined) {
      first.set(edge.id, strand);
      edges.set(edge.id, edge);
      continue;
    }
    const group = several.get(edge.id);
    if (group === undefined) several.set(edge.id, [other, strand]);
    else group.push(strand);
  }
  for (const [id, group] of several) {
    const edge = edgeFromGroup(id, group);
    if (edge !== undefined) edges.set(id, edge);
  }
  return [...edges.values()].sort((a, b) => compareText(a.id, b.id));
}

const edgeOf = keptFor(
  (strand: Strand): GraphEdge => ({
    id: edgeId(strand.source, strand.target),
    ...strand,
    note: capital(strand.note),
    count: 1,
  }),
);

function edgeFromGroup(id: string, group: readonly Strand[]): GraphEdge | undefined {
  const worst = [...group].sort(
    (a, b) => weightOf(a.health) - weightOf(b.health) || compareText(a.because.path, b.because.path),
  )[0];
  if (worst === undefined) return undefined;
  const alike = group.filter((strand) => strand.health === worst.health).length;
  const note =
    worst.note === "" || alike === group.length
      ? worst.note
      : `On ${alike} of ${group.length} paths: ${worst.note}`;
  return { id, ...worst, note, health: jointHealth(group.map((strand) => strand.health)), count: 1 };
}
