/** What a policy's peer that matches nothing was most likely meant to match. */
import type { NearMiss } from "#lib/engine/facts.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { fixSelector, nearMissEvidence } from "#lib/engine/fix/selector-fix.ts";
import { nearestOf, nearness } from "#lib/engine/near-words.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { isFinished } from "#lib/engine/pod-readiness.ts";
import { labelsInWords, selectorInWords } from "#lib/engine/selector.ts";
import type { Evidence, Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { LabelSelector, Namespace, NetworkPolicy, Pod } from "#lib/model/objects.ts";
import type { PodsPeer } from "./policy-peers.ts";
import { everyPod } from "./selectors.ts";

export interface PeerMiss {
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly fix: Fix;
  readonly touches: readonly ObjectId[];
}

interface Sight {
  readonly namespaces: readonly Namespace[];
  readonly workloads: ReadonlyMap<ObjectId, { readonly pods: readonly Pod[] }>;
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
        podsWith: (matchLabels) =>
          namespaces.flatMap((each) => sight.podsMatching(each, { matchLabels, matchExpressions: [] })),
        meant: sight.workloads.get(near.workload)?.pods ?? [],
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
  { namespaces: all, podsMatching }: Sight,
): PeerMiss | undefined {
  // An expression alone ("has no label x") matches half of any cluster.
  if (Object.keys(podSelector.matchLabels).length === 0) return undefined;
  const found = all
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

interface NamespaceMeant {
  readonly namespace: Namespace;
  /** The label that no namespace carries. */
  readonly asked: { readonly key: string; readonly value: string };
  /** The label that would select it in place of the one asked for. */
  readonly carried: { readonly key: string; readonly value: string };
}

/**
 * Which namespace a selector that selects none means: most often it is named by its name, under a label that it does
 * not carry. One label may be wrong, the others have to agree.
 */
export function namespaceMeant(
  selector: LabelSelector,
  namespaces: readonly Namespace[],
): NamespaceMeant | undefined {
  // The labels of a namespace whose object was not given are not known.
  const candidates = namespaces.filter(({ implied }) => implied !== true);
  for (const [key, value] of Object.entries(selector.matchLabels)) {
    const rest = Object.entries(selector.matchLabels).filter(([other]) => other !== key);
    const agreeing = candidates.filter(({ labels }) =>
      rest.every(([other, asked]) => labels[other] === asked),
    );
    const asked = { key, value };
    const byName = (name: string | undefined) => {
      const namespace = agreeing.find((each) => each.name === name);
      return namespace && { namespace, asked, carried: { key: nameLabel, value: namespace.name } };
    };
    const byLabel = () => {
      const namespace = agreeing.find(({ labels }) => nearness(value, labels[key] ?? "") !== undefined);
      return namespace && { namespace, asked, carried: { key, value: namespace.labels[key] ?? "" } };
    };
    const meant =
      byName(value) ??
      byLabel() ??
      byName(
        nearestOf(
          value,
          agreeing.map(({ name }) => name),
        ),
      );
    if (meant !== undefined) return meant;
  }
  return undefined;
}

/** No namespace is selected at all. */
export function missOfNamespaces(
  policy: NetworkPolicy,
  path: string,
  { namespaceSelector }: PodsPeer,
  nearest: (selector: LabelSelector) => NamespaceMeant | undefined,
): PeerMiss | undefined {
  const meant = namespaceSelector === undefined ? undefined : nearest(namespaceSelector);
  if (namespaceSelector === undefined || meant === undefined) return undefined;
  const { namespace, asked, carried } = meant;
  const rest = Object.entries(namespaceSelector.matchLabels).filter(([key]) => key !== asked.key);
  const matchLabels = { ...Object.fromEntries(rest), [carried.key]: carried.value };
  const words = `${carried.key}=${carried.value}`;
  return {
    sentence: `no namespace carries ${asked.key}=${asked.value}; namespace ${namespace.name} carries ${words}`,
    evidence: [labelsOf(namespace)],
    fix: {
      text: `Select the namespace by ${words}`,
      patch:
        namespaceSelector.matchExpressions.length > 0
          ? undefined
          : jsonPatch(policy.id, {
              op: "replace",
              path: pointer(path, "namespaceSelector"),
              value: { matchLabels },
            }),
    },
    touches: [namespace.id],
  };
}

function labelsOf(namespace: Namespace): Evidence {
  return { object: namespace.id, path: "metadata.labels", value: labelsInWords(namespace.labels) };
}
