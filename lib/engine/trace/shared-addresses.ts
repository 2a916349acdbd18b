import type { Pod } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";

const cache = new WeakMap<Facts, ReadonlyMap<string, readonly Pod[]>>();

/** Live pods of which another has the same address: a packet to it reaches one of them. */
export function sharersOf(facts: Facts, pod: Pod): readonly Pod[] {
  let shared = cache.get(facts);
  if (shared === undefined) {
    shared = sharedAddresses(facts);
    cache.set(facts, shared);
  }
  const addresses = shared;
  return pod.ips.flatMap((ip) => addresses.get(ip) ?? []).filter(({ id }) => id !== pod.id);
}

function sharedAddresses({ snapshot }: Facts): ReadonlyMap<string, readonly Pod[]> {
  const first = new Map<string, Pod>();
  const shared = new Map<string, Pod[]>();
  for (const pod of seen(snapshot, "pods")) {
    if (pod.hostNetwork || isFinished(pod)) continue;
    for (const ip of pod.ips) {
      const other = first.get(ip);
      if (other === undefined) first.set(ip, pod);
      else shared.set(ip, [...(shared.get(ip) ?? [other]), pod]);
    }
  }
  return shared;
}
