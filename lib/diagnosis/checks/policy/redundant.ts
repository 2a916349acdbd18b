import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { counted, listed } from "#lib/engine/object-words.ts";
import { policyCovers } from "#lib/engine/policy/covers.ts";
import { selectorInWords } from "#lib/engine/selector.ts";
import type { Evidence } from "#lib/model/finding.ts";
import type { NetworkPolicy } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { defineCheck } from "../../check.ts";

export const policyRedundant = defineCheck({
  id: "policy/redundant",
  code: "NET-410",
  severity: "info",
  summary: "A NetworkPolicy changes nothing, since others isolate the same pods and allow all that it allows",
  inputs: ["networkPolicies"],
  *find({ policies }) {
    const sound = policies.flatMap(({ policy, directions }) =>
      policy.kind === "network-policy" && policy.faults.length === 0 ? [{ policy, directions }] : [],
    );
    const others = candidates(sound.map(({ policy }) => policy));
    for (const { policy, directions } of sound) {
      const covers = directions.map((direction) =>
        others(policy).find((other) => replaces(other, policy, direction)),
      );
      const found = [...new Set(covers.filter((cover) => cover !== undefined))].sort(byName);
      if (covers.includes(undefined)) continue;
      const names = found.map(({ name }) => name);
      const [verb, what] = names.length === 1 ? ["isolates", "allows"] : ["isolate", "allow"];
      yield {
        subject: policy.id,
        message: `${policy.name} changes nothing: ${listed(names)} ${verb} the same pods and ${what} all that it allows`,
        evidence: [policy, ...found].map(summary),
        fix: { text: `Delete ${policy.name}, or narrow ${listed(names)} if less was meant to be allowed` },
        kubectl: kubectl(policy.namespace, "get", "networkpolicy", policy.name, ...names, "-o", "yaml"),
        touches: found.map(({ id }) => id),
      };
    }
  },
});

/** Of two that cover each other the one that comes first by name stays, so that not both are called superfluous. */
function replaces(other: NetworkPolicy, policy: NetworkPolicy, direction: Direction): boolean {
  if (other === policy || !policyCovers(other, policy, direction)) return false;
  const deniesAll = policy[direction].length === 0;
  // A default deny beside rules for the same pods is written on purpose, for the day when those rules go.
  const opensAll = other[direction].some(({ peers, ports }) => peers.length === 0 && ports.length === 0);
  if (deniesAll && other[direction].length > 0 && !opensAll) return false;
  return !policyCovers(policy, other, direction) || other.name < policy.name;
}

/** The policies that may cover another one: those of its namespace that ask no label, or begin with one that it asks, too. */
function candidates(policies: readonly NetworkPolicy[]): (policy: NetworkPolicy) => readonly NetworkPolicy[] {
  const byFirst = Map.groupBy(policies.toSorted(byName), ({ namespace, podSelector }) => {
    const [first] = Object.entries(podSelector.matchLabels);
    return first === undefined ? namespace : `${namespace} ${first.join("=")}`;
  });
  return ({ namespace, podSelector: { matchLabels, matchExpressions } }) => {
    const asked = [
      ...Object.entries(matchLabels),
      ...matchExpressions.flatMap(({ key, values }) => values.map((value) => [key, value] as const)),
    ];
    return [namespace, ...new Set(asked.map((label) => `${namespace} ${label.join("=")}`))].flatMap(
      (key) => byFirst.get(key) ?? [],
    );
  };
}

function byName(a: NetworkPolicy, b: NetworkPolicy): number {
  return a.name < b.name ? -1 : 1;
}

/** "selects app=web; ingress 2 rules, egress no rule". */
function summary({ id, podSelector, policyTypes, ingress, egress }: NetworkPolicy): Evidence {
  const rules = (count: number) => (count === 0 ? "no rule" : counted(count, "rule"));
  const parts = policyTypes.map((type) =>
    type === "Ingress" ? `ingress ${rules(ingress.length)}` : `egress ${rules(egress.length)}`,
  );
  const whom = selectorInWords(podSelector) || "every pod";
  return { object: id, path: "spec", value: `selects ${whom}; ${parts.join(", ")}` };
}
