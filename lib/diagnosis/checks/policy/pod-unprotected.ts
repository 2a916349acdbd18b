import { authoredLabels } from "#lib/engine/controller-labels.ts";
import type { NearMiss } from "#lib/engine/facts.ts";
import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { counted, listed, objectInWords } from "#lib/engine/object-words.ts";
import type { NamespaceProtection, WorkloadProtection } from "#lib/engine/policy/protection.ts";
import { labelsInWords } from "#lib/engine/selector.ts";
import type { NetworkPolicy } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { directions, isSystemNamespace, isUnsure, whatIsOpen } from "../../protection-words.ts";
import { tierPlurals, unjudgedFor } from "../../undecided.ts";

export const policyPodUnprotected = defineCheck({
  id: "policy/pod-unprotected",
  code: "NET-409",
  severity: "info",
  summary: "No policy limits a workload in a namespace where nearly all others are limited",
  inputs: ["networkPolicies", "pods"],
  ifRead: ["namespaces", ...tierPlurals],
  *find({ protection, policiesLacking, policies, unread }) {
    // What limits it may be among what was not read.
    if (unread.includes("networkPolicies") || unread.includes("pods")) return;
    const lacking = policiesLacking();
    // Policies that select no pod, by the workload whose pods they nearly select.
    const missed = Map.groupBy(
      policies.flatMap(({ policy, nearMiss }) =>
        nearMiss === undefined || policy.kind !== "network-policy" ? [] : { policy, nearMiss },
      ),
      ({ nearMiss }) => nearMiss.workload,
    );
    const namespaces = yield* protection();
    // A tier that selects namespaces by labels which are not known.
    if (isUnsure(namespaces)) yield unjudged("namespaces");
    for (const namespace of namespaces) {
      if (isSystemNamespace(namespace.namespace)) continue;
      const usual = directions.filter((direction) => isUsual(namespace, direction));
      for (const each of namespace.workloads) {
        const open = usual.filter((direction) => each.open[direction] > 0);
        if (open.length === 0) continue;
        if (lacking.length > 0) yield unjudgedFor([], lacking);
        else yield found(namespace, each, open, missed.get(each.workload)?.[0]);
      }
    }
  },
});

/** Left out is what two for one are not: elsewhere a policy is for few workloads, as it seems. */
function isUsual({ workloads }: NamespaceProtection, direction: Direction): boolean {
  const limited = workloads.filter(({ limited: sure, pods }) => sure[direction] === pods).length;
  return limited >= 2 * (workloads.length - limited);
}

interface Missed {
  readonly policy: NetworkPolicy;
  readonly nearMiss: NearMiss;
}

function found(
  { namespace, workloads }: NamespaceProtection,
  { workload, pods, open: openPods, openPod }: WorkloadProtection,
  open: readonly Direction[],
  missed: Missed | undefined,
): Found {
  const name = objectInWords(workload);
  const [pod] = open.flatMap((direction) => openPod[direction] ?? []);
  const labels = authoredLabels(pod?.labels ?? {});
  const count = Math.max(...open.map((direction) => openPods[direction]));
  const whom = count === pods ? name : `${counted(count, "pod")} of ${name}`;
  const limited = workloads.filter((each) =>
    open.every((direction) => each.limited[direction] === each.pods),
  ).length;
  return {
    subject: workload,
    message: `No policy for ${open.join(" or ")} selects ${whom}, so nothing limits ${whatIsOpen(open, "it", "it")}; ${limited} of ${workloads.length} workloads of ${namespace} have one`,
    evidence: [
      { object: pod?.id ?? workload, path: "metadata.labels", value: labelsInWords(labels) || "none" },
    ],
    nearMiss:
      missed === undefined ? undefined : `${missed.policy.name} selects no pod: ${missed.nearMiss.sentence}`,
    fix: {
      text:
        missed === undefined
          ? `Write a policy for ${listed(open)} of ${name}, or a default deny for all of ${namespace}`
          : `Correct the podSelector of ${missed.policy.name}`,
    },
    kubectl: kubectl(
      namespace,
      "get",
      "pods",
      ...(Object.keys(labels).length === 0 ? [] : ["-l", labelsArgument(labels)]),
      "--show-labels",
    ),
    touches: missed === undefined ? [] : [missed.policy.id],
    follows: missed === undefined ? [] : [{ object: missed.policy.id, checks: ["policy/selects-nothing"] }],
  };
}
