import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { ProbeRefusal } from "#lib/engine/reachability/probe-refusals.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { defineCheck, type Found } from "../../check.ts";
import { ifEnforced } from "../../refusal-words.ts";
import { tierPlurals, unjudgedFor } from "../../undecided.ts";

export const policyBlocksKubeletProbes = defineCheck({
  id: "policy/blocks-kubelet-probes",
  code: "NET-405",
  severity: "warning",
  summary: "Probes of pods in Istio's ambient mesh come from an address that policies do not admit",
  inputs: ["networkPolicies", "pods", "namespaces"],
  ifRead: ["daemonSets", "nodes", ...tierPlurals],
  *find({ probeRefusals, ownerOf, isEnforced }) {
    const byPolicy = new Map<ObjectId, ProbeRefusal[]>();
    for (const each of probeRefusals()) {
      if (each.kind === "undecided") {
        yield unjudgedFor(each.doubts);
        continue;
      }
      const { id } = each.refusal.policy;
      byPolicy.set(id, [...(byPolicy.get(id) ?? []), each]);
    }
    for (const refusals of byPolicy.values()) {
      const pods = refusals.flatMap((each) => each.pods);
      const owners = [...new Set(pods.map(({ id }) => ownerOf.get(id) ?? id))].sort();
      yield ifEnforced(isEnforced(), found(refusals, owners));
    }
  },
});

function found(refusals: readonly ProbeRefusal[], owners: readonly ObjectId[]): Found {
  const [first] = refusals.toSorted((a, b) => a.port - b.port);
  if (first === undefined) throw new Error("nothing is refused");
  const { policy, evidence, fix } = first.refusal;
  const ports = [...new Set(refusals.map(({ port }) => port))].sort((a, b) => a - b);
  const sources = new Set(refusals.map(({ from }) => from));
  const [pod] = first.pods;
  const { namespace } = refOf(owners[0] ?? policy.id);
  return {
    subject: policy.id,
    message: `${policy.name} does not admit ${[...sources].sort().join(" and ")}, from which probes of ${listedUpTo(owners.map(objectInWords), 3)} come in Istio's ambient mesh (${ports.map((port) => `${port}/TCP`).join(", ")}): with some network plugins they fail`,
    evidence: [
      ...evidence,
      ...(pod === undefined
        ? []
        : [{ object: pod.id, path: "spec.containers", value: `probes on ${ports.join(", ")}` }]),
    ],
    // A rule for one port, from one address, mends no other.
    fix: ports.length === 1 && sources.size === 1 ? fix : { text: fix.text },
    kubectl: kubectl(namespace, "get", "events", "--field-selector", "reason=Unhealthy"),
    touches: owners.length > 20 ? [] : owners,
  };
}
