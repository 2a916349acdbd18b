import type { Node } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { DirectionVerdict } from "../policy/compile-policies.ts";
import { destinationStep } from "./destination-step.ts";
import type { Landing } from "./landing.ts";
import { commonFamilies, type Family, nodeAddress, type Party, partyWords } from "./party.ts";
import { type Crossing, packetOf, policyStep } from "./policy-steps.ts";
import { type Path, type Step, step } from "./step.ts";
import type { World } from "./world.ts";

export interface Crossed {
  readonly source: Party;
  readonly landing: Landing;
  readonly protocol: Crossing["protocol"];
  readonly servicePort?: number | undefined;
  /** Families in which the destination was addressed; undefined: those that both ends speak. */
  readonly families?: readonly Family[] | undefined;
  /** The packet came through a node that put its own address in place of the source's, on some paths at least. */
  readonly translated?: boolean | undefined;
  readonly leg: string;
}

/** From a source to where a packet lands: policies at both ends, then whether something listens; a path a family. */
export function cross(world: World, crossed: Crossed): readonly Path[] {
  const { source, landing } = crossed;
  const common = commonFamilies(source, landing.party);
  const families =
    crossed.families === undefined
      ? common
      : common.filter((family) => family === undefined || crossed.families?.includes(family));
  if (families.length === 0) return [{ steps: [noFamily(crossed)], who: { landing: landing.words } }];
  return families.map((family) => ({
    steps: stepsOf(world, crossed, family),
    landed: landing.party,
    who: {
      landing: landing.words,
      ...(families.length > 1 ? { family: `over IPv${family}` } : {}),
    },
  }));
}

/** The hop at which ends that have no address family in common fail. */
export const familySlot = "family";

function noFamily({ source, landing, leg }: Crossed): Step {
  return step({
    slot: `${leg}:${familySlot}`,
    kind: "destination",
    title: "Address family",
    outcome: "block",
    sentence: `${partyWords(source)} and ${partyWords(landing.party)} have no address family in common`,
  });
}

function stepsOf(world: World, crossed: Crossed, family: Family | undefined): readonly Step[] {
  const { source, landing, protocol, servicePort, translated, leg } = crossed;
  const { party, port } = landing;
  const crossing: Crossing = { source, destination: party, family, port, protocol, servicePort, leg };
  const packet = packetOf(crossing);
  const { egress, ingress } = world.policies.verdict(packet);
  const steps: Step[] = [];
  if (source.kind === "pods") steps.push(policyStep(world, crossing, packet, egress));
  if (party.kind === "pods") {
    const seenThere = translated ? overTranslation(world, crossing, ingress) : ingress;
    steps.push(policyStep(world, crossing, packet, seenThere));
  }
  // What keeps the pods from being chosen was said already, and is all that would be said here.
  if (landing.hypothetical) return steps;
  const lost = landing.endpoints.find(({ pod, drift }) => pod === undefined && drift !== undefined);
  if (lost?.drift !== undefined) {
    steps.push(
      step({
        slot: `${leg}:destination`,
        kind: "destination",
        title: `Listening on ${port}`,
        outcome: "block",
        sentence: `nobody has the address ${lost.addresses[0]}: ${lost.drift}`,
      }),
    );
    return steps;
  }
  steps.push(destinationStep(world.facts, party, port, protocol, leg));
  return steps;
}

/**
 * A node port or load balancer with `externalTrafficPolicy: Cluster` may show the entry node's address in place of the
 * sender's (docs/spec/policy.md, 6.4): where it makes no difference the verdict stands.
 */
function overTranslation(world: World, crossing: Crossing, direct: DirectionVerdict): DirectionVerdict {
  const { destination, family } = crossing;
  if (destination.kind !== "pods" || direct.by === "default" || direct.by === "host-network") return direct;
  const own = destination.pods[0].nodeName;
  const others = seen(world.facts.snapshot, "nodes").filter(({ name }) => name !== own);
  for (const node of others) {
    const translated = world.policies.directionVerdict(
      {
        ...packetOf(crossing),
        source: { kind: "node", name: node.name, node, address: nodeAddress(node, family) },
      },
      "ingress",
    );
    if (translated.decision === direct.decision) continue;
    const doubt = translationDoubt(node, direct, translated);
    return {
      ...direct,
      decision: "unknown",
      by: undefined,
      allowedBy: [...direct.allowedBy, ...translated.allowedBy],
      deniedBy: [...direct.deniedBy, ...translated.deniedBy],
      doubts: [...direct.doubts, ...translated.doubts, doubt],
    };
  }
  return direct;
}

function translationDoubt(node: Node, direct: DirectionVerdict, translated: DirectionVerdict): Doubt {
  const words = { allowed: "admit", denied: "refuse", unknown: "leave open" } as const;
  return {
    code: "source-translated",
    sentence: `policies ${words[direct.decision]} the sender and ${words[translated.decision]} node ${node.name}; which of the two they see behind externalTrafficPolicy: Cluster is not defined`,
    objects: [node.id],
  };
}
