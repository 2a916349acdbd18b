import type { Pod } from "#lib/model/objects.ts";
import type { Facts } from "./facts.ts";
import { inOneGo } from "./in-one-go.ts";
import { ownAddresses, podsSharingAddress } from "./pod-addresses.ts";

const cache = new WeakMap<Facts, ReadonlyMap<string, readonly Pod[]>>();

/**
 * Addresses that several live pods have, with those pods sorted by id. Pods on their node's network share its address by
 * design, and finished ones have given theirs back.
 */
export function sharedAddresses(facts: Facts): ReadonlyMap<string, readonly Pod[]> {
  return inOneGo(sharedAddressesInSteps(facts));
}

/** The same, with pauses in which others may run. */
export function* sharedAddressesInSteps(
  facts: Facts,
): Generator<undefined, ReadonlyMap<string, readonly Pod[]>> {
  const before = cache.get(facts);
  if (before !== undefined) return before;
  const shared = yield* findShared(facts);
  cache.set(facts, shared);
  return shared;
}

/** Live pods of which another has the same address: a packet to it reaches one of them. */
export function sharersOf(facts: Facts, pod: Pod): readonly Pod[] {
  const shared = sharedAddresses(facts);
  return pod.ips.flatMap((ip) => shared.get(ip) ?? []).filter(({ id }) => id !== pod.id);
}

function* findShared({ index }: Facts): Generator<undefined, ReadonlyMap<string, readonly Pod[]>> {
  const byAddress = new Map<string, Pod[]>();
  for (const pod of yield* podsSharingAddress(index)) {
    for (const address of new Set(ownAddresses(pod))) {
      const known = byAddress.get(address);
      if (known === undefined) byAddress.set(address, [pod]);
      else known.push(pod);
    }
  }
  return new Map([...byAddress].filter(([, { length }]) => length > 1));
}
