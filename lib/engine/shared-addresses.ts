import type { Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Facts } from "./facts.ts";
import { inOneGo } from "./in-one-go.ts";
import { isFinished } from "./pod-readiness.ts";

const cache = new WeakMap<Facts, ReadonlyMap<string, readonly Pod[]>>();

/**
 * Addresses that several live pods have, with those pods in the snapshot's order. Pods on their node's network share
 * its address by design, and finished ones have given theirs back.
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

function* findShared({ snapshot }: Facts): Generator<undefined, ReadonlyMap<string, readonly Pod[]>> {
  const first = new Map<string, Pod>();
  const shared = new Map<string, Pod[]>();
  for (const [at, pod] of seen(snapshot, "pods").entries()) {
    if (at % 500 === 0) yield;
    if (pod.hostNetwork || isFinished(pod)) continue;
    for (const ip of pod.ips) {
      const other = first.get(ip);
      const sharing = shared.get(ip);
      if (other === undefined) first.set(ip, pod);
      else if (sharing === undefined) shared.set(ip, [other, pod]);
      else sharing.push(pod);
    }
  }
  return shared;
}
