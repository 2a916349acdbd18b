import type { Pod } from "#lib/model/objects.ts";
import type { ReachDirection } from "#lib/model/reach.ts";
import { counted } from "../object-words.ts";
import { countPods } from "../pod-readiness.ts";
import type { World } from "../trace/world.ts";

/**
 * That a policy selects some of the pods and does not bind them, or may not, since they are on their node's network
 * (docs/spec/policy.md, 6.3). Where all of them are, every group says so itself.
 */
export function hostNetworkNotes(
  { policies, dialect }: World,
  pods: readonly Pod[],
  direction: ReachDirection,
): readonly string[] {
  if (dialect.hostNetworkPods === "as-pod") return [];
  const side = direction === "to" ? "ingress" : "egress";
  const unbound = pods.filter((pod) => pod.hostNetwork && policies.selection(pod, side).isolating.length > 0);
  const count = countPods(unbound);
  if (count === 0 || pods.every(({ hostNetwork }) => hostNetwork)) return [];
  const some = `${counted(count, "pod")} of ${countPods(pods)} ${count === 1 ? "is" : "are"} on the node's network`;
  return [
    dialect.hostNetworkPods === "as-node"
      ? `${some}, where no policy binds ${count === 1 ? "it" : "them"}`
      : `${some}, where it is not defined whether policies bind ${count === 1 ? "it" : "them"}`,
  ];
}
