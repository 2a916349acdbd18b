import type { ReachVerdict } from "#lib/model/reach.ts";
import type { PathVerdict } from "../trace/step.ts";
import type { Decision } from "./halves.ts";
import type { MatrixLanding } from "./matrix-ends.ts";

/** In the order of their numbers in a row. */
export const cells: readonly ReachVerdict[] = ["blocked", "reachable", "some-ports", "depends", "unknown"];

export const cellNumber: Readonly<Record<ReachVerdict, number>> = {
  blocked: 0,
  reachable: 1,
  "some-ports": 2,
  depends: 3,
  unknown: 4,
};

/** What one path comes to, as a bit to be joined with those of the other paths on the port. */
export const flags: Record<PathVerdict, number> = { reachable: 1, blocked: 2, unknown: 4 };

export const noFlags = 0;

const flagOfDecision: Record<Decision, number> = {
  allowed: flags.reachable,
  denied: flags.blocked,
  unknown: flags.unknown,
};

/** The flag of a packet about which policies say this, where something takes it or not. */
export function flagOf(decision: Decision, outcome: MatrixLanding["outcome"]): number {
  return landed(flagOfDecision[decision], outcome);
}

/** Joined flags of packets as they come to pods, with what happens there. */
export function landed(met: number, outcome: MatrixLanding["outcome"]): number {
  if (outcome === "pass" || met === noFlags) return met;
  if (outcome === "block") return flags.blocked;
  return (met & flags.blocked) | ((met & ~flags.blocked) === 0 ? 0 : flags.unknown);
}

type PortVerdict = Exclude<ReachVerdict, "some-ports">;

const rank: Record<PortVerdict, number> = { reachable: 0, depends: 1, unknown: 2, blocked: 3 };

/** What a port comes to, by its joined flags; where no packet comes at all, it is blocked. */
export function verdictOf(met: number): PortVerdict {
  if ((met & flags.reachable) === 0) return (met & flags.unknown) === 0 ? "blocked" : "unknown";
  if ((met & flags.blocked) !== 0) return "depends";
  return (met & flags.unknown) === 0 ? "reachable" : "unknown";
}

/** `verdictOf` for each possible join of flags. */
const verdicts = Array.from({ length: 8 }, (_, met) => verdictOf(met));

/** What the best port comes to; `ports`: the joined flags of each. */
export function bestOf(ports: ArrayLike<number>): ReachVerdict {
  let best: PortVerdict = "blocked";
  let differs = false;
  for (let i = 0; i < ports.length; i++) {
    const verdict = verdicts[ports[i] ?? 0] ?? "blocked";
    if (i > 0 && verdict !== best) differs = true;
    if (i === 0 || rank[verdict] < rank[best]) best = verdict;
  }
  return best === "reachable" && differs ? "some-ports" : best;
}
