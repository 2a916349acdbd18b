/**
 * The look-ups over a snapshot, carried from one snapshot to the next: what did not change is shared, what did is laid
 * over it. Equal to what `buildIndex` makes of the newer snapshot (a law that random histories are held against).
 */
import type { Change } from "#lib/model/change.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type {
  ClusterObject,
  Event,
  LabelSelector,
  Labels,
  Pod,
  Service,
  Workload,
} from "#lib/model/objects.ts";
import { isRead, type Snapshot, seen, workloadPlurals } from "#lib/model/snapshot.ts";
import { addressesOf, buildIndexInSteps, byName, newestFirst, warnedOf } from "../build-index.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { type LabelIndex, labelIndex } from "../label-index.ts";
import { resolveOwners } from "../owners.ts";
import { LayeredMap } from "./layered-map.ts";
import { PlacedMap } from "./placed-map.ts";
import { sameJson } from "./same-json.ts";
import { withItems } from "./sorted-items.ts";

export interface LiveIndex {
  readonly index: ClusterIndex;
  readonly maps: {
    readonly byId: LayeredMap<ObjectId, ClusterObject>;
    readonly podByIp: LayeredMap<string, Pod>;
    readonly ownerOf: LayeredMap<ObjectId, ObjectId>;
    readonly workloads: LayeredMap<ObjectId, Workload>;
    readonly warnings: LayeredMap<ObjectId, readonly Event[]>;
  };
  readonly lists: {
    readonly podsByNamespace: PlacedMap<string, readonly Pod[]>;
    readonly servicesByNamespace: PlacedMap<string, readonly Service[]>;
    readonly workloadsByNamespace: PlacedMap<string, readonly Workload[]>;
  };
  /** Live pods by address, where several have one. */
  readonly sharers: ReadonlyMap<string, readonly Pod[]>;
  /** Of a namespace's list of pods, made when it is asked for; all states share them. */
  readonly labelIndexes: LabelIndexes;
}

type LabelIndexes = WeakMap<readonly Pod[], LabelIndex<Pod>>;

/** What looks otherwise than before to whoever asked the index. */
export interface IndexChanges {
  /**
   * Objects that are others now, and pods of which something is: their owner, their warnings, who has their address.
   * Objects that were not there before are among them, and so are those that are gone.
   */
  readonly ids: ReadonlySet<string>;
  /** Addresses that name another pod, or none any more, or one for the first time. */
  readonly addresses: ReadonlySet<string>;
  /** Pods of each namespace, before and after. */
  readonly pods: ReadonlyMap<string, readonly (Change & { readonly plural: "pods" })[]>;
  readonly serviceNamespaces: ReadonlySet<string>;
  readonly workloadNamespaces: ReadonlySet<string>;
  readonly namespaceNames: boolean;
}

export function* startIndex(snapshot: Snapshot): Generator<undefined, LiveIndex> {
  const index = yield* buildIndexInSteps(snapshot);
  const maps: LiveIndex["maps"] = {
    byId: LayeredMap.of(index.byId),
    podByIp: LayeredMap.of(index.podByIp),
    ownerOf: LayeredMap.of(index.ownerOf),
    workloads: LayeredMap.of(index.workloads),
    warnings: LayeredMap.of(index.warnings),
  };
  const lists: LiveIndex["lists"] = {
    podsByNamespace: placed(index.podsByNamespace),
    servicesByNamespace: placed(index.servicesByNamespace),
    workloadsByNamespace: placed(index.workloadsByNamespace),
  };
  const labelIndexes: LabelIndexes = new WeakMap();
  return {
    index: indexOf(index, lists, maps, labelIndexes),
    maps,
    lists,
    sharers: sharersIn(seen(snapshot, "pods"), index.podByIp),
    labelIndexes,
  };
}

