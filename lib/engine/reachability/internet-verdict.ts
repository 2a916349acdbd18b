import type { Pod, ServicePort } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { blocksOver } from "../policy/blocks-over.ts";
import { targetPortOn } from "../target-port.ts";
import { internetParties } from "../trace/outside.ts";
import { commonFamilies, packetEnd } from "../trace/party.ts";
import type { World } from "../trace/world.ts";

export type InternetVerdict =
  /** `isolated`: there are policies, and they let it in. */
  | { readonly is: "open"; readonly isolated: boolean }
  | { readonly is: "shut" }
  | { readonly is: "undecided"; readonly doubts: readonly Doubt[] };

/**
 * Whether policies let the internet at large, which no rule names, come to any of these pods by a Service port. Its own
 * address is asked about: that a node puts its own in its place on the way (externalTrafficPolicy Cluster) is left out.
 */
export function internetVerdict(world: World, pods: readonly Pod[], port: ServicePort): InternetVerdict {
  const { facts, policies, classOf } = world;
  const classes = [...new Map(pods.map((pod) => [classOf(pod), pod])).values()];
  const rest = internetParties(facts, blocksOver(policies, classes, "ingress")).filter(
    ({ label }) => label !== undefined,
  );
  const doubts: Doubt[] = [];
  for (const pod of classes) {
    const { number } = targetPortOn(pod, port);
    if (number === undefined) continue;
    const destination = { kind: "pods", pods: [pod] } as const;
    for (const party of rest) {
      for (const family of commonFamilies(party, destination)) {
        const verdict = policies.directionVerdict(
          {
            source: packetEnd(party, family),
            destination: packetEnd(destination, family),
            port: number,
            protocol: port.protocol,
          },
          "ingress",
        );
        if (verdict.decision === "allowed") return { is: "open", isolated: verdict.isolatedBy.length > 0 };
        doubts.push(...verdict.doubts);
      }
    }
  }
  return doubts.length > 0 ? { is: "undecided", doubts } : { is: "shut" };
}
