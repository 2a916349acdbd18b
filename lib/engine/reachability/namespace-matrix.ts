import { cells } from "./cell.ts";
import type { WorkloadMatrix } from "./workload-matrix.ts";

/** The matrix of workloads summed up by namespace. */
export interface NamespaceMatrix {
  readonly namespaces: ReadonlyArray<{ readonly name: string; readonly workloads: number }>;
  /** A row each, as the namespaces. */
  readonly cells: ReadonlyArray<readonly NamespaceCell[]>;
}

/** Pairs of different workloads; of these those that may reach, on some port or path at least; those of which it is not known. */
export type NamespaceCell = readonly [pairs: number, may: number, unknown: number];

/** Between the generator's steps, one a row of the matrix, others may run. */
export function* namespaceMatrix(matrix: WorkloadMatrix): Generator<undefined, NamespaceMatrix> {
  const names = [...new Set(matrix.ends.map(({ namespace }) => namespace))];
  const numberOf = new Map(names.map((name, i) => [name, i]));
  const ofEnd = Int32Array.from(matrix.ends, ({ namespace }) => numberOf.get(namespace) ?? 0);
  const workloads = new Uint32Array(names.length);
  for (const namespace of ofEnd) workloads[namespace] = (workloads[namespace] ?? 0) + 1;
  const size = names.length;
  const pairs = new Uint32Array(size * size);
  const may = new Uint32Array(size * size);
  const unknown = new Uint32Array(size * size);
  for (const [source, from] of ofEnd.entries()) {
    for (const [target, cell] of matrix.row(source).entries()) {
      if (target === source) continue;
      const at = from * size + (ofEnd[target] ?? 0);
      pairs[at] = (pairs[at] ?? 0) + 1;
      if (cell === unknownCell) unknown[at] = (unknown[at] ?? 0) + 1;
      else if (cell !== blockedCell) may[at] = (may[at] ?? 0) + 1;
    }
    yield;
  }
  return {
    namespaces: names.map((name, i) => ({ name, workloads: workloads[i] ?? 0 })),
    cells: names.map((_, from) =>
      names.map((_, to) => {
        const at = from * size + to;
        return [pairs[at] ?? 0, may[at] ?? 0, unknown[at] ?? 0];
      }),
    ),
  };
}

const unknownCell = cells.indexOf("unknown");
const blockedCell = cells.indexOf("blocked");
