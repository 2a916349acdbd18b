import { cellNumber, landed, noFlags, verdictOf } from "./cell.ts";
import type { NumberedColumn } from "./numbered-ends.ts";

/** Columns laid out flat, for a row of ten thousand cells: those that are alike are worked out once. */
export interface ColumnPlan {
  /** Writes the number of each cell, but for columns in which nodes count; `met`: joined flags of every slot. */
  write(met: Uint8Array, into: Uint8Array): void;
}

export function columnPlan(columns: readonly NumberedColumn[]): ColumnPlan {
  const kindOf = new Int32Array(columns.length).fill(-1);
  const kinds: NumberedColumn[] = [];
  const byProfile = new Map<string, number>();
  for (const [number, column] of columns.entries()) {
    const { profile } = column;
    if (profile === undefined) continue;
    const known = byProfile.get(profile) ?? kinds.push(column) - 1;
    byProfile.set(profile, known);
    kindOf[number] = known;
  }
  const flat = flatten(kinds);
  const found = new Uint8Array(kinds.length);
  return {
    write(met, into) {
      writeCells(flat, met, found);
      for (let number = 0; number < into.length; number++) {
        const kind = kindOf[number] ?? -1;
        if (kind !== -1) into[number] = found[kind] ?? 0;
      }
    },
  };
}

/** All landings of all ports of all kinds of columns in a row, so that a pass over them runs through memory once. */
interface Flat {
  readonly slots: Int32Array;
  /** Index into `outcomes`. */
  readonly outcomes: Uint8Array;
  /** Where each port's landings end, and where each kind's ports end. */
  readonly portEnds: Int32Array;
  readonly kindEnds: Int32Array;
}

const outcomes = ["pass", "block", "unknown"] as const;

function flatten(kinds: readonly NumberedColumn[]): Flat {
  const ports = kinds.flatMap((kind) => kind.ports);
  const landings = ports.flat();
  return {
    slots: Int32Array.from(landings, ({ slot }) => slot ?? -1),
    outcomes: Uint8Array.from(landings, ({ outcome }) => outcomes.indexOf(outcome)),
    portEnds: endsOf(ports.map((port) => port.length)),
    kindEnds: endsOf(kinds.map((kind) => kind.ports.length)),
  };
}

function endsOf(lengths: readonly number[]): Int32Array {
  let end = 0;
  return Int32Array.from(lengths, (length) => {
    end += length;
    return end;
  });
}

function writeCells({ slots, outcomes: codes, portEnds, kindEnds }: Flat, met: Uint8Array, into: Uint8Array) {
  let port = 0;
  let landing = 0;
  for (let kind = 0; kind < kindEnds.length; kind++) {
    let best = -1;
    let differs = false;
    for (const portEnd = kindEnds[kind] ?? 0; port < portEnd; port++) {
      let joined = noFlags;
      for (const end = portEnds[port] ?? 0; landing < end; landing++) {
        const flag = met[slots[landing] ?? -1] ?? noFlags;
        joined |= afterLanding[(codes[landing] ?? 0) * 8 + flag] ?? noFlags;
      }
      const worth = worths[joined] ?? 0;
      if (best !== -1 && worth !== best) differs = true;
      if (worth > best) best = worth;
    }
    into[kind] = best === worthOf.reachable && differs ? cellNumber["some-ports"] : (cellOfWorth[best] ?? 0);
  }
}

/** `landed` for each outcome and each join of flags. */
const afterLanding = Uint8Array.from({ length: outcomes.length * 8 }, (_, at) =>
  landed(at % 8, outcomes[Math.floor(at / 8)] ?? "unknown"),
);

/** The more the better for whoever asks. */
const worthOf = { blocked: 0, unknown: 1, depends: 2, reachable: 3 } as const;
const cellOfWorth = [cellNumber.blocked, cellNumber.unknown, cellNumber.depends, cellNumber.reachable];
const worths = Uint8Array.from({ length: 8 }, (_, met) => worthOf[verdictOf(met)]);
