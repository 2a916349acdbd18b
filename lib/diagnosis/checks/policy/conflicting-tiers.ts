import { kubectl, kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listed } from "#lib/engine/object-words.ts";
import { actionInWords, tieredPeerInWords } from "#lib/engine/policy/clause-words.ts";
import { peerInWords, portsInWords } from "#lib/engine/policy/rule-words.ts";
import type { OverruledRule, RuleInPlace, TierConflict } from "#lib/engine/reachability/tier-conflicts.ts";
import type { Evidence } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import { tieredPlurals } from "#lib/model/snapshot.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

export const policyConflictingTiers = defineCheck({
  id: "policy/conflicting-tiers",
  code: "NET-411",
  severity: "warning",
  summary: "Policies of tiers contradict each other, or leave nothing of a NetworkPolicy's rule",
  inputs: ["pods"],
  each: tieredPlurals,
  ifRead: ["networkPolicies", ...verdictPlurals],
  *find({ tierConflicts, objects, unread, ownerOf }) {
    // Whom a rule means besides can be among the pods that were not read.
    if (unread.includes("pods")) return;
    // Tiers select namespaces by their labels.
    if (tieredPlurals.some((plural) => objects[plural].length > 0))
      yield unjudged("networkPolicies", "namespaces");
    for (const each of tierConflicts()) {
      if (each.kind === "undecided") yield unjudgedFor(each.doubts);
      else if (each.kind === "conflict") yield contradiction(each);
      else yield overruled(each, [...new Set(each.pods.map(({ id }) => ownerOf.get(id) ?? id))].sort());
    }
  },
});

function contradiction({ direction, policies, packet }: TierConflict): Found {
  const [a, b] = policies;
  const [end, other] =
    direction === "ingress" ? [packet.destination, packet.source] : [packet.source, packet.destination];
  const [subject, peer] = [end, other].map((each) =>
    each.kind === "pod" ? `${each.pod.namespace}/${each.pod.name.replace(/ \(another\)$/, "")}` : undefined,
  );
  const packets = `${direction} of ${subject ?? "its pods"}${peer === undefined ? "" : ` ${direction === "ingress" ? "from" : "to"} ${peer}`} on ${packet.port}/${packet.protocol}`;
  const isOld =
    a.policy.kind === "baseline-admin-network-policy" || b.policy.kind === "baseline-admin-network-policy";
  const order = isOld
    ? "are of the Baseline tier, which has no order among them"
    : `have the same priority ${a.policy.priority}`;
  return {
    subject: a.policy.id,
    part: `spec.${direction}[${a.rule}]`,
    message: `${named(a.policy.id)} and ${named(b.policy.id)} ${order}, and differ about ${packets}: ${action(a, direction)} and ${action(b, direction)}`,
    evidence: policies.map((each) => ruleEvidence(each, direction)),
    fix: {
      text: isOld
        ? "Write what both say as one ClusterNetworkPolicy of the Baseline tier"
        : `Give ${b.policy.name} or ${a.policy.name} another priority: the lower one is asked first`,
    },
    kubectl: kubectlGet(a.policy.id),
    touches: [b.policy.id],
  };
}

function overruled({ policy, direction, rule, by }: OverruledRule, owners: readonly ObjectId[]): Found {
  const { peers = [], ports = [] } = policy[direction][rule] ?? {};
  const path = `spec.${direction}[${rule}]`;
  const verb = direction === "ingress" ? "admits" : "lets out to";
  const whom = listed(peers.map((peer) => lowerFirst(peerInWords(peer, policy.namespace))));
  const deniedBy = listed(by.map((clause) => `${named(clause.policy)} rule ${(clause.rule ?? 0) + 1}`));
  return {
    subject: policy.id,
    part: path,
    message: `${policy.name} rule ${rule + 1} ${verb} ${whom} (${portsInWords(ports)}) in vain: ${deniedBy} denies all of it first`,
    evidence: [
      { object: policy.id, path, value: `${whom}, ${portsInWords(ports)}` },
      ...by.map((clause) => ({
        object: clause.policy,
        path: `spec.${direction}[${clause.rule ?? 0}]`,
        value: "Deny, in the Admin tier",
      })),
    ],
    fix: {
      text: `Take rule ${rule + 1} out of ${policy.name}, or have a rule before ${deniedBy} accept it or pass it on`,
    },
    kubectl: kubectl(policy.namespace, "get", "networkpolicy", policy.name, "-o", "yaml"),
    touches: [...by.map((clause) => clause.policy), ...(owners.length > 20 ? [] : owners)],
  };
}

function named(id: ObjectId): string {
  const { kind, name } = refOf(id);
  return `${kinds[kind].api} ${name}`;
}

function action({ policy, rule }: RuleInPlace, direction: Direction): string {
  const found = policy[direction][rule];
  return found === undefined ? "" : actionInWords(policy, found.action);
}

function ruleEvidence(each: RuleInPlace, direction: Direction): Evidence {
  const { policy, rule } = each;
  const peers = policy[direction][rule]?.peers ?? [];
  return {
    object: policy.id,
    path: `spec.${direction}[${rule}]`,
    value: `${action(each, direction)} ${listed(peers.map(tieredPeerInWords))}${policy.kind === "baseline-admin-network-policy" ? "" : `, priority ${policy.priority}`}`,
  };
}

function lowerFirst(words: string): string {
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}
