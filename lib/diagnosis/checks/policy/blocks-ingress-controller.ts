import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import type { EntryRefusal } from "#lib/engine/reachability/entry-refusals.ts";
import { isEmptySelector } from "#lib/engine/selector.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { followsNear, ifEnforced } from "../../refusal-words.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

export const policyBlocksIngressController = defineCheck({
  id: "policy/blocks-ingress-controller",
  code: "NET-407",
  severity: "error",
  summary: "Policies keep the pods of an Ingress controller or Gateway from the backends of its rules",
  inputs: ["networkPolicies", "pods", "services", "ingresses"],
  each: routePlurals,
  ifRead: ["ingressClasses", "gateways", "listenerSets", ...verdictPlurals],
  *find({ entryRefusals, unread, ownerOf, isEnforced }) {
    // The proxies that do get through may be among the pods that were not read.
    if (unread.includes("pods")) return;
    const bySubject = new Map<ObjectId, EntryRefusal[]>();
    for (const each of entryRefusals()) {
      yield;
      if (each === undefined) continue;
      if (each.kind === "undecided") {
        yield each.withoutProxy ? unjudged("ingressClasses", "gateways") : unjudgedFor(each.doubts);
        continue;
      }
      const subject = subjectOf(each);
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), each]);
    }
    for (const [subject, refusals] of bySubject)
      yield ifEnforced(
        isEnforced(),
        found(subject, refusals, (pod) => ownerOf.get(pod.id) ?? pod.id),
      );
  },
});

/** A policy that is about these pods; where only a default for all pods closes them, the Service that nothing opens. */
function subjectOf({ refusal: { policy }, service }: EntryRefusal): ObjectId {
  return policy.kind === "network-policy" && isEmptySelector(policy.podSelector) ? service : policy.id;
}

function found(subject: ObjectId, refusals: readonly EntryRefusal[], ownerOf: (pod: Pod) => ObjectId): Found {
  const sorted = refusals.toSorted((a, b) =>
    a.from === b.from ? (a.backend.path < b.backend.path ? -1 : 1) : a.from < b.from ? -1 : 1,
  );
  const [first] = sorted;
  if (first === undefined) throw new Error("nothing is refused");
  const { policy, packet, evidence, near, fix } = first.refusal;
  const owners = (pods: readonly Pod[]) => [...new Set(pods.map(ownerOf))].sort();
  const proxies = owners(sorted.flatMap((each) => each.proxies));
  const behind = owners(sorted.flatMap(({ pods }) => pods));
  const requests = [...new Set(sorted.map(({ backend }) => requestsOf(backend)))];
  return {
    subject,
    message: `${policy.name} keeps ${listedUpTo(proxies.map(objectInWords), 2)} from ${listedUpTo(behind.map(objectInWords), 2)} (${packet.port}/${packet.protocol}), so requests for ${listedUpTo(requests, 2)} fail`,
    evidence: [...evidence, ...sorted.slice(0, 5).map(({ backend }) => backend.evidence)],
    nearMiss: near?.sentence,
    // A rule for one port and one controller mends no other.
    fix: isOne(sorted) ? fix : { text: fix.text },
    kubectl: kubectlGet(policy.id),
    touches: [...behind, ...proxies, policy.id, ...sorted.flatMap(({ from, service }) => [from, service])],
    follows: [
      ...followsNear(first.refusal),
      ...sorted.map(({ service }) => ({ object: service, checks: ["policy/blocks-service"] })),
    ],
  };
}

function isOne(refusals: readonly EntryRefusal[]): boolean {
  const keys = refusals.map(({ refusal: { packet, direction }, proxies }) =>
    [direction, packet.port, packet.protocol, ...proxies.map(({ id }) => id)].join(" "),
  );
  return new Set(keys).size === 1;
}
