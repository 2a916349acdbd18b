import type { ObjectId } from "#lib/model/ids.ts";
import type { ClusterObject, Event, Namespace, Pod, Service } from "#lib/model/objects.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { inOneGo } from "./in-one-go.ts";
import { type LabelIndex, labelIndex } from "./label-index.ts";
import { resolveOwners, workloadsById } from "./owners.ts";
import { isFinished } from "./pod-readiness.ts";

/** Builds the look-ups over a snapshot. Lists within a namespace are sorted by name, whatever order the snapshot has. */
export function buildIndex(snapshot: Snapshot): ClusterIndex {
  return inOneGo(buildIndexInSteps(snapshot));
}

/** The same, with pauses in which others may run. */
export function* buildIndexInSteps(snapshot: Snapshot): Generator<undefined, ClusterIndex> {
  const pods = seen(snapshot, "pods");
  const podsByNamespace = sortedByNamespace(pods);
  yield;
  const workloads = workloadsById(snapshot);
  yield;
  const owners = resolveOwners(snapshot, workloads);
  const ownerOf = new Map<ObjectId, ObjectId>();
  for (const pod of pods) {
    ownerOf.set(pod.id, owners.ofPod(pod));
    yield;
  }
  const labelIndexes = new Map<string, LabelIndex<Pod>>();

  function labelsIn(namespace: string): LabelIndex<Pod> {
    let index = labelIndexes.get(namespace);
    if (index === undefined) {
      index = labelIndex(podsByNamespace.get(namespace) ?? [], (pod) => pod.labels);
      labelIndexes.set(namespace, index);
    }
    return index;
  }

  return {
    byId: yield* everyObject(snapshot),
    podsByNamespace,
    servicesByNamespace: sortedByNamespace<Service>(seen(snapshot, "services")),
    podByIp: yield* podsByIp(pods),
    namespaces: new Map(
      seen(snapshot, "namespaces").map((namespace: Namespace) => [namespace.name, namespace]),
    ),
    namespaceNames: yield* namespaceNames(snapshot),
    ownerOf,
    workloads,
    workloadsByNamespace: sortedByNamespace([...workloads.values()]),
    warnings: warningsByObject(seen(snapshot, "events")),
    podsSelectedBy: (namespace, labels) => labelsIn(namespace).selectedBy(labels),
    podsMatching: (namespace, selector) => labelsIn(namespace).matching(selector),
  };
}

function* everyObject(snapshot: Snapshot): Generator<undefined, ReadonlyMap<ObjectId, ClusterObject>> {
  const byId = new Map<ObjectId, ClusterObject>();
  for (const objects of Object.values(snapshot.objects)) {
    for (const object of objects ?? []) {
      byId.set(object.id, object);
      yield;
    }
  }
  return byId;
}

function* namespaceNames(snapshot: Snapshot): Generator<undefined, readonly string[]> {
  const names = new Set(seen(snapshot, "namespaces").map((namespace) => namespace.name));
  for (const objects of Object.values(snapshot.objects)) {
    for (const object of objects ?? [])
      if ("namespace" in object && object.namespace !== undefined) names.add(object.namespace);
    yield;
  }
  return [...names].sort();
}

function sortedByNamespace<T extends { readonly namespace: string; readonly name: string }>(
  objects: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const byNamespace = new Map<string, T[]>();
  for (const object of objects) {
    const list = byNamespace.get(object.namespace);
    if (list === undefined) byNamespace.set(object.namespace, [object]);
    else list.push(object);
  }
  for (const list of byNamespace.values()) list.sort(byName);
  return byNamespace;
}

/** How lists within a namespace are sorted. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Addresses that name a pod: finished pods have given theirs back, and hostNetwork pods share their node's. */
export function addressesOf(pod: Pod): readonly string[] {
  return pod.hostNetwork || isFinished(pod) ? [] : pod.ips;
}

/** Of two live pods with one address (a fault of its own) the first by id is given, whatever order the snapshot has. */
function* podsByIp(pods: readonly Pod[]): Generator<undefined, ReadonlyMap<string, Pod>> {
  const byIp = new Map<string, Pod>();
  for (const pod of pods) {
    for (const ip of addressesOf(pod)) {
      const other = byIp.get(ip);
      if (other === undefined || pod.id < other.id) byIp.set(ip, pod);
    }
    yield;
  }
  return byIp;
}

function warningsByObject(events: readonly Event[]): ReadonlyMap<ObjectId, readonly Event[]> {
  const byObject = new Map<ObjectId, Event[]>();
  for (const event of events) {
    const about = warnedOf(event);
    if (about === undefined) continue;
    const list = byObject.get(about);
    if (list === undefined) byObject.set(about, [event]);
    else list.push(event);
  }
  for (const list of byObject.values()) list.sort(newestFirst);
  return byObject;
}

/** The object that an event warns of; undefined for one that warns of nothing we know. */
export function warnedOf(event: Event): ObjectId | undefined {
  return event.type === "Warning" ? event.about : undefined;
}

/** How the warnings of an object are sorted. */
export function newestFirst(a: Event, b: Event): number {
  const timeA = Date.parse(a.lastSeen ?? a.firstSeen ?? a.createdAt ?? "");
  const timeB = Date.parse(b.lastSeen ?? b.firstSeen ?? b.createdAt ?? "");
  const difference = (Number.isNaN(timeB) ? 0 : timeB) - (Number.isNaN(timeA) ? 0 : timeA);
  return difference === 0 ? (a.id < b.id ? -1 : 1) : difference;
}
