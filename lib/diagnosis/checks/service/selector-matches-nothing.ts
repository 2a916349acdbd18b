import { asksControllerLabels } from "#lib/engine/expected-pods.ts";
import { kubectl, labelsArgument } from "#lib/engine/fix/kubectl.ts";
import { fixSelector, nearMissEvidence } from "#lib/engine/fix/selector-fix.ts";
import { labelsInWords } from "#lib/engine/selector.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";
import { everyPod } from "../../selectors.ts";
import { isWorkloads } from "../../workload-kinds.ts";

export const serviceSelectorMatchesNothing = defineCheck({
  id: "service/selector-matches-nothing",
  code: "NET-101",
  severity: "error",
  summary: "A Service selects no pod in its namespace",
  inputs: ["services", "pods"],
  ifRead: workloadPlurals,
  *find({ services, workloads, origin, unread, podsMatching, workloadsMeant }) {
    for (const { service, backing, selected, nearMiss } of services) {
      // Without a selector, someone else writes the EndpointSlices.
      if (backing !== "selector" || selected.length > 0) continue;
      const { id, name, namespace, selector } = service;
      // Scaled to zero on purpose, or its pods could not be created: either way the selector is right.
      if (workloadsMeant(namespace, { matchLabels: selector, matchExpressions: [] }).length > 0) continue;
      // Without a near miss, a workload that was not read may be the one meant, scaled to zero.
      const missing = unread.filter(
        (kind) => kind === "pods" || (isWorkloads(kind) && nearMiss === undefined),
      );
      if (missing.length > 0) {
        yield unjudged(...missing);
        continue;
      }
      const hasPods = podsMatching(namespace, everyPod).length > 0;
      if (origin === "manifests" && (!hasPods || asksControllerLabels(selector))) {
        yield notInManifests("pods", namespace);
        continue;
      }
      yield {
        subject: id,
        part: "spec.selector",
        message: `No pod in ${namespace} carries the labels that ${name} selects: ${labelsInWords(selector)}`,
        evidence: [
          { object: id, path: "spec.selector", value: labelsInWords(selector) },
          ...(nearMiss === undefined ? [] : nearMissEvidence(nearMiss)),
        ],
        nearMiss: nearMiss?.sentence,
        fix:
          nearMiss === undefined
            ? {
                text: "Change the selector to labels that its pods carry, or start the pods that it is meant for",
              }
            : fixSelector({
                object: id,
                path: "spec.selector",
                labels: selector,
                nearMiss,
                podsWith: (matchLabels) => podsMatching(namespace, { matchLabels, matchExpressions: [] }),
                meant: workloads.get(nearMiss.workload)?.pods ?? [],
              }),
        kubectl: kubectl(namespace, "get", "pods", "-l", labelsArgument(selector), "--show-labels"),
        touches: nearMiss === undefined ? [] : [nearMiss.workload],
      };
    }
  },
});
