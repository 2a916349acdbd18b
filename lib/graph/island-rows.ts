import type { NodeId } from "#lib/model/graph.ts";
import { orderBand } from "./band-order.ts";
import { disjointSets } from "./disjoint-sets.ts";
import { bandsOf, type IslandNetwork, islandNetwork, type RowEdge, type RowNode } from "./island-network.ts";

interface IslandRows {
  /** The row of each node, from 0; two nodes of a lane never share one. */
  readonly rowOf: ReadonlyMap<NodeId, number>;
  readonly count: number;
}

/**
 * Gives each node of a namespace a row, so that edges are short and mostly straight: a Service stands beside the
 * first workload that it selects, a route or an Ingress beside the first Service that it leads to, a pod beside its
 * workload. Health plays no part: a node that turns red stays where it is.
 */
export function islandRows(nodes: readonly RowNode[], edges: readonly RowEdge[]): IslandRows {
  const network = islandNetwork(nodes, edges);
  const rows = new Int32Array(network.nodes.length).fill(-1);
  const isPodOfWorkload = (slot: number) =>
    network.nodes[slot]?.lane === "pod" && (network.left[slot]?.length ?? 0) > 0;

  let count = 0;
  for (const band of bandsOf(network, isPodOfWorkload)) count += placeBand(network, band, rows, count);
  count = Math.max(count, placePods(network, rows));
  return { rowOf: new Map(network.nodes.map((node, slot) => [node.id, rows[slot] ?? 0])), count };
}

/** Places a band from row `top` on; returns how many rows it takes. */
function placeBand(network: IslandNetwork, band: readonly number[], rows: Int32Array, top: number): number {
  const [only, ...more] = band;
  if (only === undefined) return 0;
  if (more.length === 0) {
    rows[only] = top;
    return 1;
  }
  const columns = orderBand(network, band);
  const lane = (column: readonly number[]) => network.nodes[column[0] ?? 0]?.lane;
  const services = columns.find((column) => lane(column) === "service") ?? [];
  const workloads = columns.find((column) => lane(column) === "workload") ?? [];
  placeBacks(network, services, workloads, rows, top);
  // From right to left, each beside the topmost of what it leads to: what is added below that does not move it.
  for (const column of [...columns].reverse()) {
    if (lane(column) === "entry" || lane(column) === "route") placeFront(network, column, rows, top);
  }
  return band.reduce((height, slot) => Math.max(height, (rows[slot] ?? 0) - top + 1), 0);
}

/** Services and workloads, block by block: a block is what selectors tie together, and it starts on a row of its own. */
function placeBacks(
  network: IslandNetwork,
  services: readonly number[],
  workloads: readonly number[],
  rows: Int32Array,
  top: number,
): void {
  const blocks = disjointSets(network.nodes.length);
  for (const slot of services) for (const target of network.right[slot] ?? []) blocks.join(slot, target);
  const workloadsOf = new Map<number, number[]>();
  for (const slot of workloads) {
    const block = workloadsOf.get(blocks.find(slot));
    if (block === undefined) workloadsOf.set(blocks.find(slot), [slot]);
    else block.push(slot);
  }
  const servicesOf = new Map<number, number[]>();
  for (const slot of services) {
    const block = servicesOf.get(blocks.find(slot));
    if (block === undefined) servicesOf.set(blocks.find(slot), [slot]);
    else block.push(slot);
  }
  let next = top;
  for (const [block, members] of servicesOf) {
    let row = next;
    for (const slot of members) rows[slot] = row++;
    let free = next;
    for (const slot of workloadsOf.get(block) ?? []) {
      const beside = topmost(network.left[slot] ?? [], rows) ?? free;
      rows[slot] = Math.max(free, beside);
      free = (rows[slot] ?? free) + 1;
    }
    next = Math.max(row, free);
  }
}

function placeFront(network: IslandNetwork, column: readonly number[], rows: Int32Array, top: number): void {
  const beside = new Map(
    column.map((slot) => [slot, topmost(network.right[slot] ?? [], rows) ?? Number.POSITIVE_INFINITY]),
  );
  // Sorting is stable, so among those beside one row the order of the sweeps stays.
  const ordered = [...column].sort((a, b) => compareRows(beside.get(a), beside.get(b)));
  let free = top;
  for (const slot of ordered) {
    const wanted = beside.get(slot) ?? free;
    rows[slot] = Number.isFinite(wanted) ? Math.max(free, wanted) : free;
    free = (rows[slot] ?? free) + 1;
  }
}

/** Pods of unfolded workloads run down beside and below their workload; returns the rows that they need. */
function placePods({ nodes, left }: IslandNetwork, rows: Int32Array): number {
  const pods = nodes.flatMap((node, slot) => {
    const [workload] = left[slot] ?? [];
    return node.lane === "pod" && workload !== undefined ? [{ slot, beside: rows[workload] ?? 0 }] : [];
  });
  pods.sort((a, b) => a.beside - b.beside || a.slot - b.slot);
  let free = 0;
  for (const { slot, beside } of pods) {
    rows[slot] = Math.max(free, beside);
    free = (rows[slot] ?? free) + 1;
  }
  return free;
}

function topmost(slots: readonly number[], rows: Int32Array): number | undefined {
  let top: number | undefined;
  for (const slot of slots) {
    const row = rows[slot] ?? -1;
    if (row >= 0 && (top === undefined || row < top)) top = row;
  }
  return top;
}

function compareRows(a = 0, b = 0): number {
  return a === b ? 0 : a - b;
}
