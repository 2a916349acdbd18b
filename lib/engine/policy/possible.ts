import type { ObjectId } from "#lib/model/ids.ts";
import type { Clause, Doubt } from "#lib/model/verdict.ts";

/** What decided about a packet in one direction. */
export type DecidedBy =
  /** This end is no pod, so that no policy binds it. */
  | "no-pod"
  /** A pod sends to itself. */
  | "same-pod"
  /** The kubelet's node, which policies never keep out. */
  | "own-node"
  /** A pod on its node's network, which policies do not bind (as the dialect has it). */
  | "host-network"
  | "admin-tier"
  | "network-policy"
  | "baseline-tier"
  /** No policy concerns it, and Kubernetes lets everything through. */
  | "default";

export interface Decision {
  readonly by: DecidedBy;
  /** The rules that let it through or refuse it; for a refusal by isolation, every policy that isolates. */
  readonly clauses: readonly Clause[];
  /** NetworkPolicies that isolate this end. */
  readonly isolatedBy: readonly ObjectId[];
}

/** What may come of a packet: one of the two, or both where something is in doubt. */
export interface Possible {
  readonly allowed?: Decision | undefined;
  readonly denied?: Decision | undefined;
  readonly doubts: readonly Doubt[];
}

export const impossible: Possible = { doubts: [] };

/** Either may happen. Of two decisions alike the first one's reason is kept, with the clauses of both where it is the same. */
export function or(a: Possible, b: Possible): Possible {
  return {
    allowed: joined(a.allowed, b.allowed),
    denied: joined(a.denied, b.denied),
    doubts: [...a.doubts, ...b.doubts],
  };
}

function joined(a: Decision | undefined, b: Decision | undefined): Decision | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.by !== b.by) return a;
  const clauses = [
    ...a.clauses,
    ...b.clauses.filter((clause) => !a.clauses.some((other) => isSame(clause, other))),
  ];
  return { ...a, clauses, isolatedBy: [...new Set([...a.isolatedBy, ...b.isolatedBy])] };
}

function isSame(a: Clause, b: Clause): boolean {
  return (
    a.policy === b.policy &&
    a.direction === b.direction &&
    a.rule === b.rule &&
    a.peer === b.peer &&
    a.port === b.port
  );
}

export function withDoubts(possible: Possible, doubts: readonly Doubt[]): Possible {
  return doubts.length === 0 ? possible : { ...possible, doubts: [...possible.doubts, ...doubts] };
}
