/** Packets that policies refuse, by the policy that would have to let them through: for findings, one for each policy. */
import type { Evidence, Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { NetworkPolicy, TieredPolicy } from "#lib/model/objects.ts";
import { clauseEvidence, policyOf } from "../policy/clause-words.ts";
import type { DirectionVerdict } from "../policy/compile-policies.ts";
import { type NearRule, nearRule } from "../policy/near-rule.ts";
import type { Packet } from "../policy/packet.ts";
import { fixRefusal, fixTier } from "../policy/policy-fix.ts";
import { isEmptySelector } from "../selector.ts";
import type { World } from "../trace/world.ts";

export interface Refusal {
  /** Where the smallest change would be made. */
  readonly policy: NetworkPolicy | TieredPolicy;
  readonly packet: Packet;
  readonly direction: DirectionVerdict["direction"];
  /** Every policy that isolates these pods; of a tier the rules that refuse. */
  readonly evidence: readonly Evidence[];
  readonly isolatedBy: readonly ObjectId[];
  /** The rule that comes nearest to letting it through. */
  readonly near: NearRule | undefined;
  readonly fix: Fix;
}

export interface RefusalOptions {
  /** Ports of Services that lead where the packet goes, which rules name by mistake. */
  readonly servicePorts: readonly number[];
  readonly alsoTcp?: true | undefined;
  /** Whether a rule may be added to a policy for all pods of the namespace: what it opens is nothing to be kept closed. */
  readonly forAll?: true | undefined;
}

/** Why a direction refuses a packet. Undefined where it does not, or where no policy that was read says so. */
export function refusalOf(
  { facts: { index }, policies }: World,
  packet: Packet,
  verdict: DirectionVerdict,
  { servicePorts, alsoTcp, forAll }: RefusalOptions,
): Refusal | undefined {
  const { direction, deniedBy, isolatedBy, by } = verdict;
  if (verdict.decision !== "denied") return undefined;
  const [first] = deniedBy;
  const policy = first === undefined ? undefined : policyOf(index, first.policy);
  if (first === undefined || policy === undefined) return undefined;
  const evidence = deniedBy.map((clause) => clauseEvidence(index, clause));
  const common = { packet, direction, evidence, isolatedBy };
  if (by !== "network-policy" && policy.kind !== "network-policy")
    return {
      ...common,
      policy,
      near: undefined,
      fix: fixTier(policy, first, packet, undefined, policies.sight),
    };
  const end = direction === "egress" ? packet.source : packet.destination;
  const isolating = end.kind === "pod" ? policies.selection(end.pod, direction).isolating : [];
  const near = nearRule(isolating, packet, direction, policies.sight, servicePorts);
  const host =
    near?.policy ??
    toMend(
      isolating.map((each) => each.policy),
      direction,
      forAll,
    );
  if (host === undefined) return undefined;
  const fix = fixRefusal(
    { packet, direction, isolating, near, alsoTcp, host: forAll ? hostForAll(host, direction) : undefined },
    policies.sight,
  );
  return { ...common, policy: host, near, fix };
}

/** One with rules before one without, and one for few pods before one for all. */
function toMend(
  isolating: readonly NetworkPolicy[],
  direction: Refusal["direction"],
  forAll: true | undefined,
): NetworkPolicy | undefined {
  const withRules = isolating.filter((policy) => policy[direction].length > 0);
  const isForFew = ({ podSelector }: NetworkPolicy) => !isEmptySelector(podSelector);
  return forAll
    ? (withRules.find(isForFew) ?? withRules[0] ?? isolating[0])
    : (isolating.find(isForFew) ?? withRules[0] ?? isolating[0]);
}

/** A default deny stays what it is called: what is to be opened for all pods is a policy beside it. */
function hostForAll(host: NetworkPolicy, direction: Refusal["direction"]): NetworkPolicy | "new-for-all" {
  return host[direction].length === 0 && isEmptySelector(host.podSelector) ? "new-for-all" : host;
}
