import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listed } from "#lib/engine/object-words.ts";
import { objectId } from "#lib/model/ids.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";
import { directions, isSystemNamespace, isUnsure, limits, whatIsOpen } from "../../protection-words.ts";
import { tierPlurals, unjudgedFor } from "../../undecided.ts";

export const policyNamespaceUnprotected = defineCheck({
  id: "policy/namespace-unprotected",
  code: "NET-408",
  severity: "info",
  summary: "No policy limits any pod of a namespace, while most other namespaces have policies",
  inputs: ["networkPolicies", "pods"],
  ifRead: ["namespaces", ...tierPlurals],
  *find({ protection, policiesLacking, unread, origin }) {
    // What limits them may be among what was not read.
    if (unread.includes("networkPolicies") || unread.includes("pods")) return;
    const judged = (yield* protection()).filter(({ namespace }) => !isSystemNamespace(namespace));
    const withPolicies = directions.map(
      (direction) => judged.filter((each) => limits(each, direction) === "some").length,
    );
    // Where few namespaces have policies, that others have none is how the cluster is run, not an oversight.
    const usual = directions.filter((_, i) => (withPolicies[i] ?? 0) * 2 > judged.length);
    // A tier that selects namespaces by labels which are not known.
    if (isUnsure(judged)) yield unjudged("namespaces");
    const lacking = policiesLacking();
    for (const each of judged) {
      const { namespace, workloads } = each;
      const open = usual.filter((direction) => limits(each, direction) === "none");
      if (open.length === 0) continue;
      if (lacking.length > 0) {
        yield unjudgedFor([], lacking);
        continue;
      }
      if (origin === "manifests") {
        yield notInManifests("networkPolicies", namespace);
        continue;
      }
      const id = objectId("namespace", undefined, namespace);
      const others = Math.max(
        ...directions.map((direction, i) => (open.includes(direction) ? (withPolicies[i] ?? 0) : 0)),
      );
      yield {
        subject: id,
        message: `No policy for ${open.join(" or ")} selects a pod of ${namespace}, so nothing limits ${whatIsOpen(open, "its pods", "they")}; ${others} of ${judged.length} namespaces have one`,
        evidence: workloads.slice(0, 3).map(({ workload }) => ({
          object: workload,
          path: "metadata.labels",
          value: `no policy for ${open.join(" or ")} selects its pods`,
        })),
        fix: {
          text: `Write policies for ${namespace}: a default deny for ${listed(open)}, with a rule for each connection that is needed`,
        },
        kubectl: kubectl(namespace, "get", "networkpolicies"),
      };
    }
  },
});