/** `changes` lead from the snapshot of `before` to this one; which kinds could be read is the same in both. */
export function nextIndex(
  before: LiveIndex,
  snapshot: Snapshot,
  changes: readonly Change[],
): { readonly live: LiveIndex; readonly changed: IndexChanges } {
  const { index, maps, lists, labelIndexes } = before;
  const ids = new Set<string>(changes.map(({ id }) => id));
  const byPlural = Map.groupBy(changes, ({ plural }) => plural);
  const pods = (byPlural.get("pods") ?? []).map((change) => ({ ...change, plural: "pods" as const }));

  const byId = maps.byId.with(new Map(changes.map(({ id, after }) => [idOf(id), after])));
  const workloadChanges = workloadPlurals.flatMap((plural) => byPlural.get(plural) ?? []);
  const workloads = maps.workloads.with(
    new Map(
      workloadChanges.map(({ id, after }) => [
        idOf(id),
        after !== undefined && isWorkload(after) ? after : undefined,
      ]),
    ),
  );
  const serviceChanges = byPlural.get("services") ?? [];
  const workloadNamespaces = namespacesOf(workloadChanges);
  const serviceNamespaces = namespacesOf(serviceChanges);
  const nextLists: LiveIndex["lists"] = {
    podsByNamespace: withLists(lists.podsByNamespace, pods, isPod, byName),
    servicesByNamespace: withLists(lists.servicesByNamespace, serviceChanges, isService, byName),
    workloadsByNamespace: withLists(lists.workloadsByNamespace, workloadChanges, isWorkload, byNameAndKind),
  };
  const { podsByNamespace } = nextLists;

  const addressed = withAddresses(before, pods);
  for (const id of addressed.ids) ids.add(id);
  const owned = withOwners(maps.ownerOf, snapshot, workloads, pods, workloadChanges, podsByNamespace);
  for (const id of owned.changes.keys()) ids.add(id);
  const warned = withWarnings(maps.warnings, byPlural.get("events") ?? []);
  for (const id of warned.changes.keys()) ids.add(id);

  const namespacesChanged = byPlural.has("namespaces");
  const namespaceNames =
    !isRead(snapshot, "namespaces") || namespacesChanged
      ? sortedNames(snapshot, index.namespaceNames)
      : index.namespaceNames;
  const podsOfNamespaces = Map.groupBy(pods, ({ before: was, after }) => namespaceOf(after ?? was));
  for (const [namespace, own] of podsOfNamespaces) {
    const [was, now] = [lists.podsByNamespace.get(namespace), podsByNamespace.get(namespace)];
    const known = was === undefined ? undefined : labelIndexes.get(was);
    if (known !== undefined && now !== undefined)
      labelIndexes.set(now, known.follow(now, own.map(podsOf), byName));
  }

  const next: LiveIndex["maps"] = {
    byId,
    workloads,
    podByIp: addressed.podByIp,
    ownerOf: maps.ownerOf.with(owned.changes),
    warnings: maps.warnings.with(warned.changes),
  };
  const plain = {
    namespaces: namespacesChanged
      ? new Map(seen(snapshot, "namespaces").map((namespace) => [namespace.name, namespace]))
      : index.namespaces,
    namespaceNames,
  };
  return {
    live: {
      index: indexOf(plain, nextLists, next, labelIndexes),
      maps: next,
      lists: nextLists,
      sharers: addressed.sharers,
      labelIndexes,
    },
    changed: {
      ids,
      addresses: addressed.addresses,
      pods: podsOfNamespaces,
      serviceNamespaces,
      workloadNamespaces,
      namespaceNames: namespaceNames !== index.namespaceNames,
    },
  };
}

const noPods: readonly Pod[] = [];

