import { objectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";

/**
 * Where the two ends of a packet run. It counts only where one of them is on its node's network and the other is not: a
 * node and its own pods are not kept apart (docs/spec/policy.md, 4 and 6.5).
 */
export type Placement = "any" | "same-node" | "other-node" | "unplaced";

export interface Pair {
  readonly source: Pod;
  readonly destination: Pod;
  readonly placement: Placement;
}

/**
 * One packet for each way in which pods of one class may send to pods of another: between different pods, wherever
 * there are two; else from the one pod to itself.
 */
export function pairsOf(sources: readonly Pod[], destinations: readonly Pod[]): readonly Pair[] {
  const [source] = sources;
  const [destination] = destinations;
  if (source === undefined || destination === undefined) return [];
  if (source.hostNetwork === destination.hostNetwork) return [anyPair(sources, destinations)];
  return placed(sources, destinations);
}

function anyPair(sources: readonly Pod[], destinations: readonly Pod[]): Pair {
  const [source] = sources;
  const [destination] = destinations;
  if (source === undefined || destination === undefined) throw new Error("no pods to pair");
  const two = twoPods(sources, destinations);
  const placement = "any";
  if (two === undefined) return { source, destination, placement };
  return { source: two.source, destination: two.isTwin ? twinOf(two.source) : two.destination, placement };
}

export interface TwoPods {
  readonly source: Pod;
  readonly destination: Pod;
  /** The two are one, which stands for several. */
  readonly isTwin: boolean;
}

/** Two different pods, one of each list; undefined where both hold one and the same only. */
export function twoPods(sources: readonly Pod[], destinations: readonly Pod[]): TwoPods | undefined {
  const [source] = sources;
  const [destination] = destinations;
  if (source === undefined || destination === undefined) return undefined;
  const to = destinations.find(({ id }) => id !== source.id);
  if (to !== undefined) return { source, destination: to, isTwin: false };
  const from = sources.find(({ id }) => id !== destination.id);
  if (from !== undefined) return { source: from, destination, isTwin: false };
  return hasTwin(source) ? { source, destination, isTwin: true } : undefined;
}

/** Whether it stands for several pods. */
function hasTwin({ template }: Pod): boolean {
  return template !== undefined && template.count > 1;
}

const twins = new WeakMap<Pod, Pod>();

/** A pod that differs in nothing but that it is another. */
export function twinOf(pod: Pod): Pod {
  const twin = twins.get(pod) ?? { ...pod, id: objectId("pod", pod.namespace, `${pod.name} (another)`) };
  twins.set(pod, twin);
  return twin;
}

function placed(sources: readonly Pod[], destinations: readonly Pod[]): readonly Pair[] {
  const from = firstByNode(sources);
  const to = firstByNode(destinations);
  const pairs: Pair[] = [];
  const [fewer, more] = from.size < to.size ? [from, to] : [to, from];
  const shared = [...fewer.keys()].find((node) => node !== undefined && more.has(node));
  const add = (source: Pod | undefined, destination: Pod | undefined, placement: Placement) => {
    if (source !== undefined && destination !== undefined) pairs.push({ source, destination, placement });
  };
  if (shared !== undefined) add(from.get(shared), to.get(shared), "same-node");
  for (const [node, source] of from) {
    if (node === undefined) continue;
    const other = [...to].find(([there]) => there !== undefined && there !== node);
    if (other === undefined) continue;
    add(source, other[1], "other-node");
    break;
  }
  if (from.has(undefined)) add(from.get(undefined), destinations[0], "unplaced");
  else if (to.has(undefined)) add(sources[0], to.get(undefined), "unplaced");
  return pairs;
}

const cache = new WeakMap<readonly Pod[], ReadonlyMap<string | undefined, Pod>>();

function firstByNode(pods: readonly Pod[]): ReadonlyMap<string | undefined, Pod> {
  const known = cache.get(pods);
  if (known !== undefined) return known;
  const first = new Map<string | undefined, Pod>();
  for (const pod of pods) if (!first.has(pod.nodeName)) first.set(pod.nodeName, pod);
  cache.set(pods, first);
  return first;
}
