import { addAll, type BitSet, emptySet, has } from "./bit-set.ts";
import { flags } from "./cell.ts";

/** Verdicts about numbered ends: allowed for sure, denied for sure, and where neither unknown. */
export interface Halves {
  readonly open: BitSet;
  readonly shut: BitSet;
}

export type Decision = "allowed" | "denied" | "unknown";

/** Asks once for each part, by its first member. */
export function halvesOf(size: number, parts: readonly BitSet[], decide: (part: BitSet) => Decision): Halves {
  const halves = { open: emptySet(size), shut: emptySet(size) };
  for (const part of parts) {
    const decision = decide(part);
    if (decision === "allowed") addAll(halves.open, part);
    if (decision === "denied") addAll(halves.shut, part);
  }
  return halves;
}

/** As one of `flags`. */
export function flagIn({ open, shut }: Halves, member: number): number {
  if (has(open, member)) return flags.reachable;
  return has(shut, member) ? flags.blocked : flags.unknown;
}
