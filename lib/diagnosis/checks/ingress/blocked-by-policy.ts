import { serviceInWords } from "#lib/engine/fix/backend-fix.ts";
import { kubectlGet } from "#lib/engine/fix/kubectl.ts";
import { listedUpTo, objectInWords } from "#lib/engine/object-words.ts";
import { policyInWords } from "#lib/engine/policy/clause-words.ts";
import type { EntryRefusal } from "#lib/engine/reachability/entry-refusals.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import { routePlurals } from "#lib/model/snapshot.ts";
import { requestsOf } from "../../backend-words.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { ifEnforced } from "../../refusal-words.ts";
import { unjudgedFor, verdictPlurals } from "../../undecided.ts";

export const ingressBlockedByPolicy = defineCheck({
  id: "ingress/blocked-by-policy",
  code: "NET-208",
  severity: "error",
  summary: "Policies keep the pods that serve an Ingress or route from its backend",
  inputs: ["ingresses", "services", "pods", "networkPolicies"],
  each: routePlurals,
  ifRead: ["ingressClasses", "gateways", "listenerSets", ...verdictPlurals],
  *find({ entryRefusals, unread, ownerOf, isEnforced }) {
    // The pods that do get through may be among those that were not read.
    if (unread.includes("pods")) return;
    const refused: EntryRefusal[] = [];
    for (const each of entryRefusals()) {
      if (each === undefined) yield;
      else if (each.kind === "refused") refused.push(each);
      else yield each.withoutProxy ? unjudged("ingressClasses", "gateways") : unjudgedFor(each.doubts);
    }
    const owner = (pod: Pod) => ownerOf.get(pod.id) ?? pod.id;
    const byBackend = Map.groupBy(refused, keyOf);
    for (const refusals of byBackend.values()) yield* blocked(refusals, owner, isEnforced());
  },
});

/** Rules of one Ingress or route that lead to one port of a Service. */
function keyOf({ from, entry, service, backend: { servicePort } }: EntryRefusal): string {
  return [from, entry, service, servicePort].join(" ");
}

function* blocked(
  refusals: readonly EntryRefusal[],
  owner: (pod: Pod) => ObjectId,
  isEnforced: boolean,
): Generator<Found> {
  const [first] = refusals.toSorted((a, b) => (a.backend.path < b.backend.path ? -1 : 1));
  if (first === undefined) return;
  const { from, entry, service, backend, proxies, pods, refusal } = first;
  const { policy, packet, direction, evidence, near, fix } = refusal;
  const owners = (of: readonly Pod[]) => [...new Set(of.map(owner))].sort();
  const senders = listedUpTo(owners(proxies).map(objectInWords), 2);
  const name = serviceInWords(service, refOf(from).namespace ?? "");
  const requests = listedUpTo([...new Set(refusals.map((each) => requestsOf(each.backend)))].sort(), 3);
  const side = direction === "ingress" ? "admits" : "lets out";
  yield ifEnforced(isEnforced, {
    subject: from,
    // A route may come in through several Gateways.
    part: entry === from ? backend.path : `${backend.path} from ${objectInWords(entry)}`,
    message: `Requests for ${requests} stop between ${senders} and ${name}: ${policyInWords(policy)} ${side} no ${packet.port}/${packet.protocol} from there`,
    evidence: [backend.evidence, ...evidence],
    nearMiss: near?.sentence,
    fix,
    kubectl: kubectlGet(policy.id),
    touches: [service, policy.id, ...owners(pods), ...owners(proxies), ...(entry === from ? [] : [entry])],
    follows: [
      { object: policy.id, checks: ["policy/blocks-ingress-controller"] },
      // Where only a default for all pods closes it, the Service is what lacks a policy.
      { object: service, checks: ["policy/blocks-ingress-controller", "policy/blocks-service"] },
    ],
  });
}