function placed<T>(lists: ReadonlyMap<string, readonly T[]>): PlacedMap<string, readonly T[]> {
  return PlacedMap.of(new Map([...lists].sort(([a], [b]) => compare(a, b))), compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Not made where an index is: each of these outlives many of them. */
const labelsOfPod = (pod: Pod): Labels => pod.labels;

function indexOf(
  { namespaces, namespaceNames }: Pick<ClusterIndex, "namespaces" | "namespaceNames">,
  lists: LiveIndex["lists"],
  maps: LiveIndex["maps"],
  labelIndexes: LabelIndexes,
): ClusterIndex {
  function labelsIn(namespace: string): LabelIndex<Pod> {
    const pods = lists.podsByNamespace.get(namespace) ?? noPods;
    let found = labelIndexes.get(pods);
    if (found === undefined) {
      found = labelIndex(pods, labelsOfPod);
      labelIndexes.set(pods, found);
    }
    return found;
  }
  return {
    ...maps,
    ...lists,
    namespaces,
    namespaceNames,
    podsSelectedBy: (namespace: string, labels: Labels) => labelsIn(namespace).selectedBy(labels),
    podsMatching: (namespace: string, selector: LabelSelector) => labelsIn(namespace).matching(selector),
  };
}

/** Lists by namespace with some of their objects replaced, added or taken out. A namespace without any is not there. */
function withLists<T extends ClusterObject & { readonly namespace: string }>(
  lists: PlacedMap<string, readonly T[]>,
  changes: readonly Change[],
  isOfKind: (object: ClusterObject) => object is T,
  order: (a: T, b: T) => number,
): PlacedMap<string, readonly T[]> {
  const next = new Map<string, readonly T[] | undefined>();
  for (const [namespace, own] of Map.groupBy(changes, ({ before, after }) => namespaceOf(after ?? before))) {
    const put = own.flatMap(({ after }) => (after !== undefined && isOfKind(after) ? [after] : []));
    const gone = own.flatMap(({ before, after }) =>
      after === undefined && before !== undefined && isOfKind(before) ? [before] : [],
    );
    const list = withItems(lists.get(namespace) ?? [], put, gone, order);
    next.set(namespace, list.length === 0 ? undefined : list);
  }
  return lists.with(next);
}

function withAddresses(before: LiveIndex, pods: readonly Change[]) {
  const touched = new Map<string, Map<string, Pod | undefined>>();
  const ids = new Set<string>();
  const addresses = new Set<string>();
  const at = (address: string) => {
    const found = touched.get(address) ?? new Map<string, Pod | undefined>();
    touched.set(address, found);
    return found;
  };
  for (const { id, before: was, after } of pods) {
    for (const address of was !== undefined && isPod(was) ? addressesOf(was) : [])
      at(address).set(id, undefined);
    for (const address of after !== undefined && isPod(after) ? addressesOf(after) : []) {
      if (after !== undefined && isPod(after)) at(address).set(id, after);
    }
  }
  let sharers: Map<string, readonly Pod[]> | undefined;
  const changes = new Map<string, Pod | undefined>();
  for (const [address, now] of touched) {
    const single = before.maps.podByIp.get(address);
    const had = before.sharers.get(address) ?? (single === undefined ? [] : [single]);
    const has = [
      ...had.filter((pod) => !now.has(pod.id)),
      ...[...now.values()].filter((pod) => pod !== undefined),
    ].sort(byId);
    if (has.length > 1 || before.sharers.has(address)) {
      sharers ??= new Map(before.sharers);
      if (has.length > 1) sharers.set(address, has);
      else sharers.delete(address);
    }
    changes.set(address, has[0]);
    if (has[0]?.id === single?.id) continue;
    addresses.add(address);
    for (const pod of [has[0], single]) if (pod !== undefined) ids.add(pod.id);
  }
  return {
    podByIp: before.maps.podByIp.with(changes),
    sharers: sharers ?? before.sharers,
    ids,
    addresses,
  };
}

function sharersIn(
  pods: readonly Pod[],
  podByIp: ReadonlyMap<string, Pod>,
): ReadonlyMap<string, readonly Pod[]> {
  const sharers = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const address of addressesOf(pod)) {
      const first = podByIp.get(address);
      if (first === undefined || first.id === pod.id) continue;
      const list = sharers.get(address) ?? [first];
      list.push(pod);
      sharers.set(address, list);
    }
  }
  for (const list of sharers.values()) list.sort(byId);
  return sharers;
}

