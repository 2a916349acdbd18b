/** How a rule would name an end of a packet: for the smallest change that lets it through. */
import type { Labels, Pod } from "#lib/model/objects.ts";
import type { Cidr } from "../cidr.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { authoredLabels } from "../controller-labels.ts";
import { isFinished } from "../pod-readiness.ts";
import { labelsInWords, labelsMatch } from "../selector.ts";
import type { PacketEnd } from "./packet.ts";
import type { Sight } from "./sight.ts";

/** A peer as a NetworkPolicy writes it, and in words. */
export interface WrittenPeer {
  readonly peer: Readonly<Record<string, unknown>>;
  readonly words: string;
}

export const namespaceNameLabel = "kubernetes.io/metadata.name";

/**
 * Undefined where nothing names it: a pod without labels, a namespace without any, an address that is not given, a node
 * where the network plugin takes no block of addresses to mean one.
 */
export function peerFor(end: PacketEnd, policyNamespace: string, sight: Sight): WrittenPeer | undefined {
  const { index } = sight;
  if (end.kind === "unseen" || isUnnamedNode(end, sight)) return undefined;
  if (end.kind !== "pod") return blockPeer(blockNaming(end));
  const { pod, address } = end;
  if (isNode(end, sight)) return blockPeer(address === undefined ? undefined : singleBlock(address));
  const labels = isFinished(pod) ? undefined : tellingLabels(pod, index);
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

/** Whether policies see a node there, as nearly every network plugin does for pods on its network. */
function isNode(end: PacketEnd, { dialect }: Sight): boolean {
  return (
    end.kind === "node" || (end.kind === "pod" && end.pod.hostNetwork && dialect.hostNetworkPods !== "as-pod")
  );
}

/** A node that no peer of a NetworkPolicy can mean. */
export function isUnnamedNode(end: PacketEnd, sight: Sight): boolean {
  return isNode(end, sight) && sight.dialect.ipBlockMatchesNodes === "no";
}

function blockPeer(cidr: string | undefined): WrittenPeer | undefined {
  return cidr === undefined ? undefined : { peer: { ipBlock: { cidr } }, words: `addresses in ${cidr}` };
}

/** The block of one address. */
export function singleBlock({ text, family }: Cidr): string {
  return `${text}/${family === 4 ? 32 : 128}`;
}

/** The block of addresses that a rule would name for an end that is no pod. */
export function blockNaming(end: Exclude<PacketEnd, { kind: "pod" }>): string | undefined {
  if (end.kind === "unseen") return undefined;
  if (end.kind === "outside" && end.block !== undefined) return end.block;
  const { address } = end;
  if (address === undefined) return undefined;
  return address.text.includes("/") ? address.text : singleBlock(address);
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
