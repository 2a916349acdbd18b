import { pairsOf } from "../policy/pairs.ts";
import { commonOf, type Family, packetEnd } from "../trace/party.ts";
import type { World } from "../trace/world.ts";
import { bestOf, cellNumber, flagOf, flags, noFlags } from "./cell.ts";
import { columnPlan } from "./column-plan.ts";
import type { Decision } from "./halves.ts";
import type { MatrixEnd } from "./matrix-ends.ts";
import {
  type NumberedColumn,
  type NumberedLanding,
  type NumberedRow,
  type NumberedSender,
  numberEnds,
} from "./numbered-ends.ts";
import { slotFlags } from "./slot-flags.ts";

export interface WorkloadMatrix {
  /** Rows and columns alike. */
  readonly ends: readonly MatrixEnd[];
  /** Rows that no policy tells apart are one profile; how many there are bounds the work. */
  readonly profiles: number;
  /** Numbers of `cells`, a column each. */
  row(source: number): Uint8Array;
}

/** The matrix of these ends, all of `matrixEnds`; between the generator's steps others may run. */
export function* workloadMatrix(
  world: World,
  ends: readonly MatrixEnd[],
): Generator<undefined, WorkloadMatrix> {
  const numbered = yield* numberEnds(world, ends);
  const { rows, columns } = numbered;
  const flagsAt = yield* slotFlags(world.policies, numbered);
  const byPairs = askedByPairs(world);
  const plan = columnPlan(columns);
  const placed = [...columns.entries()].filter(([, { profile }]) => profile === undefined);
  const profiles = new Set(rows.map(({ profile }) => profile)).size;
  const kept = new Map<string, Uint8Array>();

  /** The cells of columns in which nodes do not count. */
  function writeAlike(row: NumberedRow, profile: string, into: Uint8Array): void {
    const known = kept.get(profile);
    if (known !== undefined) {
      into.set(known);
      return;
    }
    plan.write(flagsAt(row), into);
    if (profiles * ends.length <= mostKept) kept.set(profile, into.slice());
  }

  return {
    ends,
    profiles,
    row(source) {
      const row = rows[source];
      const own = columns[source];
      if (row === undefined || own === undefined) throw new Error(`no row ${source}`);
      if (row.profile === undefined)
        return Uint8Array.from(columns, (column) => pairCell(row, column, byPairs));
      const found = new Uint8Array(ends.length);
      writeAlike(row, row.profile, found);
      for (const [number, column] of placed) found[number] = pairCell(row, column, byPairs);
      found[source] = pairCell(row, own, byPairs);
      return found;
    },
  };
}

/** Cells of rows that are kept for others like them. */
const mostKept = 20_000_000;

type DecideByPairs = (
  source: NumberedSender,
  landing: NumberedLanding,
  family: Family | undefined,
) => readonly Decision[];

function pairCell({ senders }: NumberedRow, { ports }: NumberedColumn, decide: DecideByPairs): number {
  const joined = ports.map((landings) => {
    let met = noFlags;
    for (const sender of senders) {
      for (const landing of landings) {
        const families = commonOf(sender.families, landing.families);
        if (families.length === 0) met |= flags.blocked;
        for (const family of families)
          for (const decision of decide(sender, landing, family)) met |= flagOf(decision, landing.outcome);
      }
    }
    return met;
  });
  return cellNumber[bestOf(joined)];
}

/** Asks for each pair that may differ: where nodes count, and within a workload. */
function askedByPairs({ policies }: World): DecideByPairs {
  const known = new Map<string, Decision>();
  return (source, landing, family) =>
    pairsOf(source.pods, landing.pods).map((pair) => {
      const { port, protocol } = landing;
      const isSelf = pair.source.id === pair.destination.id;
      const key = [source.alike, landing.alike, port, protocol, family, pair.placement, isSelf].join(" ");
      const decision =
        known.get(key) ??
        policies.verdict({
          source: packetEnd({ kind: "pods", pods: [pair.source] }, family),
          destination: packetEnd({ kind: "pods", pods: [pair.destination] }, family),
          port,
          protocol,
        }).decision;
      known.set(key, decision);
      return decision;
    });
}