/** Owners follow from pods and workloads of one namespace. */
function withOwners(
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
  snapshot: Snapshot,
  workloads: ReadonlyMap<ObjectId, Workload>,
  pods: readonly Change[],
  workloadChanges: readonly Change[],
  podsByNamespace: ReadonlyMap<string, readonly Pod[]>,
): { readonly changes: ReadonlyMap<ObjectId, ObjectId | undefined> } {
  const changes = new Map<ObjectId, ObjectId | undefined>();
  const owners = resolveOwners(snapshot, workloads);
  const look = (pod: Pod) => {
    const owner = owners.ofPod(pod);
    if (ownerOf.get(pod.id) !== owner) changes.set(pod.id, owner);
  };
  for (const { id, after } of pods) {
    if (after === undefined) changes.set(idOf(id), undefined);
    else if (isPod(after)) look(after);
  }
  // A workload that stays, under the same owner, owns what it did.
  const moved = workloadChanges.filter(
    ({ before, after }) =>
      before === undefined || after === undefined || !sameJson(before.owners, after.owners),
  );
  for (const namespace of namespacesOf(moved))
    for (const pod of podsByNamespace.get(namespace) ?? []) look(pod);
  return { changes };
}

function withWarnings(
  warnings: ReadonlyMap<ObjectId, readonly Event[]>,
  events: readonly Change[],
): { readonly changes: ReadonlyMap<ObjectId, readonly Event[] | undefined> } {
  const changes = new Map<ObjectId, readonly Event[] | undefined>();
  const change = (about: ObjectId, act: (list: readonly Event[]) => readonly Event[]) => {
    const list = act((changes.has(about) ? changes.get(about) : warnings.get(about)) ?? []);
    changes.set(about, list.length === 0 ? undefined : list);
  };
  for (const { before, after } of events) {
    const was = before?.kind === "event" ? warnedOf(before) : undefined;
    const is = after?.kind === "event" ? warnedOf(after) : undefined;
    if (was !== undefined && before !== undefined)
      change(was, (list) => list.filter(({ id }) => id !== before.id));
    if (is !== undefined && after?.kind === "event") change(is, (list) => [...list, after].sort(newestFirst));
  }
  return { changes };
}

/** The same list where nothing came or went. */
function sortedNames(snapshot: Snapshot, before: readonly string[]): readonly string[] {
  const names = new Set<string>();
  if (snapshot.objects.namespaces !== undefined) {
    // Namespaces that are only referred to are among them.
    for (const { name } of snapshot.objects.namespaces) names.add(name);
  } else {
    for (const objects of Object.values(snapshot.objects))
      for (const object of objects ?? [])
        if ("namespace" in object && object.namespace !== undefined) names.add(object.namespace);
  }
  const sorted = [...names].sort();
  const isSame = sorted.length === before.length && sorted.every((name, at) => name === before[at]);
  return isSame ? before : sorted;
}

function namespacesOf(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.map(({ before, after }) => namespaceOf(after ?? before)));
}

function namespaceOf(object: ClusterObject | undefined): string {
  return object !== undefined && "namespace" in object ? (object.namespace ?? "") : "";
}

function isPod(object: ClusterObject): object is Pod {
  return object.kind === "pod";
}

function podsOf({ before, after }: Change) {
  return {
    before: before !== undefined && isPod(before) ? before : undefined,
    after: after !== undefined && isPod(after) ? after : undefined,
  };
}

function isService(object: ClusterObject): object is Service {
  return object.kind === "service";
}

function isWorkload(object: ClusterObject): object is Workload {
  return workloadKinds.has(object.kind);
}

const workloadOrder: readonly string[] = workloadPlurals;
const workloadKinds: ReadonlySet<string> = new Set(
  Object.entries(kinds).flatMap(([kind, { plural }]) => (workloadOrder.includes(plural) ? [kind] : [])),
);

/** Of workloads with one name, in the order in which the index takes their kinds. */
function byNameAndKind(a: Workload, b: Workload): number {
  return (
    byName(a, b) || workloadOrder.indexOf(kinds[a.kind].plural) - workloadOrder.indexOf(kinds[b.kind].plural)
  );
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Changes carry the ids of objects. */
function idOf(id: string): ObjectId {
  return id as ObjectId;
}
