/**
 * What a piece of work looked at, noted while it looks: so that it need not be done again while nothing of that has
 * changed. Nothing is declared by hand, and nothing is missed that goes through the index and the snapshot given here.
 */
import type { ObjectId } from "#lib/model/ids.ts";
import type { LabelSelector, Labels, Pod } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import type { Reason } from "../facts.ts";
import { labelsMatch, selectorMatches } from "../selector.ts";
import type { EndpointParts } from "./endpoint-parts.ts";

/** Pods of a namespace that were asked for by their labels. */
interface PodQuery {
  readonly namespace: string;
  readonly matches: (labels: Labels) => boolean;
}

export interface Reads {
  /** Objects, there or not, and pods whose owner or warnings were asked for. */
  readonly ids: Set<string>;
  /** Everything else: `pods@shop`, `list:nodes`, `now`. */
  readonly cells: Set<string>;
  readonly queries: PodQuery[];
  /** Work that was done piece by piece, each piece with reads of its own, which are not among these. */
  parts: EndpointParts | undefined;
}

/** The same, in as little room as it takes: there are many of them, and most look at the same few things. */
export interface KeptReads {
  readonly ids: readonly string[];
  readonly cells: readonly string[];
  readonly queries: readonly PodQuery[];
  readonly parts: EndpointParts | undefined;
}

const nothing: readonly never[] = [];

export function keptReads({ ids, cells, queries, parts }: Reads): KeptReads {
  return {
    ids: ids.size === 0 ? nothing : [...ids],
    cells: cells.size === 0 ? nothing : [...cells],
    queries: queries.length === 0 ? nothing : queries.slice(),
    parts,
  };
}

/** With a pod's id after it: another where the words about it have changed, and not the pod. */
export const reasonsKeys = "reasons:";

/** Whether it hangs on the moment itself, and not only on words that are told to it. */
export function isTimed({ cells, parts }: Reads): boolean {
  return cells.has("now") || parts?.looksAt("now") === true;
}

/** What has changed since, in the same words. */
export interface Changed {
  readonly keys: ReadonlySet<string>;
  readonly pods: ReadonlyMap<
    string,
    readonly { readonly before: Pod | undefined; readonly after: Pod | undefined }[]
  >;
}

export function noReads(): Reads {
  return { ids: new Set(), cells: new Set(), queries: [], parts: undefined };
}

/** Whether anything that was looked at is another now. */
export function areStale(reads: KeptReads, changed: Changed): boolean {
  const { keys, pods } = changed;
  for (const id of reads.ids) if (keys.has(id)) return true;
  for (const cell of reads.cells) if (keys.has(cell)) return true;
  if (reads.parts?.areStale(changed) === true) return true;
  return reads.queries.some(({ namespace, matches }) =>
    pods
      .get(namespace)
      ?.some(
        ({ before, after }) =>
          (before !== undefined && matches(before.labels)) || (after !== undefined && matches(after.labels)),
      ),
  );
}

/** Whether it may be stale through a change in another namespace; cluster-scoped objects aside. */
export function roams(reads: Reads, namespace: string): boolean {
  return asksAfar(reads, namespace) || looksAfar(reads, namespace);
}

/** In ways that no key of its own tells: it asked for pods by their labels, or has parts that look there. */
export function asksAfar({ parts, queries }: Reads, namespace: string): boolean {
  return parts?.roam === true || queries.some((query) => query.namespace !== namespace);
}

/** By a key of its own. */
export function looksAfar(reads: Reads, namespace: string): boolean {
  for (const id of reads.ids) {
    const own = namespaceIn(id);
    if (own !== undefined && own !== namespace) return true;
  }
  for (const cell of reads.cells)
    if (!clusterCells.has(cell) && namespaceOfKey(cell) !== namespace) return true;
  return false;
}

