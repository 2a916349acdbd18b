/** The panel of a policy that is not evaluated: whom it may concern, and what is unknown because of it. */
import type { Facts } from "#lib/engine/facts.ts";
import { counted, listed } from "#lib/engine/object-words.ts";
import { countPods } from "#lib/engine/pod-readiness.ts";
import { podsConcerned } from "#lib/engine/policy/foreign-concerns.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import { selectorInWords } from "#lib/engine/selector.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ForeignPolicy, Pod } from "#lib/model/objects.ts";
import { isRead } from "#lib/model/snapshot.ts";
import type { PanelParts } from "./panel-parts.ts";
import { related, troubledFirst } from "./related.ts";

export function foreignPolicyParts(facts: Facts, policy: ForeignPolicy): PanelParts {
  const pods = [...podsConcerned(facts, policy)];
  const workloads = [...new Set(pods.map((pod) => facts.index.ownerOf.get(pod.id) ?? pod.id))].sort();
  return {
    health: "unknown",
    sentence: `Its rules are not evaluated, ${consequence(facts, policy, pods, workloads.length)}`,
    facts: [
      { label: "API group", value: kinds[policy.kind].group, mono: true },
      { label: "may concern", value: whomInWords(policy) },
      { label: "directions", value: listed(policy.directions) },
      {
        label: "effect",
        value:
          policy.effect === "closes"
            ? "can close what other policies leave open"
            : "can close what NetworkPolicies leave open, and open what they close",
      },
    ],
    related: troubledFirst(
      workloads.map((workload) =>
        related(workload, "its pods may be concerned", { health: facts.workloads.get(workload)?.health }),
      ),
    ),
  };
}

function consequence(
  { snapshot }: Facts,
  { directions }: ForeignPolicy,
  pods: readonly Pod[],
  workloads: number,
): string {
  if (!isRead(snapshot, "pods")) return "and pods could not be read";
  if (pods.length === 0) {
    const which = readInFull(snapshot, "pods") ? "no pod" : "none of the pods that could be read";
    return `and it concerns ${which} at the moment`;
  }
  const whose = `${counted(countPods(pods), "pod")} of ${counted(workloads, "workload")}`;
  return `so whether ${listed(directions)} of ${whose} ${directions.length === 1 ? "is" : "are"} allowed is unknown`;
}

/** `subject` may be wider than what the policy says, so this is who may be concerned, not who is. */
function whomInWords({ namespace, subject }: ForeignPolicy): string {
  const own = namespace ?? "every namespace";
  if (subject === undefined) return `any pod of ${own}: whom it selects is not read in full`;
  const pods = selectorInWords(subject.podSelector);
  const places =
    subject.namespaceSelector === undefined ? undefined : selectorInWords(subject.namespaceSelector);
  const where = places === undefined ? own : places === "" ? "every namespace" : `namespaces with ${places}`;
  return `${pods === "" ? "every pod" : `pods with ${pods}`} of ${where}`;
}
