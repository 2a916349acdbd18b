import type { ObjectId } from "#lib/model/ids.ts";
import type { LabelSelector, NetworkPolicy, Pod, TieredPolicy } from "#lib/model/objects.ts";
import { isRead, type PluralKind, type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { whyNoPods, workloadsMeant } from "./expected-pods.ts";
import type { PolicyFacts } from "./facts.ts";
import { nearMiss } from "./near-miss.ts";
import { counted, listed } from "./object-words.ts";
import { countPods, isFinished } from "./pod-readiness.ts";
import { readInFull } from "./read-in-full.ts";
import { isEmptySelector, selectorInWords, selectorMatches } from "./selector.ts";

/** What each policy of any kind selects, by id. */
export function allPolicyFacts(snapshot: Snapshot, index: ClusterIndex): ReadonlyMap<ObjectId, PolicyFacts> {
  return new Map(
    evaluatedPlurals
      .flatMap((plural): readonly PolicyFacts["policy"][] => seen(snapshot, plural))
      .map((policy) => [policy.id, policyFacts(policy, snapshot, index)]),
  );
}

/** Kinds of policies whose rules are evaluated. */
export const evaluatedPlurals = [
  "networkPolicies",
  "clusterNetworkPolicies",
  "adminNetworkPolicies",
  "baselineAdminNetworkPolicies",
] as const satisfies readonly PluralKind[];

/** What one policy selects. */
export function policyFacts(
  policy: PolicyFacts["policy"],
  snapshot: Snapshot,
  index: ClusterIndex,
): PolicyFacts {
  return policy.kind === "network-policy"
    ? networkPolicyFacts(policy, snapshot, index)
    : tieredPolicyFacts(policy, snapshot, index);
}

function networkPolicyFacts(policy: NetworkPolicy, snapshot: Snapshot, index: ClusterIndex): PolicyFacts {
  const directions = policy.policyTypes.map((type) => (type === "Ingress" ? "ingress" : "egress"));
  if (!isRead(snapshot, "pods")) return unreadPods(policy, directions);
  const { namespace, podSelector } = policy;
  const selected = index.podsMatching(namespace, podSelector);
  const facts = selection(policy, directions, selected, index);
  if (selected.some((pod) => !isFinished(pod))) return facts;
  return { ...facts, ...selectsNothing(namespace, podSelector, snapshot, index) };
}

function selectsNothing(
  namespace: string,
  selector: LabelSelector,
  snapshot: Snapshot,
  index: ClusterIndex,
): Pick<PolicyFacts, "sentence" | "nearMiss"> {
  if (isEmptySelector(selector)) return { sentence: `selects every pod of ${namespace}, which has none` };
  const asked = selectorInWords(selector);
  const idle = whyNoPods(workloadsMeant(index, namespace, selector), selector);
  if (idle !== undefined) return { sentence: `selects no pod at the moment: ${idle}` };
  if (snapshot.origin === "manifests" && !index.podsByNamespace.has(namespace)) {
    return { sentence: `these files hold no pods of ${namespace} that it could select: ${asked}` };
  }
  if (!readInFull(snapshot, "pods"))
    return { sentence: `selects none of the pods that could be read: ${asked}` };
  return { sentence: `selects no pod: ${asked}`, nearMiss: nearMiss(index, namespace, selector) };
}

/** Tiered policies are cluster-wide: a selector of namespaces by their labels, then perhaps one of pods. */
function tieredPolicyFacts(policy: TieredPolicy, snapshot: Snapshot, index: ClusterIndex): PolicyFacts {
  const directions = [
    ...(policy.ingress.length > 0 ? (["ingress"] as const) : []),
    ...(policy.egress.length > 0 ? (["egress"] as const) : []),
  ];
  if (!isRead(snapshot, "pods")) return unreadPods(policy, directions);
  if (!isRead(snapshot, "namespaces")) {
    const sentence = "selects by the labels of namespaces, which could not be read";
    return { policy, workloads: undefined, pods: undefined, directions, sentence };
  }
  const { namespaceSelector, podSelector } = policy.subject;
  const selected: Pod[] = [];
  for (const name of index.namespaceNames) {
    const namespace = index.namespaces.get(name);
    if (namespace === undefined || !selectorMatches(namespaceSelector, namespace.labels)) continue;
    const pods =
      podSelector === undefined ? index.podsByNamespace.get(name) : index.podsMatching(name, podSelector);
    for (const pod of pods ?? []) selected.push(pod);
  }
  return selection(policy, directions, selected, index);
}

function unreadPods(policy: PolicyFacts["policy"], directions: PolicyFacts["directions"]): PolicyFacts {
  return { policy, workloads: undefined, pods: undefined, directions, sentence: "pods could not be read" };
}

/**
 * Pods on their node's network are selected like any other, but whether a policy binds them is undefined (most plugins
 * see their traffic as the node's), and tiered policies leave them out: they are counted apart and isolated by nothing.
 */
function selection(
  policy: PolicyFacts["policy"],
  directions: PolicyFacts["directions"],
  selected: readonly Pod[],
  index: ClusterIndex,
): PolicyFacts {
  const live = selected.filter((pod) => !isFinished(pod));
  const bound = live.filter((pod) => !pod.hostNetwork);
  const workloads = [...new Set(bound.map((pod) => index.ownerOf.get(pod.id) ?? pod.id))].sort();
  const pods = countPods(bound);
  const hostNetworkPods = countPods(live) - pods;
  const aside = `${counted(hostNetworkPods, "pod")} on the host network, where it is undefined whether policies bind`;
  const verb = policy.kind === "network-policy" ? "isolates" : "rules over";
  const what = directions.length === 0 ? "isolates nothing" : `${verb} ${listed(directions)}`;
  const whom = `${counted(pods, "pod")} of ${counted(workloads.length, "workload")}`;
  const sentence =
    pods > 0
      ? `${what} of ${whom}${hostNetworkPods > 0 ? `; also selects ${aside}` : ""}`
      : hostNetworkPods > 0
        ? `selects only ${aside}`
        : "selects no pod";
  return { policy, workloads, pods, hostNetworkPods, directions, sentence };
}