/** Where one of these has changed, everybody is asked. */
export const clusterCells: ReadonlySet<string> = new Set([
  "now",
  "domain",
  "podRange",
  "slicesFollowPods",
  "classless",
]);

/**
 * The namespace that a key is about: in whose it matters to those who look no further than their own. "": all that look
 * beyond; undefined: a cluster-scoped object's.
 */
export function namespaceOfKey(key: string): string | undefined {
  const at = key.indexOf("@");
  if (at !== -1) return key.slice(at + 1);
  const id = key.slice(key.indexOf(":") + 1);
  return id.includes("/") ? namespaceIn(id) : "";
}

/** The namespace in an object's id; undefined for a cluster-scoped one. */
export function namespaceIn(id: string): string | undefined {
  const first = id.indexOf("/");
  const second = id.indexOf("/", first + 1);
  return second === -1 ? undefined : id.slice(first + 1, second);
}

// Made here, and not where the index is at hand: what is noted is kept for long, and would keep that index with it.
const withLabels = (labels: Labels) => (own: Labels) => labelsMatch(labels, own);
const bySelector = (selector: LabelSelector) => (own: Labels) => selectorMatches(selector, own);

/** The index, noting what it is asked. One for each piece of work: what others keep beside an index stays apart. */
export function notedIndex(index: ClusterIndex, reads: Reads): ClusterIndex {
  return new NotedIndex(index, reads);
}

/** Most work asks for one or two of these, and there is much of it: each is made where it is asked for. */
class NotedIndex implements ClusterIndex {
  readonly #index: ClusterIndex;
  readonly #reads: Reads;
  #byId: ClusterIndex["byId"] | undefined;
  #ownerOf: ClusterIndex["ownerOf"] | undefined;

  constructor(index: ClusterIndex, reads: Reads) {
    this.#index = index;
    this.#reads = reads;
  }

  get byId(): ClusterIndex["byId"] {
    this.#byId ??= this.#byIds(this.#index.byId, "everything");
    return this.#byId;
  }

  get podsByNamespace(): ClusterIndex["podsByNamespace"] {
    return this.#byNamespace(this.#index.podsByNamespace, "pods");
  }

  get servicesByNamespace(): ClusterIndex["servicesByNamespace"] {
    return this.#byNamespace(this.#index.servicesByNamespace, "services");
  }

  get podByIp(): ClusterIndex["podByIp"] {
    const { podByIp } = this.#index;
    const { ids, cells } = this.#reads;
    return notedMap(
      podByIp,
      (address) => {
        const found = podByIp.get(address);
        // Where another pod takes its address, a pod counts as another.
        if (found === undefined) cells.add(`ip@${address}`);
        else ids.add(found.id);
      },
      () => void cells.add("pods"),
    );
  }

  get namespaces(): ClusterIndex["namespaces"] {
    const { ids, cells } = this.#reads;
    return notedMap(
      this.#index.namespaces,
      (name) => void ids.add(`namespace/${name}`),
      () => void cells.add("list:namespaces"),
    );
  }

  get namespaceNames(): ClusterIndex["namespaceNames"] {
    this.#reads.cells.add("namespaceNames");
    return this.#index.namespaceNames;
  }

  get ownerOf(): ClusterIndex["ownerOf"] {
    this.#ownerOf ??= this.#byIds(this.#index.ownerOf, "everything");
    return this.#ownerOf;
  }

  get workloads(): ClusterIndex["workloads"] {
    return this.#byIds(this.#index.workloads, "workloads");
  }

  get workloadsByNamespace(): ClusterIndex["workloadsByNamespace"] {
    return this.#byNamespace(this.#index.workloadsByNamespace, "workloads");
  }

  get warnings(): ClusterIndex["warnings"] {
    return this.#byIds(this.#index.warnings, "list:events");
  }

  podsSelectedBy(namespace: string, labels: Labels): readonly Pod[] {
    this.#reads.queries.push({ namespace, matches: withLabels(labels) });
    return this.#index.podsSelectedBy(namespace, labels);
  }

