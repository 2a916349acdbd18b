import { type Lane, lanes, type NodeId } from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { disjointSets } from "./disjoint-sets.ts";

export interface RowNode {
  readonly id: NodeId;
  readonly lane: Lane;
  readonly name: string;
}

export interface RowEdge {
  readonly source: NodeId;
  readonly target: NodeId;
}

/**
 * The nodes of one namespace by slot, sorted by lane and then name, with their neighbours as slots in that order.
 * Everything after this works on slots, so that neither the order of the arguments nor anything but lane, name and
 * connection can show in the layout.
 */
export interface IslandNetwork {
  readonly nodes: readonly RowNode[];
  readonly left: readonly (readonly number[])[];
  readonly right: readonly (readonly number[])[];
}

const laneNumber: ReadonlyMap<Lane, number> = new Map(lanes.map((lane, number) => [lane, number]));

function laneRank(lane: Lane): number {
  return laneNumber.get(lane) ?? 0;
}

export function islandNetwork(nodes: readonly RowNode[], edges: readonly RowEdge[]): IslandNetwork {
  const sorted = [...nodes].sort(
    (a, b) => laneRank(a.lane) - laneRank(b.lane) || compareText(a.name, b.name) || compareText(a.id, b.id),
  );
  const slotOf = new Map(sorted.map((node, slot) => [node.id, slot]));
  const ranks = sorted.map((node) => laneRank(node.lane));
  const left: number[][] = sorted.map(() => []);
  const right: number[][] = sorted.map(() => []);
  for (const { source, target } of edges) {
    const from = slotOf.get(source);
    const to = slotOf.get(target);
    // An edge within a lane or backwards pulls on nothing: it has no straight form.
    if (from === undefined || to === undefined || (ranks[from] ?? 0) >= (ranks[to] ?? 0)) continue;
    right[from]?.push(to);
    left[to]?.push(from);
  }
  for (const list of left) list.sort(ascending);
  for (const list of right) list.sort(ascending);
  return { nodes: sorted, left, right };
}

/**
 * Slots that hang together, in the order in which they stand: first what has a way in, then what has a Service, then
 * what has neither, each by the name of its leftmost node. An added object changes its own band and moves what stands
 * below it, nothing above.
 */
export function bandsOf(
  { nodes, right }: IslandNetwork,
  isPlaced: (slot: number) => boolean,
): readonly (readonly number[])[] {
  const sets = disjointSets(nodes.length);
  right.forEach((targets, slot) => {
    for (const target of targets) sets.join(slot, target);
  });
  const bands = new Map<number, number[]>();
  nodes.forEach((_, slot) => {
    if (isPlaced(slot)) return;
    const root = sets.find(slot);
    const band = bands.get(root);
    if (band === undefined) bands.set(root, [slot]);
    else band.push(slot);
  });
  const service = laneRank("service");
  const rank = (band: readonly number[]) => {
    const lane = laneRank(nodes[band[0] ?? 0]?.lane ?? "outside");
    return lane < service ? 0 : lane === service ? 1 : 2;
  };
  return [...bands.values()].sort((a, b) => rank(a) - rank(b) || ascending(a[0] ?? 0, b[0] ?? 0));
}

function ascending(a: number, b: number): number {
  return a - b;
}
