import type { Health } from "#lib/model/graph.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Labels, Pod, Workload, WorkloadKind } from "#lib/model/objects.ts";
import { isRead, type Snapshot } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { authoredLabels } from "./controller-labels.ts";
import type { PolicyFacts, WorkloadFacts } from "./facts.ts";
import type { NotReadyReasons } from "./not-ready-reasons.ts";
import { resolveOwners } from "./owners.ts";
import { countPods, isFinished, isReady, isTerminating, podCount } from "./pod-readiness.ts";

/**
 * Facts of every top-level owner, whether its object was read or only its pods' references name it, and of every pod
 * that nothing owns. By id, whatever order the snapshot has.
 */
export function allWorkloadFacts(
  snapshot: Snapshot,
  index: ClusterIndex,
  policies: Iterable<PolicyFacts>,
  reasons: NotReadyReasons,
): ReadonlyMap<ObjectId, WorkloadFacts> {
  const podsOf = podsByOwner(snapshot, index);
  const owners = resolveOwners(snapshot, index.workloads);
  const ids = new Set<ObjectId>();
  for (const workload of index.workloads.values()) ids.add(owners.ofWorkload(workload));
  for (const id of podsOf.keys()) ids.add(id);
  const bound = policiesByWorkload(policies);
  const podsRead = isRead(snapshot, "pods");
  return new Map(
    [...ids].sort().map((id) => [
      id,
      workloadFacts(id, {
        workload: index.workloads.get(id),
        pods: podsOf.get(id) ?? noPods,
        policies: bound.get(id) ?? unbound,
        podsRead,
        reasons,
      }),
    ]),
  );
}

export interface WorkloadParts {
  /** Undefined: only its pods tell of it, or it is a pod that nothing owns. */
  readonly workload: Workload | undefined;
  readonly pods: OwnedPods;
  readonly policies: WorkloadFacts["policies"];
  readonly podsRead: boolean;
  readonly reasons: NotReadyReasons;
}

/** Facts of one top-level owner. */
export function workloadFacts(id: ObjectId, parts: WorkloadParts): WorkloadFacts {
  const { workload, pods, policies, podsRead, reasons } = parts;
  const { namespace = "", name } = refOf(id);
  const count = readiness(workload, pods);
  const verdict = verdictOf(workload, pods, count, podsRead, reasons);
  return {
    id,
    kind: kindOf(id),
    namespace,
    name,
    labels: labelsOf(workload, pods),
    pods: pods.live,
    ...count,
    ...verdict,
    policies,
  };
}

export interface OwnedPods {
  /** By id, as the finished ones. */
  readonly live: readonly Pod[];
  readonly finished: readonly Pod[];
  /** How many of the live ones are not on their way out; a template's pods count as many. */
  readonly staying: number;
  /** Those of them that are not ready. */
  readonly waiting: readonly Pod[];
}

/** How many pods this one counts for among those that are to stay. */
export function stayingCount(pod: Pod): number {
  return isFinished(pod) || isTerminating(pod) ? 0 : podCount(pod);
}

export function isWaiting(pod: Pod): boolean {
  return !isFinished(pod) && !isTerminating(pod) && !isReady(pod);
}

export function ownedPods(live: readonly Pod[], finished: readonly Pod[]): OwnedPods {
  const staying = live.reduce((sum, pod) => sum + stayingCount(pod), 0);
  return { live, finished, staying, waiting: live.filter(isWaiting) };
}

function podsByOwner(snapshot: Snapshot, index: ClusterIndex): ReadonlyMap<ObjectId, OwnedPods> {
  const byOwner = new Map<ObjectId, { readonly live: Pod[]; readonly finished: Pod[] }>();
  for (const pod of snapshot.objects.pods ?? []) {
    const owner = index.ownerOf.get(pod.id) ?? pod.id;
    let pods = byOwner.get(owner);
    if (pods === undefined) {
      pods = { live: [], finished: [] };
      byOwner.set(owner, pods);
    }
    (isFinished(pod) ? pods.finished : pods.live).push(pod);
  }
  return new Map(
    [...byOwner].map(([id, { live, finished }]) => [id, ownedPods(live.sort(byId), finished.sort(byId))]),
  );
}

