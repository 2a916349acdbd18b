/** What would have to be read to settle verdicts that are unknown. */
import { foreignPlurals, type PluralKind, tieredPlurals } from "#lib/model/snapshot.ts";
import type { Doubt, DoubtCode } from "#lib/model/verdict.ts";
import { type Unjudged, unjudged } from "./check.ts";

/** Kinds of policies besides NetworkPolicy: for a check's `ifRead`. */
export const tierPlurals = [...tieredPlurals, ...foreignPlurals] as const satisfies readonly PluralKind[];

/** Kinds that policies' verdicts hang on besides the policies and pods that a check is about: for its `ifRead`. */
export const verdictPlurals = [
  "namespaces",
  "nodes",
  // The network plugin's own DaemonSet tells how it reads what the specification leaves open.
  "daemonSets",
  ...tierPlurals,
] as const satisfies readonly PluralKind[];

const wanted: Partial<Record<DoubtCode, readonly PluralKind[]>> = {
  "policies-unread": ["networkPolicies", ...tierPlurals],
  "labels-unread": ["namespaces", "nodes"],
  "host-network": ["daemonSets"],
  "ip-block-on-pods": ["daemonSets"],
  "ip-block-on-nodes": ["daemonSets"],
  "node-not-given": ["pods"],
};

/**
 * That something could not be judged for these reasons. What is merely undefined, or in a policy that is not evaluated,
 * is no lack of reading: other checks tell of that.
 */
export function unjudgedFor(doubts: readonly Doubt[], unread: readonly PluralKind[] = []): Unjudged {
  return unjudged(...new Set([...doubts.flatMap(({ code }) => wanted[code] ?? []), ...unread]));
}
