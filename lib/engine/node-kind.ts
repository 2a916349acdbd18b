import type { Node } from "#lib/model/objects.ts";

/**
 * What kind of node it is, as to programs that run on every node. `virtual`: another system behind a kubelet's face, on
 * which no DaemonSet of the network runs. `managed`: the provider runs the network's programs outside the cluster's
 * sight. Windows has its own DaemonSets of everything.
 */
export type NodeKind = "ordinary" | "windows" | "virtual" | "managed";

/** Labels by which virtual nodes are known; their DaemonSets' affinities go by the same. */
const virtualLabels: readonly (readonly [key: string, value: string])[] = [
  ["type", "virtual-kubelet"],
  ["type", "kwok"],
  ["liqo.io/type", "virtual-node"],
  ["eks.amazonaws.com/compute-type", "fargate"],
  // Tencent's supernodes.
  ["node.kubernetes.io/instance-type", "eklet"],
];

const virtualTaints: ReadonlySet<string> = new Set([
  "virtual-kubelet.io/provider",
  "virtual-node.liqo.io/not-allowed",
  "kwok.x-k8s.io/node",
]);

export function nodeKind({ labels, taints }: Node): NodeKind {
  if (virtualLabels.some(([key, value]) => labels[key] === value)) return "virtual";
  if (taints.some((key) => virtualTaints.has(key))) return "virtual";
  // EKS Auto Mode: pod network and Service proxy are services of the node's own system. KubeEdge: its edge core's.
  if (labels["eks.amazonaws.com/compute-type"] === "auto") return "managed";
  if (labels["node-role.kubernetes.io/edge"] !== undefined) return "managed";
  const os = labels["kubernetes.io/os"] ?? labels["beta.kubernetes.io/os"];
  return os === "windows" ? "windows" : "ordinary";
}
