/** The panel of a policy: whom it selects, and what its rules let through, in words. */
import type { Facts } from "#lib/engine/facts.ts";
import { selectorInWords } from "#lib/engine/selector.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { NetworkPolicy, PolicyRule } from "#lib/model/objects.ts";
import type { FactView } from "#lib/protocol/panel.ts";
import type { PanelParts } from "./object-panel.ts";
import { related } from "./related.ts";

export function policyParts(facts: Facts, id: ObjectId): PanelParts {
  const found = facts.policies.get(id);
  if (found === undefined) return { health: "unknown", sentence: "Not read", facts: [], related: [] };
  const { policy } = found;
  return {
    health: found.pods === undefined ? "unknown" : found.pods === 0 ? "partial" : "ok",
    sentence: found.nearMiss === undefined ? found.sentence : `${found.sentence}. ${found.nearMiss.sentence}`,
    facts:
      policy.kind === "network-policy"
        ? networkPolicyFacts(policy)
        : [
            { label: "tier", value: `${policy.tier}, priority ${policy.priority}` },
            { label: "rules", value: `${policy.ingressRules} ingress, ${policy.egressRules} egress` },
          ],
    related: [
      ...(found.workloads ?? []).map((workload) => related(workload, "its pods are selected")),
      ...(found.nearMiss === undefined ? [] : [related(found.nearMiss.workload, "nearly selected")]),
    ],
  };
}

function networkPolicyFacts(policy: NetworkPolicy): FactView[] {
  return [
    {
      label: "selects",
      value: selectorInWords(policy.podSelector) || "every pod of the namespace",
      mono: true,
    },
    { label: "isolates", value: policy.policyTypes.join(" and ").toLowerCase() || "nothing" },
    ...ruleFacts("ingress", "from", policy, policy.ingress),
    ...ruleFacts("egress", "to", policy, policy.egress),
  ];
}

function ruleFacts(
  direction: "ingress" | "egress",
  word: string,
  policy: NetworkPolicy,
  rules: readonly PolicyRule[],
): FactView[] {
  const inForce = policy.policyTypes.some((type) => type.toLowerCase() === direction);
  if (!inForce) return [];
  if (rules.length === 0) return [{ label: direction, value: "nothing is allowed" }];
  return rules.map((rule, i) => {
    const ports =
      rule.ports.length === 0
        ? "every port"
        : rule.ports
            .map((p) => `${p.port ?? "all"}${p.endPort === undefined ? "" : `–${p.endPort}`}/${p.protocol}`)
            .join(", ");
    const peers =
      rule.peers.length === 0
        ? "anyone"
        : rule.peers
            .map((peer) => {
              if (peer.kind === "ip-block")
                return `${peer.cidr}${peer.except.length === 0 ? "" : ` except ${peer.except.join(", ")}`}`;
              const pods =
                peer.podSelector === undefined
                  ? "every pod"
                  : `pods ${selectorInWords(peer.podSelector) || "(any)"}`;
              const where =
                peer.namespaceSelector === undefined
                  ? `in ${policy.namespace}`
                  : `in namespaces ${selectorInWords(peer.namespaceSelector) || "(any)"}`;
              return `${pods} ${where}`;
            })
            .join("; ");
    return { label: `${direction}[${i}]`, value: `${word} ${peers}: ${ports}` };
  });
}
