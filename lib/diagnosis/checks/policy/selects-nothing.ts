import { kubectl, selectorArgument } from "#lib/engine/fix/kubectl.ts";
import { fixSelector, nearMissEvidence } from "#lib/engine/fix/selector-fix.ts";
import { isEmptySelector, selectorInWords } from "#lib/engine/selector.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";
import { everyPod } from "../../selectors.ts";
import { isWorkloads } from "../../workload-kinds.ts";

export const policySelectsNothing = defineCheck({
  id: "policy/selects-nothing",
  code: "NET-401",
  severity: "warning",
  summary: "A NetworkPolicy selects no pod, so what it was written for is unprotected",
  inputs: ["networkPolicies", "pods"],
  ifRead: ["namespaces", ...workloadPlurals],
  *find({ policies, workloads, origin, unread, podsMatching, workloadsMeant }) {
    for (const { policy, pods, hostNetworkPods = 0, nearMiss } of policies) {
      // An empty selector means every pod: with none there yet, there is nothing to be wrong about.
      if (policy.kind !== "network-policy" || pods === undefined || isEmptySelector(policy.podSelector))
        continue;
      const { id, name, namespace, podSelector } = policy;
      // Scaled to zero, or not created yet: the selector is right.
      if (pods + hostNetworkPods > 0 || workloadsMeant(namespace, podSelector).length > 0) continue;
      const missing = unread.filter(
        (kind) => kind === "pods" || (isWorkloads(kind) && nearMiss === undefined),
      );
      if (missing.length > 0) {
        yield unjudged(...missing);
        continue;
      }
      const hasPods = podsMatching(namespace, everyPod).length > 0;
      if (origin === "manifests" && !hasPods) {
        yield notInManifests("pods", namespace);
        continue;
      }
      const asked = selectorInWords(podSelector);
      yield {
        subject: id,
        part: "spec.podSelector",
        // Policies often come before the pods: in a namespace without any, that is worth knowing and no more.
        severity: hasPods ? "warning" : "info",
        message: `${name} selects no pod in ${namespace}, so it has no effect: ${asked}`,
        evidence: [
          { object: id, path: "spec.podSelector", value: asked },
          ...(nearMiss === undefined ? [] : nearMissEvidence(nearMiss)),
        ],
        nearMiss: nearMiss?.sentence,
        fix:
          nearMiss === undefined
            ? { text: "Change the podSelector to labels that the pods carry, or delete the policy" }
            : fixSelector({
                object: id,
                path: "spec.podSelector.matchLabels",
                labels: podSelector.matchLabels,
                nearMiss,
                podsWith: (matchLabels) => podsMatching(namespace, { matchLabels, matchExpressions: [] }),
                meant: workloads.get(nearMiss.workload)?.pods ?? [],
              }),
        kubectl: kubectl(namespace, "get", "pods", "-l", selectorArgument(podSelector), "--show-labels"),
        touches: nearMiss === undefined ? [] : [nearMiss.workload],
      };
    }
  },
});
