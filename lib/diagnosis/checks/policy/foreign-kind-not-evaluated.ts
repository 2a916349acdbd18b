import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { counted, listed, listedUpTo } from "#lib/engine/object-words.ts";
import { countPods } from "#lib/engine/pod-readiness.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ForeignPolicy, Pod } from "#lib/model/objects.ts";
import { foreignPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

interface Concerning {
  readonly policy: ForeignPolicy;
  readonly pods: readonly Pod[];
}

/** More policies than this are counted in the evidence, not listed. */
const mostListed = 10;

export const policyForeignKindNotEvaluated = defineCheck({
  id: "policy/foreign-kind-not-evaluated",
  code: "NET-412",
  severity: "info",
  summary: "Policies of a network plugin's or mesh's own kind select pods and are not part of verdicts",
  inputs: ["pods"],
  each: foreignPlurals,
  ifRead: ["namespaces"],
  *find({ objects, concernOf }) {
    for (const plural of foreignPlurals) {
      // One finding for all that a namespace has of a kind; a cluster-wide policy speaks for itself.
      const byPlace = new Map<ObjectId, Concerning[]>();
      for (const policy of objects[plural]) {
        const { pods, perhapsMore } = concernOf(policy);
        // Policies of these kinds do not bind pods on their node's network, or by other means than these.
        const bound = pods.filter(({ hostNetwork }) => !hostNetwork);
        if (perhapsMore && bound.length === 0) yield unjudged("namespaces");
        if (bound.length === 0) continue;
        const { namespace } = policy;
        const place = namespace === undefined ? policy.id : objectId("namespace", undefined, namespace);
        byPlace.set(place, [...(byPlace.get(place) ?? []), { policy, pods: bound }]);
      }
      for (const [place, concerning] of byPlace) yield notEvaluated(place, concerning);
    }
  },
});

function notEvaluated(place: ObjectId, concerning: readonly Concerning[]): Found {
  const sorted = concerning.toSorted((a, b) => (a.policy.id < b.policy.id ? -1 : 1));
  const pods = [...new Set(sorted.flatMap((each) => each.pods))];
  const names = sorted.map(({ policy }) => policy.name);
  const [first] = sorted;
  if (first === undefined) throw new Error("nothing concerns anyone");
  const { kind, namespace } = first.policy;
  const { api, group, resource } = kinds[kind];
  const directions = (["ingress", "egress"] as const).filter((direction) =>
    sorted.some(({ policy }) => policy.directions.includes(direction)),
  );
  const whose = `${counted(countPods(pods), "pod")}${namespace === undefined ? "" : ` of ${namespace}`}`;
  return {
    subject: place,
    part: namespace === undefined ? undefined : `${resource}.${group}`,
    message: `${listedUpTo(names, 3)} (${api}, ${group}) may decide about ${listed(directions)} of ${whose} and ${names.length === 1 ? "is" : "are"} not evaluated`,
    evidence: sorted.slice(0, mostListed).map(({ policy, pods: concerned }) => ({
      object: policy.id,
      path: "spec",
      value: `may concern ${counted(countPods(concerned), "pod")}; ${policy.effect === "closes" ? "can close" : "can open and close"} ${listed(policy.directions)}`,
    })),
    fix: {
      text: "Read these policies beside the verdicts here, which are unknown where they could change something",
    },
    kubectl: kubectl(
      namespace,
      "get",
      `${resource}.${group}`,
      ...(names.length === 1 ? names : []),
      "-o",
      "yaml",
    ),
    // Not the workloads: a remark on each of a cluster's would hide what is wrong with some.
    touches: sorted.map(({ policy }) => policy.id),
  };
}
