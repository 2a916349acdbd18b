import type { IslandNetwork } from "./island-network.ts";

/**
 * The columns of a band from left to right, each ordered so that edges cross little: one barycentre sweep to the
 * right, one back to the left (Sugiyama's heuristic). Names break ties, since slots are sorted by name.
 */
export function orderBand(
  { nodes, left, right }: IslandNetwork,
  band: readonly number[],
): readonly (readonly number[])[] {
  const columns: number[][] = [];
  for (const slot of band) {
    const column = columns[columns.length - 1];
    if (column !== undefined && nodes[column[0] ?? 0]?.lane === nodes[slot]?.lane) column.push(slot);
    else columns.push([slot]);
  }
  // Where a slot stands in its column, from 0 to 1, so that columns of different length compare.
  const height = new Map<number, number>();
  const measure = (column: readonly number[]) => {
    column.forEach((slot, at) => {
      height.set(slot, (at + 0.5) / column.length);
    });
  };
  const sort = (column: number[], neighbours: readonly (readonly number[])[]) => {
    const pull = new Map(
      column.map((slot) => [slot, meanHeight(neighbours[slot] ?? [], height) ?? height.get(slot) ?? 0]),
    );
    column.sort((a, b) => (pull.get(a) ?? 0) - (pull.get(b) ?? 0) || a - b);
    measure(column);
  };
  for (const column of columns) measure(column);
  for (const column of columns.slice(1)) sort(column, left);
  for (const column of columns.slice(0, -1).reverse()) sort(column, right);
  return columns;
}

function meanHeight(slots: readonly number[], height: ReadonlyMap<number, number>): number | undefined {
  let sum = 0;
  let count = 0;
  for (const slot of slots) {
    const at = height.get(slot);
    if (at === undefined) continue;
    sum += at;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}
