import { isFinished } from "#lib/engine/pod-readiness.ts";
import { isEmptySelector, selectorInWords, selectorMatches } from "#lib/engine/selector.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";
import { kubectl, selectorArgument } from "../../kubectl.ts";
import { missInNamespaces, missOfNamespaces, type PeerMiss } from "../../peer-miss.ts";
import { everyPod, type PodsPeer, peersInForce } from "../../policy-peers.ts";
import { isWorkloads } from "../../workload-kinds.ts";

export const policyPeerMatchesNothing = defineCheck({
  id: "policy/peer-matches-nothing",
  code: "NET-402",
  severity: "warning",
  summary: "A peer of a NetworkPolicy matches no pod, so its rule admits less than it says",
  inputs: ["networkPolicies", "pods", "namespaces"],
  ifRead: workloadPlurals,
  *find(given) {
    const { objects, origin, unread, podsMatching, workloadsMeant } = given;
    for (const policy of objects.networkPolicies) {
      for (const { direction, path, peer } of peersInForce(policy)) {
        const { namespaceSelector, podSelector = everyPod } = peer;
        const namespaces =
          namespaceSelector === undefined
            ? [policy.namespace]
            : objects.namespaces
                .filter((each) => selectorMatches(namespaceSelector, each.labels))
                .map(({ name }) => name);
        if (namespaces.some((name) => podsMatching(name, podSelector).some((pod) => !isFinished(pod))))
          continue;
        // Any pod of these namespaces is meant: that there is none yet is no mistake.
        if (namespaces.length > 0 && isEmptySelector(podSelector)) continue;
        if (namespaces.some((name) => workloadsMeant(name, podSelector).length > 0)) continue;

        const miss: PeerMiss | undefined =
          namespaces.length === 0
            ? missOfNamespaces(policy, path, peer, objects.namespaces)
            : missInNamespaces(policy, path, peer, namespaces, given);
        const missing = unread.filter((kind) => miss === undefined || !isWorkloads(kind));
        if (missing.length > 0) {
          yield unjudged(...missing);
          continue;
        }
        // What a repository's policies admit from other namespaces is seldom in the same repository.
        const own = objects.pods.some((pod) => pod.namespace === policy.namespace);
        if (origin === "manifests" && (namespaceSelector !== undefined || !own)) {
          yield notInManifests(
            "pods",
            namespaceSelector === undefined ? policy.namespace : "that the peer selects",
          );
          continue;
        }
        const whom = peerInWords(peer, policy.namespace);
        yield {
          subject: policy.id,
          part: path,
          // Such pods may be yet to come, and then all is well; only a near miss makes a mistake likely.
          severity: miss === undefined ? "info" : "warning",
          message: `${policy.name} allows traffic ${direction === "ingress" ? "from" : "to"} ${whom}, and there are none`,
          evidence: [{ object: policy.id, path, value: whom }, ...(miss?.evidence ?? [])],
          nearMiss: miss?.sentence,
          fix: miss?.fix ?? {
            text: "Correct the peer's labels, unless the pods that it means are yet to come",
          },
          kubectl: kubectlLine(peer, policy.namespace),
          touches: miss?.touches ?? [],
        };
      }
    }
  },
});

function peerInWords({ namespaceSelector, podSelector = everyPod }: PodsPeer, namespace: string): string {
  const pods = isEmptySelector(podSelector) ? "pods" : `pods with ${selectorInWords(podSelector)}`;
  if (namespaceSelector === undefined) return `${pods} in ${namespace}`;
  if (isEmptySelector(namespaceSelector)) return `${pods} in any namespace`;
  return `${pods} in namespaces with ${selectorInWords(namespaceSelector)}`;
}

function kubectlLine({ namespaceSelector, podSelector = everyPod }: PodsPeer, namespace: string): string {
  if (namespaceSelector === undefined) {
    return kubectl(namespace, "get", "pods", "-l", selectorArgument(podSelector), "--show-labels");
  }
  return isEmptySelector(podSelector)
    ? kubectl(undefined, "get", "namespaces", "-l", selectorArgument(namespaceSelector), "--show-labels")
    : kubectl(undefined, "get", "pods", "-A", "-l", selectorArgument(podSelector), "--show-labels");
}
