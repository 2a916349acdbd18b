/** Pods by their own addresses. Most namespaces' pods are the same list from one state to the next, and not looked at anew. */
import type { Pod } from "#lib/model/objects.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { keptFor } from "./kept-for.ts";
import { isFinished } from "./pod-readiness.ts";

type Pods = Pick<ClusterIndex, "podsByNamespace">;

/**
 * The pods that have one of these addresses as their own, sorted by id. On their node's network pods share its address by
 * design, and finished ones have given theirs back.
 */
export function* podsWithAddress(
  { podsByNamespace }: Pods,
  addresses: ReadonlySet<string>,
): Generator<undefined, readonly Pod[]> {
  const marks = new Set([...addresses].map(markOf));
  return yield* among(podsByNamespace.values(), marks, (address) => addresses.has(address));
}

/** The pods of which another has the same address, and perhaps a few more; sorted by id. */
export function* podsSharingAddress({ podsByNamespace }: Pods): Generator<undefined, readonly Pod[]> {
  const lists: Uint32Array[] = [];
  for (const pods of podsByNamespace.values()) {
    lists.push(marksOf(pods));
    yield;
  }
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const marks of lists) {
    all.set(marks, at);
    at += marks.length;
  }
  yield;
  all.sort();
  yield;
  const shared = new Set(all.filter((mark, i) => i > 0 && all[i - 1] === mark));
  return shared.size === 0 ? [] : yield* among(podsByNamespace.values(), shared, () => true);
}

function* among(
  lists: Iterable<readonly Pod[]>,
  marks: ReadonlySet<number>,
  isIt: (address: string) => boolean,
): Generator<undefined, readonly Pod[]> {
  const found: Pod[] = [];
  for (const pods of lists) {
    yield;
    if (!marksOf(pods).some((mark) => marks.has(mark))) continue;
    for (const pod of pods)
      if (ownAddresses(pod).some((address) => marks.has(markOf(address)) && isIt(address))) found.push(pod);
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function ownAddresses(pod: Pod): readonly string[] {
  return pod.hostNetwork || isFinished(pod) ? [] : pod.ips;
}

/** A number for each of the pods' addresses, to be held against others: a hundred thousand texts would take a map. */
const marksOf = keptFor((pods: readonly Pod[]) =>
  Uint32Array.from(pods.flatMap((pod) => ownAddresses(pod).map(markOf))),
);

/** FNV-1a. The same for the same address, and rarely for two. */
function markOf(address: string): number {
  let mark = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) mark = Math.imul(mark ^ address.charCodeAt(i), 0x01000193);
  return mark >>> 0;
}