function byId(a: Pod, b: Pod): number {
  return a.id < b.id ? -1 : 1;
}

function kindOf(id: ObjectId): WorkloadKind | "pod" {
  const { kind } = refOf(id);
  switch (kind) {
    case "deployment":
    case "replica-set":
    case "stateful-set":
    case "daemon-set":
    case "job":
    case "cron-job":
      return kind;
    default:
      return "pod";
  }
}

/** What its pods carry, over what the workload itself carries: both are what people search and filter by. */
function labelsOf(workload: Workload | undefined, { live, finished }: OwnedPods): Labels {
  if (workload !== undefined) return { ...workload.labels, ...workload.template.labels };
  const pod = live[0] ?? finished[0];
  return pod === undefined ? {} : authoredLabels(pod.labels);
}

/** Pods on their way out are no longer counted; pods that are wanted and not there are. */
function readiness(
  workload: Workload | undefined,
  { staying, waiting }: OwnedPods,
): { readonly ready: number; readonly total: number } {
  // A Job's parallelism is a ceiling: the last pods of a Job run alone.
  const desired = workload === undefined || workload.kind === "job" ? 0 : (workload.desired ?? 0);
  return { ready: staying - countPods(waiting), total: Math.max(staying, desired) };
}

function verdictOf(
  workload: Workload | undefined,
  pods: OwnedPods,
  { ready, total }: { readonly ready: number; readonly total: number },
  podsRead: boolean,
  reasons: NotReadyReasons,
): { readonly health: Health; readonly sentence: string } {
  if (!podsRead) return { health: "unknown", sentence: "its pods could not be read" };
  if (total === 0) return { health: "idle", sentence: whyIdle(workload, pods) };
  const health: Health = ready === 0 ? "broken" : ready < total ? "partial" : "ok";
  const sentence = `${ready} of ${total} pods ready`;
  const why = health === "ok" ? undefined : firstReason(pods, total, reasons);
  return { health, sentence: why === undefined ? sentence : `${sentence}: ${why}` };
}

function whyIdle(workload: Workload | undefined, { live, finished }: OwnedPods): string {
  if (live.length > 0)
    return workload?.desired === 0 ? "scaled to 0, its last pods are terminating" : "terminating";
  if (workload?.suspended === true) return "suspended";
  switch (workload?.kind) {
    case "job":
      return workload.desired === 0 || finished.length > 0 ? "finished" : "no pod running";
    case "cron-job":
      return "no run at the moment";
    case "daemon-set":
      return "no pod, on no node";
    case undefined:
      if (finished.length === 0) return "no pod";
      return finished.some((pod) => pod.phase === "Failed") ? "finished (Failed)" : "finished";
    default:
      return "scaled to 0";
  }
}

/** The reason that most of the pods give; none where pods are merely missing without a word. */
function firstReason(
  { staying, waiting }: OwnedPods,
  total: number,
  reasons: NotReadyReasons,
): string | undefined {
  const counts = new Map<string, number>();
  for (const pod of waiting) {
    const text = reasons(pod)[0]?.text;
    if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([textA, a], [textB, b]) => b - a || (textA < textB ? -1 : 1));
  if (most !== undefined) return most[0];
  return staying < total ? `${total - staying} of them not created` : undefined;
}

export const noPods: OwnedPods = { live: [], finished: [], staying: 0, waiting: [] };
export const unbound: WorkloadFacts["policies"] = { ingress: [], egress: [] };

/** The policies that bind each workload, by direction. */
export function policiesByWorkload(
  policies: Iterable<PolicyFacts>,
): ReadonlyMap<ObjectId, WorkloadFacts["policies"]> {
  const byWorkload = new Map<ObjectId, { readonly ingress: ObjectId[]; readonly egress: ObjectId[] }>();
  for (const { policy, workloads, directions } of policies) {
    for (const id of workloads ?? []) {
      let bound = byWorkload.get(id);
      if (bound === undefined) {
        bound = { ingress: [], egress: [] };
        byWorkload.set(id, bound);
      }
      for (const direction of directions) bound[direction].push(policy.id);
    }
  }
  for (const { ingress, egress } of byWorkload.values()) {
    ingress.sort();
    egress.sort();
  }
  return byWorkload;
}
