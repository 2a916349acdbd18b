import type { Pod } from "#lib/model/objects.ts";
import { canonicalAddress } from "../cidr.ts";
import type { EndpointFact, Facts } from "../facts.ts";
import { sharersOf } from "../shared-addresses.ts";
import { type Party, partiesOf, partyWords } from "./party.ts";
import type { Place } from "./places.ts";
import type { World } from "./world.ts";

/** Where a packet may arrive: endpoints, or pods, that are alike. */
export interface Landing {
  readonly party: Party;
  readonly port: number;
  readonly words: string;
  readonly endpoints: readonly EndpointFact[];
  /** Why a packet that is sent there comes to nothing. */
  readonly nowhere?: string | undefined;
  /** As if what blocks before were mended: its own state says nothing then. */
  readonly hypothetical: boolean;
}

/**
 * The pod that has an endpoint's address: packets follow that, whatever pod the endpoint names. Undefined where it is
 * none's, or was not read.
 */
export function takerOf({ index }: Facts, { pod, addresses }: EndpointFact): Pod | undefined {
  const object = pod === undefined ? undefined : index.byId.get(pod);
  const [address] = addresses;
  if (object?.kind !== "pod") return undefined;
  const isHere =
    address === undefined ||
    object.ips.length === 0 ||
    addresses.some((each) => object.ips.includes(each) || each === object.hostIP);
  return isHere ? object : index.podByIp.get(canonicalAddress(address));
}

export function landingsOn(
  world: World,
  pods: readonly Pod[],
  port: number,
  place: Place | undefined | false,
): readonly Landing[] {
  return partiesOf(pods, (pod) => podKey(world, pod, place)).map((party) => ({
    party,
    port,
    words: placeWords(party, place) ?? `to ${partyWords(party)}`,
    endpoints: [],
    hypothetical: false,
  }));
}

export function placeWords(party: Party, place: Place | undefined | false): string | undefined {
  return party.kind === "pods" && place ? place.words(party.pods[0]) : undefined;
}

/** What policies and the pod's own state look at. Pods of which something is to be told are told apart by name. */
export function podKey({ classOf, facts }: World, pod: Pod, place: Place | undefined | false): string {
  const plain =
    pod.template !== undefined ||
    (pod.phase === "Running" && facts.whyNotReady(pod).length === 0 && sharersOf(facts, pod).length === 0);
  const key = place ? `${classOf(pod)}\u0001${place.of(pod)}` : classOf(pod);
  return plain ? key : `${key}\u0001${pod.id}`;
}
