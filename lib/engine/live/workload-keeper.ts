import type { Change } from "#lib/model/change.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import { isRead, type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import type { PolicyFacts, WorkloadFacts } from "../facts.ts";
import type { NotReadyReasons } from "../not-ready-reasons.ts";
import { resolveOwners } from "../owners.ts";
import { isFinished } from "../pod-readiness.ts";
import {
  isWaiting,
  noPods,
  type OwnedPods,
  ownedPods,
  policiesByWorkload,
  stayingCount,
  unbound,
  workloadFacts,
} from "../workload-facts.ts";
import { PlacedMap } from "./placed-map.ts";
import { namespaceIn, reasonsKeys } from "./reads.ts";
import { sameJson } from "./same-json.ts";
import { withItems } from "./sorted-items.ts";

export interface WorkloadChanges {
  readonly snapshot: Snapshot;
  readonly index: ClusterIndex;
  readonly before: ClusterIndex;
  readonly changes: readonly Change[];
  /** See `Changed`. */
  readonly keys: ReadonlySet<string>;
  readonly policies: ReadonlyMap<ObjectId, PolicyFacts>;
  readonly policiesRenewed: ReadonlySet<ObjectId>;
  readonly reasons: NotReadyReasons;
}

type Bound = ReadonlyMap<ObjectId, WorkloadFacts["policies"]>;

/**
 * Facts of workloads and of pods that nothing owns. A workload's hang on its own object, on its pods with what is said
 * of them, and on the policies that bind it: on nothing else.
 */
export class WorkloadKeeper {
  #facts = PlacedMap.of<ObjectId, WorkloadFacts>(new Map(), compareIds);
  /** By owner; those of one that has none are not there. */
  #pods = new Map<ObjectId, OwnedPods>();
  #bound: Bound = new Map();

  get facts(): ReadonlyMap<ObjectId, WorkloadFacts> {
    return this.#facts;
  }

