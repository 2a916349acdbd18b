import type { Change } from "#lib/model/change.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import type { PolicyFacts, WorkloadFacts } from "../facts.ts";
import type { NotReadyReasons } from "../not-ready-reasons.ts";
import { resolveOwners } from "../owners.ts";
import { isFinished } from "../pod-readiness.ts";
import { noPods, type OwnedPods, policiesByWorkload, unbound, workloadFacts } from "../workload-facts.ts";
import { namespaceIn } from "./reads.ts";
import { sameJson } from "./same-json.ts";

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
  #facts: ReadonlyMap<ObjectId, WorkloadFacts> = new Map();
  #bound: Bound = new Map();
  /** Whose sentences are told in words of time. */
  readonly #timed = new Set<ObjectId>();

  get facts(): ReadonlyMap<ObjectId, WorkloadFacts> {
    return this.#facts;
  }

  *start(
    snapshot: Snapshot,
    index: ClusterIndex,
    policies: ReadonlyMap<ObjectId, PolicyFacts>,
    reasons: NotReadyReasons,
  ): Generator<undefined, void> {
    this.#timed.clear();
    this.#bound = policiesByWorkload(policies.values());
    yield;
    const owners = resolveOwners(snapshot, index.workloads);
    const facts = new Map<ObjectId, WorkloadFacts>();
    const pods = yield* ownedPods(seen(snapshot, "pods"), index, undefined);
    const ids = new Set<ObjectId>(pods.keys());
    for (const workload of index.workloads.values()) {
      ids.add(owners.ofWorkload(workload));
      yield;
    }
    for (const id of [...ids].sort()) {
      facts.set(id, this.#work(id, pods.get(id) ?? noPods, snapshot, index, reasons));
      yield;
    }
    this.#facts = facts;
  }

  *next(given: WorkloadChanges): Generator<undefined, void> {
    const { snapshot, index, keys, policies, policiesRenewed, reasons } = given;
    const touched = touchedOwners(given);
    yield;
    if (policiesRenewed.size > 0) {
      const bound = policiesByWorkload(policies.values());
      for (const id of new Set([...this.#bound.keys(), ...bound.keys()]))
        if (!sameJson(this.#bound.get(id), bound.get(id))) touched.add(id);
      this.#bound = bound;
      yield;
    }
    if (keys.has("now")) for (const id of this.#timed) touched.add(id);
    if (touched.size === 0) return;

    const owners = resolveOwners(snapshot, index.workloads);
    const facts = new Map(this.#facts);
    let isOther = false;
    let isLonger = false;
    for (const [namespace, ids] of Map.groupBy(touched, (id) => namespaceIn(id) ?? "")) {
      const wanted = new Set(ids);
      const pods = yield* ownedPods(index.podsByNamespace.get(namespace) ?? [], index, wanted);
      const tops = new Set<ObjectId>();
      for (const workload of index.workloadsByNamespace.get(namespace) ?? [])
        tops.add(owners.ofWorkload(workload));
      for (const id of wanted) {
        const own = pods.get(id);
        if (own === undefined && !tops.has(id)) {
          this.#timed.delete(id);
          isOther = facts.delete(id) || isOther;
          continue;
        }
        const after = this.#work(id, own ?? noPods, snapshot, index, reasons);
        yield;
        const known = facts.get(id);
        if (known !== undefined && sameJson(known, after)) continue;
        isLonger ||= known === undefined;
        facts.set(id, after);
        isOther = true;
      }
    }
    if (isLonger) this.#facts = new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
    else if (isOther) this.#facts = facts;
  }

  #work(
    id: ObjectId,
    pods: OwnedPods,
    snapshot: Snapshot,
    index: ClusterIndex,
    reasons: NotReadyReasons,
  ): WorkloadFacts {
    let isTimed = false;
    const facts = workloadFacts(id, {
      workload: index.workloads.get(id),
      pods,
      policies: this.#bound.get(id) ?? unbound,
      podsRead: snapshot.objects.pods !== undefined,
      reasons(pod) {
        const found = reasons(pod);
        isTimed ||= found.length > 0;
        return found;
      },
    });
    if (isTimed) this.#timed.add(id);
    else this.#timed.delete(id);
    return facts;
  }
}

/** Owners, then and now, of every pod of which something is another, and every workload that is. */
function touchedOwners({ snapshot, index, before, changes, keys }: WorkloadChanges): Set<ObjectId> {
  const touched = new Set<ObjectId>();
  for (const key of keys) {
    if (!key.startsWith("pod/")) continue;
    const id = key as ObjectId;
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

/** Pods by owner; only of these owners, where some are given. By id within each. */
function* ownedPods(
  pods: readonly Pod[],
  index: ClusterIndex,
  of: ReadonlySet<ObjectId> | undefined,
): Generator<undefined, ReadonlyMap<ObjectId, OwnedPods>> {
  const byOwner = new Map<ObjectId, { readonly live: Pod[]; readonly finished: Pod[] }>();
  for (const [at, pod] of pods.entries()) {
    if (at % 500 === 499) yield;
    const owner = index.ownerOf.get(pod.id) ?? pod.id;
    if (of !== undefined && !of.has(owner)) continue;
    const own = byOwner.get(owner) ?? { live: [], finished: [] };
    byOwner.set(owner, own);
    (isFinished(pod) ? own.finished : own.live).push(pod);
  }
  for (const { live } of byOwner.values()) live.sort((a, b) => (a.id < b.id ? -1 : 1));
  return byOwner;
}
