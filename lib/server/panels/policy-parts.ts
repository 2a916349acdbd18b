/** The panel of a policy: whom it selects, and what its rules let through, in words. */
import { workloadsMeant } from "#lib/engine/expected-pods.ts";
import type { Facts, PolicyFacts } from "#lib/engine/facts.ts";
import { peerInWords, portsInWords } from "#lib/engine/policy/rule-words.ts";
import { isEmptySelector, selectorInWords } from "#lib/engine/selector.ts";
import type { Health } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { NetworkPolicy, PolicyRule, TieredPolicy } from "#lib/model/objects.ts";
import type { FactView } from "#lib/protocol/panel.ts";
import { gone, type PanelParts } from "./panel-parts.ts";
import { related } from "./related.ts";

export function policyParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.policies.get(id);
  if (found === undefined) return gone;
  const { policy, workloads = [], nearMiss, sentence } = found;
  const relation = policy.kind === "network-policy" ? "its pods are selected" : "its pods are ruled over";
  return {
    health: healthOf(facts, found),
    sentence: nearMiss === undefined ? sentence : `${sentence}. ${nearMiss.sentence}`,
    facts: policy.kind === "network-policy" ? networkPolicyFacts(policy) : tieredPolicyFacts(policy),
    related: [
      ...workloads.map((workload) =>
        related(workload, relation, { health: facts.workloads.get(workload)?.health }),
      ),
      ...(nearMiss === undefined ? [] : [related(nearMiss.workload, "nearly selected")]),
    ],
  };
}

/** A policy that selects nothing protects nothing, unless its pods are merely not there at the moment. */
function healthOf(facts: Facts, { policy, pods, hostNetworkPods = 0 }: PolicyFacts): Health {
  if (pods === undefined) return "unknown";
  if (pods > 0) return "ok";
  if (hostNetworkPods > 0) return "unknown";
  if (policy.kind !== "network-policy") return "idle";
  const { namespace, podSelector } = policy;
  const isWaiting =
    isEmptySelector(podSelector) || workloadsMeant(facts.index, namespace, podSelector).length > 0;
  return isWaiting ? "idle" : "partial";
}

function networkPolicyFacts(policy: NetworkPolicy): FactView[] {
  return [
    {
      label: "selects",
      value: selectorInWords(policy.podSelector) || "every pod of the namespace",
      mono: true,
    },
    { label: "isolates", value: policy.policyTypes.join(" and ").toLowerCase() },
    ...ruleFacts("ingress", "from", policy, policy.ingress),
    ...ruleFacts("egress", "to", policy, policy.egress),
  ];
}

function tieredPolicyFacts({ subject, tier, priority, ingress, egress }: TieredPolicy): FactView[] {
  const namespaces = selectorInWords(subject.namespaceSelector);
  const pods = subject.podSelector === undefined ? "" : selectorInWords(subject.podSelector);
  return [
    {
      label: "rules over",
      value: `${pods === "" ? "every pod" : `pods with ${pods}`} of ${namespaces === "" ? "every namespace" : `namespaces with ${namespaces}`}`,
    },
    { label: "tier", value: `${tier}, priority ${priority}` },
    { label: "rules", value: `${ingress.length} ingress, ${egress.length} egress` },
  ];
}

function ruleFacts(
  direction: "ingress" | "egress",
  word: "from" | "to",
  policy: NetworkPolicy,
  rules: readonly PolicyRule[],
): FactView[] {
  const inForce = policy.policyTypes.some((type) => type.toLowerCase() === direction);
  if (!inForce) return [];
  if (rules.length === 0) return [{ label: direction, value: "nothing is allowed" }];
  return rules.map(({ peers, ports }, i) => {
    const who = peers.map((peer) => lowerFirst(peerInWords(peer, policy.namespace))).join("; ");
    return {
      label: `${direction}[${i}]`,
      value: `${word} ${who === "" ? "anyone" : who}: ${portsInWords(ports)}`,
    };
  });
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