  podsMatching(namespace: string, selector: LabelSelector): readonly Pod[] {
    this.#reads.queries.push({ namespace, matches: bySelector(selector) });
    return this.#index.podsMatching(namespace, selector);
  }

  #byIds<V>(map: ReadonlyMap<ObjectId, V>, all: string): ReadonlyMap<ObjectId, V> {
    const { ids, cells } = this.#reads;
    return notedMap(
      map,
      (key) => void ids.add(key),
      () => void cells.add(all),
    );
  }

  #byNamespace<V>(map: ReadonlyMap<string, V>, name: string): ReadonlyMap<string, V> {
    const { cells } = this.#reads;
    return notedMap(
      map,
      (namespace) => void cells.add(`${name}@${namespace}`),
      () => void cells.add(name),
    );
  }
}

/** The snapshot, noting which lists were looked into; that a list is there at all is the same until all begins anew. */
export function notedSnapshot(snapshot: Snapshot, reads: Reads): Snapshot {
  const objects = new Proxy(snapshot.objects, {
    get(lists, plural) {
      const list: unknown = Reflect.get(lists, plural);
      if (!Array.isArray(list) || typeof plural !== "string") return list;
      return new Proxy(list, {
        get(items, at) {
          reads.cells.add(`list:${plural}`);
          return Reflect.get(items, at);
        },
      });
    },
    ownKeys(lists) {
      reads.cells.add("everything");
      return Reflect.ownKeys(lists);
    },
  });
  return {
    ...snapshot,
    objects,
    get takenAt() {
      reads.cells.add("now");
      return snapshot.takenAt;
    },
  };
}

/** Why a pod takes no traffic is told in words of time, which become others by themselves: see `FactsKeeper`. */
export function notedReasons(
  reasons: (pod: Pod) => readonly Reason[],
  reads: Reads,
): (pod: Pod) => readonly Reason[] {
  return (pod) => {
    reads.ids.add(pod.id);
    const found = reasons(pod);
    if (found.length > 0) reads.cells.add(`${reasonsKeys}${pod.id}`);
    return found;
  };
}

/** Facts by id, noting of which they were asked: `service/shop/web` of `services` is `services:service/shop/web`. */
export function notedFacts<F>(
  facts: ReadonlyMap<ObjectId, F>,
  name: string,
  reads: Reads,
): ReadonlyMap<ObjectId, F> {
  return notedMap(
    facts,
    (id) => void reads.cells.add(`${name}:${id}`),
    () => void reads.cells.add(`${name}:`),
  );
}

export function notedMap<K, V>(
  map: ReadonlyMap<K, V>,
  onKey: (key: K) => void,
  onAll: () => void,
): ReadonlyMap<K, V> {
  return new NotedMap(map, onKey, onAll);
}

class NotedMap<K, V> implements ReadonlyMap<K, V> {
  readonly #map: ReadonlyMap<K, V>;
  readonly #onKey: (key: K) => void;
  readonly #onAll: () => void;

  constructor(map: ReadonlyMap<K, V>, onKey: (key: K) => void, onAll: () => void) {
    this.#map = map;
    this.#onKey = onKey;
    this.#onAll = onAll;
  }

  get(key: K): V | undefined {
    this.#onKey(key);
    return this.#map.get(key);
  }

  has(key: K): boolean {
    this.#onKey(key);
    return this.#map.has(key);
  }

  get size(): number {
    this.#onAll();
    return this.#map.size;
  }

  entries(): MapIterator<[K, V]> {
    this.#onAll();
    return this.#map.entries();
  }

  keys(): MapIterator<K> {
    this.#onAll();
    return this.#map.keys();
  }

  values(): MapIterator<V> {
    this.#onAll();
    return this.#map.values();
  }

  forEach(act: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.#onAll();
    for (const [key, value] of this.#map) act(value, key, this.#map);
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}
