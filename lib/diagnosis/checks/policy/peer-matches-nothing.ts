import { kubectl, selectorArgument } from "#lib/engine/fix/kubectl.ts";
import { isFinished } from "#lib/engine/pod-readiness.ts";
import { isEmptySelector, selectorInWords, selectorMatches } from "#lib/engine/selector.ts";
import { workloadPlurals } from "#lib/model/snapshot.ts";
import { defineCheck, notInManifests, unjudged } from "../../check.ts";
import { missInNamespaces, missOfNamespaces, namespaceMeant, type PeerMiss } from "../../peer-miss.ts";
import { type PodsPeer, peersInForce } from "../../policy-peers.ts";
import { everyPod, rememberBySelector } from "../../selectors.ts";
import { isWorkloads } from "../../workload-kinds.ts";

export const policyPeerMatchesNothing = defineCheck({
  id: "policy/peer-matches-nothing",
  code: "NET-402",
  severity: "warning",
  summary: "A peer of a NetworkPolicy matches no pod, so its rule admits less than it says",
  inputs: ["networkPolicies", "pods"],
  ifRead: ["namespaces", ...workloadPlurals],
  *find(given) {
    const { objects, origin, unread, podsMatching, workloadsMeant } = given;
    const known = objects.namespaces ?? [];
    const selected = rememberBySelector((selector) =>
      known.filter(({ labels }) => selectorMatches(selector, labels)).map(({ name }) => name),
    );
    const nearest = rememberBySelector((selector) => namespaceMeant(selector, known));
    for (const policy of objects.networkPolicies) {
      yield;
      for (const { direction, path, peer } of peersInForce(policy)) {
        const { namespaceSelector, podSelector = everyPod } = peer;
        const namespaces = namespaceSelector === undefined ? [policy.namespace] : selected(namespaceSelector);
        if (namespaces.some((name) => podsMatching(name, podSelector).some((pod) => !isFinished(pod))))
          continue;
        // Any pod of these namespaces is meant: that there is none yet is no mistake.
        if (namespaces.length > 0 && isEmptySelector(podSelector)) continue;
        if (namespaces.some((name) => workloadsMeant(name, podSelector).length > 0)) continue;

        if (origin === "manifests") {
          // What a repository's policies admit from other namespaces is seldom in the same repository.
          const own = namespaceSelector === undefined && podsMatching(policy.namespace, everyPod).length > 0;
          if (!own) {
            yield notInManifests("pods", namespaceSelector === undefined ? policy.namespace : undefined);
            continue;
          }
        }
        const miss: PeerMiss | undefined =
          namespaces.length === 0
            ? missOfNamespaces(policy, path, peer, nearest)
            : missInNamespaces(policy, path, peer, namespaces, { ...given, namespaces: known });
        const missing = unread.filter(
          (kind) =>
            kind === "pods" ||
            (kind === "namespaces" && namespaceSelector !== undefined) ||
            (isWorkloads(kind) && miss === undefined),
        );
        if (missing.length > 0) {
          yield unjudged(...missing);
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
          // The pods that the policy guards feel it first: whoever was meant does not get in.
          touches: [
            ...workloadsMeant(policy.namespace, policy.podSelector).map(({ id }) => id),
            ...(miss?.touches ?? []),
          ],
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
