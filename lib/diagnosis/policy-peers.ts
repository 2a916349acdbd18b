import type { NetworkPolicy, PolicyPeer, PolicyRule } from "#lib/model/objects.ts";

export type PodsPeer = Extract<PolicyPeer, { kind: "pods" }>;

export interface PlacedPeer {
  readonly direction: "ingress" | "egress";
  /** Field path in the policy: `spec.ingress[0].from[1]`. */
  readonly path: string;
  readonly peer: PodsPeer;
}

/**
 * Peers that select pods, in the directions that `policyTypes` puts in force. An `ipBlock` is left out: it is
 * usually meant for what is no pod, so that no pod is in it says nothing.
 */
export function peersInForce(policy: NetworkPolicy): readonly PlacedPeer[] {
  return [
    ...(policy.policyTypes.includes("Ingress") ? placed(policy.ingress, "ingress", "from") : []),
    ...(policy.policyTypes.includes("Egress") ? placed(policy.egress, "egress", "to") : []),
  ];
}

function placed(
  rules: readonly PolicyRule[],
  direction: PlacedPeer["direction"],
  key: "from" | "to",
): readonly PlacedPeer[] {
  return rules.flatMap(({ peers }, rule) =>
    peers.flatMap((peer, index) =>
      peer.kind === "pods" ? [{ direction, path: `spec.${direction}[${rule}].${key}[${index}]`, peer }] : [],
    ),
  );
}
