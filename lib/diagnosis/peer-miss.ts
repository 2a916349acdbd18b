/** What a policy's peer that matches nothing was most likely meant to match. */
import type { NearMiss } from "#lib/engine/facts.ts";
import { nearestOf, nearness } from "#lib/engine/near-words.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { isFinished } from "#lib/engine/pod-readiness.ts";
import { labelsInWords, selectorInWords } from "#lib/engine/selector.ts";
import type { Evidence, Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { LabelSelector, Namespace, NetworkPolicy, Pod } from "#lib/model/objects.ts";
import { jsonPatch, pointer } from "./patch.ts";
import { everyPod, type PodsPeer } from "./policy-peers.ts";
import { fixSelector, nearMissEvidence } from "./selector-fix.ts";

export interface PeerMiss {
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly fix: Fix;
  readonly touches: readonly ObjectId[];
}

interface Sight {
  readonly objects: { readonly pods: readonly Pod[]; readonly namespaces: readonly Namespace[] };
  readonly workloads: readonly { readonly id: ObjectId; readonly pods: readonly Pod[] }[];
  readonly podsMatching: (namespace: string, selector: LabelSelector) => readonly Pod[];
  readonly nearMissOf: (namespace: string, selector: LabelSelector) => NearMiss | undefined;
}

/** The label that every namespace carries with its name as the value, put there by the API server. */
const nameLabel = "kubernetes.io/metadata.name";

/** The namespaces are right (or the policy's own); no pod in them matches. */
export function missInNamespaces(
  policy: NetworkPolicy,
  path: string,
  peer: PodsPeer,
  namespaces: readonly string[],
  sight: Sight,
): PeerMiss | undefined {
  const { podSelector = everyPod } = peer;
  for (const namespace of namespaces) {
    const near = sight.nearMissOf(namespace, podSelector);
    // With nothing differing, the pods are in another namespace, which is looked at below for what it means to a peer.
    if (near === undefined || near.differs.length === 0) continue;
    return {
      sentence: near.sentence,
      evidence: nearMissEvidence(near),
      fix: fixSelector({
        object: policy.id,
        path: `${path}.podSelector.matchLabels`,
        labels: podSelector.matchLabels,
        nearMiss: near,
        pods: sight.objects.pods.filter((pod) => namespaces.includes(pod.namespace)),
        meant: sight.workloads.find(({ id }) => id === near.workload)?.pods ?? [],
      }),
      touches: [near.workload],
    };
  }
  return missElsewhere(policy, path, peer, namespaces, sight);
}

/** Pods with exactly these labels run where the peer does not look. */
function missElsewhere(
  policy: NetworkPolicy,
  path: string,
  { namespaceSelector, podSelector = everyPod }: PodsPeer,
  namespaces: readonly string[],
  { objects, podsMatching }: Sight,
): PeerMiss | undefined {
  // An expression alone ("has no label x") matches half of any cluster.
  if (Object.keys(podSelector.matchLabels).length === 0) return undefined;
  const found = objects.namespaces
    .filter(({ name }) => !namespaces.includes(name))
    .filter(({ name }) => podsMatching(name, podSelector).some((pod) => !isFinished(pod)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const [only, ...more] = found;
  if (only === undefined) return undefined;
  const names = found.map(({ name }) => name);
  const where = `pods with these labels exist in ${names.length === 1 ? "namespace" : "namespaces"} ${listedUpTo(names, 3)}`;
  if (namespaceSelector !== undefined) {
    return {
      sentence: `${where}, which the peer's namespaceSelector (${selectorInWords(namespaceSelector)}) does not select`,
      evidence: found.map((namespace) => labelsOf(namespace)),
      fix: { text: `Change the namespaceSelector of the peer to select ${listedUpTo(names, 3)}` },
      touches: [],
    };
  }
  const selector = { matchLabels: { [nameLabel]: only.name } };
  return {
    sentence: `${where}; the peer has no namespaceSelector, so it only sees ${policy.namespace}`,
    evidence: found.map((namespace) => labelsOf(namespace)),
    fix: {
      text: `Add a namespaceSelector to the peer, for example ${nameLabel}=${only.name}`,
      patch:
        more.length > 0
          ? undefined
          : jsonPatch(policy.id, { op: "add", path: pointer(path, "namespaceSelector"), value: selector }),
    },
    touches: [],
  };
}

/** No namespace is selected at all: most often one is meant by its name, under a label that it does not carry. */
export function missOfNamespaces(
  policy: NetworkPolicy,
  path: string,
  { namespaceSelector }: PodsPeer,
  namespaces: readonly Namespace[],
): PeerMiss | undefined {
  // The labels of a namespace whose object was not given are not known.
  const candidates = namespaces.filter(({ implied }) => implied !== true);
  const labels = namespaceSelector?.matchLabels ?? {};
  for (const [key, value] of Object.entries(labels)) {
    const rest = Object.entries(labels).filter(([other]) => other !== key);
    const agreeing = candidates.filter((namespace) =>
      rest.every(([other, asked]) => namespace.labels[other] === asked),
    );
    const near = nearestOf(
      value,
      agreeing.map(({ name }) => name),
    );
    const byName = agreeing.find(({ name }) => name === near);
    const byLabel = agreeing.find((namespace) => nearness(value, namespace.labels[key] ?? "") !== undefined);
    const meant = agreeing.find(({ name }) => name === value) ?? byLabel ?? byName;
    if (meant === undefined) continue;
    const actual = meant === byLabel ? meant.labels[key] : undefined;
    const carried = actual === undefined ? `${nameLabel}=${meant.name}` : `${key}=${actual}`;
    const changed = {
      matchLabels: {
        ...Object.fromEntries(rest),
        [actual === undefined ? nameLabel : key]: actual ?? meant.name,
      },
    };
    const whole = (namespaceSelector?.matchExpressions.length ?? 0) === 0;
    return {
      sentence: `no namespace carries ${key}=${value}; namespace ${meant.name} carries ${carried}`,
      evidence: [labelsOf(meant)],
      fix: {
        text: `Select the namespace by ${carried}`,
        patch: whole
          ? jsonPatch(policy.id, { op: "replace", path: pointer(path, "namespaceSelector"), value: changed })
          : undefined,
      },
      touches: [meant.id],
    };
  }
  return undefined;
}

function labelsOf(namespace: Namespace): Evidence {
  return { object: namespace.id, path: "metadata.labels", value: labelsInWords(namespace.labels) };
}
