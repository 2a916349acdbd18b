import type { CompiledPolicies } from "../policy/compile-policies.ts";
import { commonOf, type Family } from "../trace/party.ts";
import { flags } from "./cell.ts";
import type { NumberedEnds, NumberedRow } from "./numbered-ends.ts";
import { type PolicyGrid, policyGrid } from "./policy-grid.ts";

/**
 * What the packets of a row come to at every slot: joined flags, as policies and address families have it. Valid until
 * the next row is asked for.
 */
export type SlotFlags = (row: NumberedRow) => Uint8Array;

type Families = readonly Family[] | "any";

/** A grid for each address family that is spoken; between the generator's steps others may run. */
export function* slotFlags(policies: CompiledPolicies, ends: NumberedEnds): Generator<undefined, SlotFlags> {
  const { classes, slots } = ends;
  const familiesOfSlots = familiesBySlot(ends);
  const meetings = meetingsWith(familiesOfSlots);
  const grids = new Map<Family | undefined, PolicyGrid>();
  for (const family of familiesIn(ends, meetings)) {
    const grid = policyGrid(policies, classes, slots, family);
    grids.set(family, grid);
    yield* grid.prepare();
  }
  const scratch = new Uint8Array(slots.length);
  const joined = new Uint8Array(slots.length);

  return ({ senders }) => {
    joined.fill(0);
    for (const { number, families } of senders) {
      if (number === undefined) throw new Error("a pod on its node's network has no row of its own here");
      const meeting = meetings(families);
      for (const [family, isSpoken] of meeting.byFamily) {
        grids.get(family)?.flagsFrom(number, scratch);
        for (let slot = 0; slot < joined.length; slot++)
          if (isSpoken[slot] === 1) joined[slot] = (joined[slot] ?? 0) | (scratch[slot] ?? 0);
      }
      for (let slot = 0; slot < joined.length; slot++)
        if (meeting.none[slot] === 1) joined[slot] = (joined[slot] ?? 0) | flags.blocked;
    }
    return joined;
  };
}

/** In which families one that speaks these meets every slot, and which it cannot meet. */
interface Meeting {
  readonly byFamily: ReadonlyMap<Family | undefined, Uint8Array>;
  readonly none: Uint8Array;
}

function meetingsWith(slots: readonly Families[]): (families: Families) => Meeting {
  const known = new Map<string, Meeting>();
  return (families) => {
    const key = String(families);
    const found = known.get(key) ?? meetingOf(families, slots);
    known.set(key, found);
    return found;
  };
}

function meetingOf(families: Families, slots: readonly Families[]): Meeting {
  const byFamily = new Map<Family | undefined, Uint8Array>();
  const none = new Uint8Array(slots.length);
  for (const [slot, there] of slots.entries()) {
    const common = commonOf(families, there);
    if (common.length === 0) none[slot] = 1;
    for (const family of common) {
      const spoken = byFamily.get(family) ?? new Uint8Array(slots.length);
      spoken[slot] = 1;
      byFamily.set(family, spoken);
    }
  }
  return { byFamily, none };
}

function familiesBySlot({ slots, columns }: NumberedEnds): readonly Families[] {
  const found = new Map<number, Families>();
  for (const { ports } of columns)
    for (const { slot, families } of ports.flat()) if (slot !== undefined) found.set(slot, families);
  return slots.map((_, slot) => found.get(slot) ?? "any");
}

function familiesIn(
  { rows }: NumberedEnds,
  meetings: (families: Families) => Meeting,
): ReadonlySet<Family | undefined> {
  const all = new Set<Family | undefined>();
  const spoken = new Map(
    rows.flatMap(({ senders }) => senders.map(({ families }) => [String(families), families])),
  );
  for (const families of spoken.values())
    for (const family of meetings(families).byFamily.keys()) all.add(family);
  return all;
}