  *start(
    snapshot: Snapshot,
    index: ClusterIndex,
    policies: ReadonlyMap<ObjectId, PolicyFacts>,
    reasons: NotReadyReasons,
  ): Generator<undefined, void> {
    this.#bound = policiesByWorkload(policies.values());
    yield;
    const owners = resolveOwners(snapshot, index.workloads);
    const facts = new Map<ObjectId, WorkloadFacts>();
    this.#pods = yield* podsByOwner(seen(snapshot, "pods"), index);
    const ids = new Set<ObjectId>(this.#pods.keys());
    for (const workload of index.workloads.values()) {
      ids.add(owners.ofWorkload(workload));
      yield;
    }
    for (const id of [...ids].sort()) {
      facts.set(id, this.#work(id, snapshot, index, reasons));
      yield;
    }
    this.#facts = PlacedMap.of(facts, compareIds);
  }

  *next(given: WorkloadChanges): Generator<undefined, void> {
    const { snapshot, index, policies, policiesRenewed, reasons } = given;
    const touched = touchedOwners(given);
    yield;
    for (const [id, changed] of changedPods(given)) {
      const own = withPods(this.#pods.get(id) ?? noPods, changed);
      if (own.live.length + own.finished.length === 0) this.#pods.delete(id);
      else this.#pods.set(id, own);
    }
    yield;
    if (policiesRenewed.size > 0) {
      const bound = policiesByWorkload(policies.values());
      for (const id of new Set([...this.#bound.keys(), ...bound.keys()]))
        if (!sameJson(this.#bound.get(id), bound.get(id))) touched.add(id);
      this.#bound = bound;
      yield;
    }
    if (touched.size === 0) return;

    const owners = resolveOwners(snapshot, index.workloads);
    const isTop = (id: ObjectId) =>
      (index.workloadsByNamespace.get(namespaceIn(id) ?? "") ?? []).some(
        (workload) => owners.ofWorkload(workload) === id,
      );
    const others = new Map<ObjectId, WorkloadFacts | undefined>();
    for (const id of touched) {
      if (!this.#pods.has(id) && !isTop(id)) {
        others.set(id, undefined);
        continue;
      }
      const after = this.#work(id, snapshot, index, reasons);
      yield;
      const known = this.#facts.get(id);
      if (known === undefined || !sameJson(known, after)) others.set(id, after);
    }
    this.#facts = this.#facts.with(others);
  }

  #work(id: ObjectId, snapshot: Snapshot, index: ClusterIndex, reasons: NotReadyReasons): WorkloadFacts {
    return workloadFacts(id, {
      workload: index.workloads.get(id),
      pods: this.#pods.get(id) ?? noPods,
      policies: this.#bound.get(id) ?? unbound,
      podsRead: isRead(snapshot, "pods"),
      reasons,
    });
  }
}

/** Owners, then and now, of every pod of which something is another, and every workload that is. */
function touchedOwners({ snapshot, index, before, changes, keys }: WorkloadChanges): Set<ObjectId> {
  const touched = new Set<ObjectId>();
  for (const key of keys) {
    const id = podOfKey(key);
    if (id === undefined) continue;
    for (const owner of [before.ownerOf.get(id), index.ownerOf.get(id)])
      if (owner !== undefined) touched.add(owner);
  }
  const owners = [
    [before, resolveOwners(snapshot, before.workloads)],
    [index, resolveOwners(snapshot, index.workloads)],
  ] as const;
  const moved = new Set<string>();
  for (const { id, before: was, after } of changes) {
    for (const [known, { ofWorkload }] of owners) {
      const workload = known.workloads.get(id as ObjectId);
      if (workload === undefined) continue;
      touched.add(ofWorkload(workload));
      if (!sameJson(was?.owners, after?.owners)) moved.add(workload.namespace);
    }
  }
  // Where one came, went or changed hands, others may stand on their own now, or not any more.
  for (const namespace of moved) {
    for (const [known, { ofWorkload }] of owners)
      for (const workload of known.workloadsByNamespace.get(namespace) ?? [])
        touched.add(ofWorkload(workload));
  }
  return touched;
}

/** The pod that a key is about: it is another, or what is said of it is. */
function podOfKey(key: string): ObjectId | undefined {
  const id = key.startsWith(reasonsKeys) ? key.slice(reasonsKeys.length) : key;
  return isPodId(id) ? id : undefined;
}

function isPodId(id: string): id is ObjectId {
  return id.startsWith("pod/");
}

/** A pod as an owner had it and has it; undefined where it is not the owner's. */
interface OwnedPod {
  readonly was: Pod | undefined;
  readonly is: Pod | undefined;
}

/** By owner, then and now, the pods of which something is another. */
function changedPods({
  index,
  before,
  keys,
}: WorkloadChanges): ReadonlyMap<ObjectId, ReadonlyMap<ObjectId, OwnedPod>> {
  const byOwner = new Map<ObjectId, Map<ObjectId, OwnedPod>>();
  const note = (owner: ObjectId, id: ObjectId, pod: Partial<OwnedPod>) => {
    const own = byOwner.get(owner) ?? new Map<ObjectId, OwnedPod>();
    own.set(id, { was: undefined, is: undefined, ...own.get(id), ...pod });
    byOwner.set(owner, own);
  };
  for (const key of keys) {
    if (!isPodId(key)) continue;
    const id = key;
    const [was, is] = [podOf(before, id), podOf(index, id)];
    const [owned, owns] = [before, index].map(({ ownerOf }) => ownerOf.get(id) ?? id);
    if (was === is && owned === owns) continue;
    if (was !== undefined && owned !== undefined) note(owned, id, { was });
    if (is !== undefined && owns !== undefined) note(owns, id, { is });
  }
  return byOwner;
}

function podOf({ byId }: ClusterIndex, id: ObjectId): Pod | undefined {
  const object = byId.get(id);
  return object?.kind === "pod" ? object : undefined;
}

function withPods(own: OwnedPods, changed: ReadonlyMap<ObjectId, OwnedPod>): OwnedPods {
  let { staying } = own;
  for (const { was, is } of changed.values())
    staying += (is === undefined ? 0 : stayingCount(is)) - (was === undefined ? 0 : stayingCount(was));
  const follow = (list: readonly Pod[], belongs: (pod: Pod) => boolean): readonly Pod[] => {
    const put: Pod[] = [];
    const gone: { readonly id: ObjectId }[] = [];
    for (const [id, { is }] of changed) {
      if (is !== undefined && belongs(is)) put.push(is);
      else gone.push({ id });
    }
    return withItems(list, put, gone, byId);
  };
  return {
    live: follow(own.live, (pod) => !isFinished(pod)),
    finished: follow(own.finished, isFinished),
    staying,
    waiting: follow(own.waiting, isWaiting),
  };
}

/** Pods by owner; by id within each. */
function* podsByOwner(
  pods: readonly Pod[],
  index: ClusterIndex,
): Generator<undefined, Map<ObjectId, OwnedPods>> {
  const byOwner = new Map<ObjectId, Pod[]>();
  for (const [at, pod] of pods.entries()) {
    if (at % 500 === 499) yield;
    const owner = index.ownerOf.get(pod.id) ?? pod.id;
    const own = byOwner.get(owner);
    if (own === undefined) byOwner.set(owner, [pod]);
    else own.push(pod);
  }
  const owned = new Map<ObjectId, OwnedPods>();
  for (const [owner, own] of byOwner) {
    own.sort(byId);
    const live = own.filter((pod) => !isFinished(pod));
    owned.set(owner, ownedPods(live, own.filter(isFinished)));
    yield;
  }
  return owned;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareIds(a.id, b.id);
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
