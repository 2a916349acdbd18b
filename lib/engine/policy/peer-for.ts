/** How a rule would name an end of a packet: for the smallest change that lets it through. */
import type { Labels, Pod } from "#lib/model/objects.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { authoredLabels } from "../controller-labels.ts";
import { labelsInWords, labelsMatch } from "../selector.ts";
import type { PacketEnd } from "./packet.ts";

/** A peer as a NetworkPolicy writes it, and in words. */
export interface WrittenPeer {
  readonly peer: Readonly<Record<string, unknown>>;
  readonly words: string;
}

export const namespaceNameLabel = "kubernetes.io/metadata.name";

/** Undefined where nothing names it: a pod without labels, a namespace without any, an address that is not given. */
export function peerFor(
  end: PacketEnd,
  policyNamespace: string,
  index: ClusterIndex,
): WrittenPeer | undefined {
  if (end.kind === "unseen") return undefined;
  if (end.kind !== "pod") {
    const cidr = blockNaming(end);
    return cidr === undefined ? undefined : { peer: { ipBlock: { cidr } }, words: `addresses in ${cidr}` };
  }
  const { pod, address } = end;
  // Nearly every network plugin sees the node in its place.
  if (pod.hostNetwork && address !== undefined) {
    const cidr = `${address.text}/${address.family === 4 ? 32 : 128}`;
    return { peer: { ipBlock: { cidr } }, words: `addresses in ${cidr}` };
  }
  const labels = tellingLabels(pod, index);
  if (labels === undefined) return undefined;
  const podSelector = { matchLabels: labels };
  const words = `pods with ${labelsInWords(labels)}`;
  if (pod.namespace === policyNamespace) return { peer: { podSelector }, words };
  const namespace = namespaceLabels(pod.namespace, index);
  if (namespace === undefined) return undefined;
  return {
    peer: { namespaceSelector: { matchLabels: namespace }, podSelector },
    words: `${words} of ${pod.namespace}`,
  };
}

/** The block of addresses that a rule would name for an end that is no pod. */
export function blockNaming(end: Exclude<PacketEnd, { kind: "pod" }>): string | undefined {
  if (end.kind === "unseen") return undefined;
  if (end.kind === "outside" && end.block !== undefined) return end.block;
  const { address } = end;
  if (address === undefined) return undefined;
  return address.text.includes("/") ? address.text : `${address.text}/${address.family === 4 ? 32 : 128}`;
}

/**
 * What sets a workload's pods apart: its own selector where it has one that they carry, else the labels that name an
 * application by custom, else all that their author wrote. Undefined where there is none.
 */
export function tellingLabels(pod: Pod, index: ClusterIndex): Labels | undefined {
  const owner = index.ownerOf.get(pod.id);
  const selector = owner === undefined ? undefined : index.workloads.get(owner)?.selector;
  if (selector !== undefined && selector.matchExpressions.length === 0) {
    const labels = authoredLabels(selector.matchLabels);
    if (Object.keys(labels).length > 0 && labelsMatch(labels, pod.labels)) return labels;
  }
  const authored = authoredLabels(pod.labels);
  for (const key of ["app.kubernetes.io/name", "app", "k8s-app", "name", "component"]) {
    const value = authored[key];
    if (value !== undefined) return { [key]: value };
  }
  return Object.keys(authored).length > 0 ? authored : undefined;
}

/** The label with its name, which API servers have set since 1.21; else the labels that it does carry. */
export function namespaceLabels(name: string, index: ClusterIndex): Labels | undefined {
  const namespace = index.namespaces.get(name);
  if (namespace === undefined || namespace.labels[namespaceNameLabel] === name)
    return { [namespaceNameLabel]: name };
  return Object.keys(namespace.labels).length > 0 ? namespace.labels : undefined;
}
