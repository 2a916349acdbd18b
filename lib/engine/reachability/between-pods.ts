import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { PolicyVerdict } from "../policy/compile-policies.ts";
import type { Packet } from "../policy/packet.ts";
import { pairsOf } from "../policy/pairs.ts";
import { commonFamilies, packetEnd } from "../trace/party.ts";
import type { World } from "../trace/world.ts";
import { classesOf } from "./matrix-ends.ts";

/** What policies say of all packets from some pods to a port of others. */
export type BetweenPods =
  /** Some get through: the others may be meant to come another way. */
  | { readonly is: "open" }
  | { readonly is: "undecided"; readonly doubts: readonly Doubt[] }
  | { readonly is: "shut"; readonly packet: Packet; readonly verdict: PolicyVerdict }
  /** Nobody is there, or their address families differ. */
  | { readonly is: "nothing" };

/** `port`: the destination pods' own. */
export function betweenPods(
  world: World,
  from: readonly Pod[],
  to: readonly Pod[],
  { port, protocol }: { readonly port: number; readonly protocol: Protocol },
): BetweenPods {
  const doubts: Doubt[] = [];
  let shut: Extract<BetweenPods, { is: "shut" }> | undefined;
  const destinations = classesOf(world, to);
  for (const sources of classesOf(world, from)) {
    for (const alike of destinations) {
      const families = commonFamilies({ kind: "pods", pods: sources }, { kind: "pods", pods: alike });
      for (const family of families) {
        for (const pair of pairsOf(sources, alike)) {
          const packet = {
            source: packetEnd({ kind: "pods", pods: [pair.source] }, family),
            destination: packetEnd({ kind: "pods", pods: [pair.destination] }, family),
            port,
            protocol,
          };
          const verdict = world.policies.verdict(packet);
          if (verdict.decision === "allowed") return { is: "open" };
          if (verdict.decision === "unknown")
            doubts.push(...verdict.egress.doubts, ...verdict.ingress.doubts);
          else shut ??= { is: "shut", packet, verdict };
        }
      }
    }
  }
  if (doubts.length > 0) return { is: "undecided", doubts };
  return shut ?? { is: "nothing" };
}
