import type { Pod, Service } from "#lib/model/objects.ts";
import { twoPods } from "../policy/pairs.ts";
import { destinationStep } from "./destination-step.ts";
import { type Landing, takerOf } from "./landing.ts";
import {
  commonFamilies,
  commonOf,
  type Family,
  familiesOf,
  type Party,
  partyWords,
  speaks,
} from "./party.ts";
import { type Crossing, packetOf, policyStep } from "./policy-steps.ts";
import { type Path, type Step, step } from "./step.ts";
import { overTranslation } from "./translation.ts";
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
  if (families.length === 0) return [{ steps: [noFamily(crossed, common)], who: { landing: landing.words } }];
  return families.flatMap((family) =>
    meetings(world, crossed, family).map(({ steps, words }) => ({
      steps,
      landed: landing.party,
      who: {
        landing: words,
        ...(families.length > 1 ? { family: `over IPv${family}` } : {}),
      },
    })),
  );
}

/**
 * To every place where a Service's packets land. Each family has endpoints of its own (EndpointSlice, `addressType`): an
 * endpoint without an address of a family is never chosen for it, and where none has one, the Service's address of that
 * family leads nowhere. `service`: undefined where DNS gives the endpoints' own addresses, of which there are none then.
 */
export function crossEach(
  world: World,
  landings: readonly Landing[],
  crossed: Omit<Crossed, "landing">,
  service: Service | undefined,
): readonly Path[] {
  const to = (landing: Landing, families = crossed.families) =>
    cross(world, { ...crossed, landing, families });
  const asked = commonOf(familiesOf(crossed.source), crossed.families ?? "any");
  const [only, ...others] = asked;
  if (only === undefined || others.length === 0) {
    const paths = landings.flatMap((landing) => to(landing));
    const landed = paths.filter((path) => path.landed !== undefined);
    return landed.length > 0 ? landed : paths;
  }
  const paths = asked.flatMap((family): readonly Path[] => {
    if (family === undefined) return [];
    const who = { family: `over IPv${family}` };
    const own = landings.filter(({ party }) => speaks(party, family));
    if (own.length > 0)
      return own.flatMap((landing) =>
        to(landing, [family]).map((path) => ({ ...path, who: { ...path.who, ...who } })),
      );
    return service === undefined ? [] : [{ steps: [noEndpoint(service, family, crossed.leg)], who }];
  });
  return paths.length > 0 ? paths : landings.flatMap((landing) => to(landing));
}

/** The hop at which ends that have no address family in common fail. */
export const familySlot = "family";

function noFamily(
  { source, landing, leg, families }: Crossed,
  common: readonly (Family | undefined)[],
): Step {
  const [asked] = families ?? [];
  const lacks = (party: Party) => asked !== undefined && !speaks(party, asked);
  const without = lacks(source) ? source : lacks(landing.party) ? landing.party : undefined;
  const sentence =
    common.length === 0 || without === undefined
      ? `${partyWords(source)} and ${partyWords(landing.party)} have no address family in common`
      : `it is sent over IPv${asked}, and ${partyWords(without)} has no IPv${asked} address`;
  return step({
    slot: `${leg}:${familySlot}`,
    kind: "destination",
    title: "Address family",
    outcome: "block",
    reason: "its ends have no address family in common",
    sentence,
  });
}

function noEndpoint({ id, name }: Service, family: Family, leg: string): Step {
  return step({
    slot: `${leg}:${familySlot}`,
    kind: "endpoints",
    title: "Address family",
    outcome: "block",
    reason: `no endpoint has an IPv${family} address`,
    sentence: `no endpoint of ${name} has an IPv${family} address`,
    subject: id,
    nodes: [id],
  });
}

interface Meeting {
  readonly steps: readonly Step[];
  readonly words: string;
}

/**
 * Pods that send to the like of them meet another one, and behind a Service now and then themselves, which nothing
 * forbids (docs/spec/policy.md, 4.1): told beside the others where the answer is another.
 */
function meetings(world: World, crossed: Crossed, family: Family | undefined): readonly Meeting[] {
  const { source, landing, leg } = crossed;
  const { words } = landing;
  const [first, itself] = pairsOf(source, landing.party);
  const others = stepsOf(world, crossed, family, first);
  if (first === undefined || itself === undefined || leg === "direct" || isPassed(others))
    return [{ steps: others, words }];
  return [
    { steps: others, words: first.words },
    { steps: stepsOf(world, crossed, family, itself), words: itself.words },
  ];
}

function isPassed(steps: readonly Step[]): boolean {
  return steps.every(({ outcome }) => outcome === "pass");
}

interface Pair {
  readonly from: Party;
  readonly to: Party;
  readonly apart: Crossing["apart"];
  readonly words: string;
}

/** Different pods first, where there are two. None where the ends have no pod in common. */
function pairsOf(source: Party, destination: Party): readonly Pair[] {
  if (source.kind !== "pods" || destination.kind !== "pods") return [];
  const ids = new Set(source.pods.map(({ id }) => id));
  const shared = destination.pods.find(({ id }) => ids.has(id));
  if (shared === undefined) return [];
  const itself = {
    from: led(source, shared),
    to: led(destination, shared),
    apart: undefined,
    words: "from a pod to itself",
  };
  const two = twoPods(source.pods, destination.pods);
  if (two === undefined) return [itself];
  const others = {
    from: led(source, two.source),
    to: led(destination, two.destination),
    apart: two.isTwin ? true : undefined,
    words: "between different pods",
  } as const;
  return [others, itself];
}

type Pods = Extract<Party, { kind: "pods" }>;

/** The same pods with this one to stand for them. */
function led(party: Pods, first: Pod): Pods {
  return { ...party, pods: [first, ...party.pods.filter((pod) => pod !== first)] };
}

function stepsOf(
  world: World,
  crossed: Crossed,
  family: Family | undefined,
  pair: Pair | undefined,
): readonly Step[] {
  const { landing, protocol, servicePort, translated, leg } = crossed;
  const { port } = landing;
  const { from: source, to: party, apart } = pair ?? { from: crossed.source, to: landing.party };
  const crossing: Crossing = { source, destination: party, apart, family, port, protocol, servicePort, leg };
  const packet = packetOf(crossing);
  const { egress, ingress } = world.policies.verdict(packet);
  const steps: Step[] = [];
  if (source.kind === "pods") steps.push(policyStep(world, crossing, packet, egress));
  if (party.kind === "pods") {
    const seenThere = translated ? overTranslation(world, crossing, packet, ingress) : ingress;
    steps.push(policyStep(world, crossing, packet, seenThere));
  }
  // What keeps the pods from being chosen was said already, and is all that would be said here.
  if (landing.hypothetical) return steps;
  const lost = landing.endpoints.find(
    (endpoint) => endpoint.drift !== undefined && takerOf(world.facts, endpoint) === undefined,
  )?.drift?.sentence;
  const {
    nowhere = lost === undefined ? undefined : `nobody has the address ${partyWords(party)}: ${lost}`,
  } = landing;
  if (party.kind === "outside" && nowhere !== undefined) {
    steps.push(
      step({
        slot: `${leg}:destination`,
        kind: "destination",
        title: `Listening on ${port}`,
        outcome: "block",
        reason:
          landing.nowhere === undefined ? "nobody has its address" : "its endpoint has no address to send to",
        sentence: nowhere,
      }),
    );
    return steps;
  }
  steps.push(destinationStep(world.facts, party, port, protocol, leg));
  return steps;
}
