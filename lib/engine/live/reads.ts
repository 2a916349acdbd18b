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
  if (reads.parts?.roam === true) return true;
  for (const id of reads.ids) {
    const own = namespaceIn(id);
    if (own !== undefined && own !== namespace) return true;
  }
  for (const cell of reads.cells)
    if (!clusterCells.has(cell) && namespaceOfKey(cell) !== namespace) return true;
  return reads.queries.some((query) => query.namespace !== namespace);
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
  const { ids, cells, queries } = reads;
  const id = (key: string) => void ids.add(key);
  const cell = (name: string) => () => void cells.add(name);
  return {
    byId: notedMap(index.byId, id, cell("everything")),
    podsByNamespace: notedMap(index.podsByNamespace, (name) => void cells.add(`pods@${name}`), cell("pods")),
    servicesByNamespace: notedMap(
      index.servicesByNamespace,
      (name) => void cells.add(`services@${name}`),
      cell("services"),
    ),
    podByIp: notedMap(
      index.podByIp,
      (address) => {
        const found = index.podByIp.get(address);
        // Where another pod takes its address, a pod counts as another.
        if (found === undefined) cells.add(`ip@${address}`);
        else ids.add(found.id);
      },
      cell("pods"),
    ),
    namespaces: notedMap(
      index.namespaces,
      (name) => void ids.add(`namespace/${name}`),
      cell("list:namespaces"),
    ),
    get namespaceNames() {
      cells.add("namespaceNames");
      return index.namespaceNames;
    },
    ownerOf: notedMap(index.ownerOf, id, cell("everything")),
    workloads: notedMap(index.workloads, id, cell("workloads")),
    workloadsByNamespace: notedMap(
      index.workloadsByNamespace,
      (name) => void cells.add(`workloads@${name}`),
      cell("workloads"),
    ),
    warnings: notedMap(index.warnings, id, cell("list:events")),
    podsSelectedBy(namespace: string, labels: Labels) {
      queries.push({ namespace, matches: withLabels(labels) });
      return index.podsSelectedBy(namespace, labels);
    },
    podsMatching(namespace: string, selector: LabelSelector) {
      queries.push({ namespace, matches: bySelector(selector) });
      return index.podsMatching(namespace, selector);
    },
  };
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
  return {
    get(key) {
      onKey(key);
      return map.get(key);
    },
    has(key) {
      onKey(key);
      return map.has(key);
    },
    get size() {
      onAll();
      return map.size;
    },
    entries() {
      onAll();
      return map.entries();
    },
    keys() {
      onAll();
      return map.keys();
    },
    values() {
      onAll();
      return map.values();
    },
    forEach(act) {
      onAll();
      for (const [key, value] of map) act(value, key, map);
    },
    [Symbol.iterator]() {
      onAll();
      return map.entries();
    },
  };
}
