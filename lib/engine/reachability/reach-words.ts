import type { ObjectId } from "#lib/model/ids.ts";
import type { ReachDirection } from "#lib/model/reach.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { listedUpTo } from "../object-words.ts";
import { clauseInWords, policyInWords, policyOf } from "../policy/clause-words.ts";
import type { DirectionVerdict, PolicyVerdict } from "../policy/compile-policies.ts";

/** What decided about packets between two ends, in words and by name. */
export interface Because {
  readonly why: string;
  readonly policies: readonly ObjectId[];
}

/** The end that was asked about speaks first: what the other end says counts where this one lets it pass. */
export function becauseOf(
  index: ClusterIndex,
  { decision, egress, ingress }: PolicyVerdict,
  direction: ReachDirection,
): Because {
  const both = direction === "to" ? [ingress, egress] : [egress, ingress];
  const deciding = both.find((each) => each.decision === decision && isByPolicy(each));
  if (deciding === undefined) return { why: plainly(both), policies: [] };
  const policies = [...new Set([...deciding.allowedBy, ...deciding.deniedBy].map(({ policy }) => policy))];
  switch (decision) {
    case "allowed":
      return { why: admission(index, deciding), policies };
    case "denied":
      return { why: refusal(index, deciding), policies };
    case "unknown":
      return { why: deciding.doubts[0]?.sentence ?? "it is not known what policies say", policies };
  }
}

function isByPolicy({ decision, by }: DirectionVerdict): boolean {
  return decision === "unknown" || by === "network-policy" || by === "admin-tier" || by === "baseline-tier";
}

function plainly(verdicts: readonly DirectionVerdict[]): string {
  if (verdicts.some(({ by }) => by === "same-pod")) return "a pod always reaches itself";
  if (verdicts.some(({ by }) => by === "own-node")) return "a pod's own node always reaches it";
  if (verdicts.some(({ by }) => by === "host-network"))
    return "no policy limits it; policies do not bind pods on their node's network";
  return "no policy limits it";
}

function admission(index: ClusterIndex, { direction, allowedBy }: DirectionVerdict): string {
  const [first] = allowedBy;
  const verb = direction === "ingress" ? "admitted" : "let out";
  return first === undefined ? verb : `${verb} by ${clauseInWords(index, first)}`;
}

function refusal(index: ClusterIndex, { direction, by, deniedBy }: DirectionVerdict): string {
  const [first] = deniedBy;
  if (by !== "network-policy" && first !== undefined) return `denied by ${clauseInWords(index, first)}`;
  const names = deniedBy.flatMap(({ policy }) => {
    const found = policyOf(index, policy);
    return found === undefined ? [] : [policyInWords(found)];
  });
  return `no rule of ${listedUpTo(names, 3)} ${direction === "ingress" ? "admits it" : "lets it out"}`;
}
