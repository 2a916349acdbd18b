import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Labels, OwnerRef, Pod, Workload, WorkloadKind } from "#lib/model/objects.ts";
import { isRead, type Snapshot, workloadPlurals } from "#lib/model/snapshot.ts";

const kindByApi: ReadonlyMap<string, WorkloadKind> = new Map([
  ["Deployment", "deployment"],
  ["ReplicaSet", "replica-set"],
  ["StatefulSet", "stateful-set"],
  ["DaemonSet", "daemon-set"],
  ["Job", "job"],
  ["CronJob", "cron-job"],
]);

const pluralOf = {
  deployment: "deployments",
  "replica-set": "replicaSets",
  "stateful-set": "statefulSets",
  "daemon-set": "daemonSets",
  job: "jobs",
  "cron-job": "cronJobs",
} as const satisfies Record<WorkloadKind, (typeof workloadPlurals)[number]>;

export interface Owners {
  /** A pod's top-level owner of a kind that we read; the pod's own id when there is none. */
  ofPod(pod: Pod): ObjectId;
  /** The same for a workload: the Deployment of a ReplicaSet, the CronJob of a Job, else itself. */
  ofWorkload(workload: Workload): ObjectId;
}

/**
 * Follows controller references upwards. An owner whose kind was read but which is not there (an orphan waiting for
 * garbage collection) owns nothing; one whose kind was not read, or in part, is taken at its word.
 */
export function resolveOwners(snapshot: Snapshot, workloads: ReadonlyMap<ObjectId, Workload>): Owners {
  // Of a part, the owner may be in the other part.
  const wasRead = (kind: WorkloadKind) =>
    isRead(snapshot, pluralOf[kind]) && snapshot.unread[pluralOf[kind]] === undefined;

  function ofPod(pod: Pod): ObjectId {
    const ref = controllerOf(pod.owners);
    const kind = ref === undefined ? undefined : kindByApi.get(ref.apiKind);
    if (ref === undefined || kind === undefined) return pod.id;
    const id = objectId(kind, pod.namespace, ref.name);
    const workload = workloads.get(id);
    if (workload !== undefined) return ofWorkload(workload);
    if (wasRead(kind)) return pod.id;
    return kind === "replica-set" ? (unreadDeployment(pod.namespace, ref.name, pod.labels) ?? id) : id;
  }

  /**
   * Dumps often leave ReplicaSets out. Only a Deployment's ReplicaSet puts `pod-template-hash` on its pods, and its
   * name is the Deployment's with that hash behind it.
   */
  function unreadDeployment(namespace: string, replicaSet: string, labels: Labels): ObjectId | undefined {
    const hash = labels["pod-template-hash"];
    if (hash === undefined || !replicaSet.endsWith(`-${hash}`)) return undefined;
    const id = objectId("deployment", namespace, replicaSet.slice(0, -hash.length - 1));
    return workloads.has(id) || !wasRead("deployment") ? id : undefined;
  }

  function ofWorkload(workload: Workload): ObjectId {
    const parent =
      workload.kind === "replica-set" ? "deployment" : workload.kind === "job" ? "cron-job" : undefined;
    const ref = controllerOf(workload.owners);
    // A ReplicaSet may belong to a kind that we do not read (a Rollout); then it is itself the top.
    if (parent === undefined || ref === undefined || kindByApi.get(ref.apiKind) !== parent)
      return workload.id;
    const id = objectId(parent, workload.namespace, ref.name);
    return workloads.has(id) || !wasRead(parent) ? id : workload.id;
  }

  return { ofPod, ofWorkload };
}

/** Without a `controller` mark (some operators leave it out) the first owner of a known kind serves. */
function controllerOf(owners: readonly OwnerRef[]): OwnerRef | undefined {
  return owners.find((owner) => owner.controller) ?? owners.find((owner) => kindByApi.has(owner.apiKind));
}

/** Every workload of the snapshot, by id. */
export function workloadsById(snapshot: Snapshot): ReadonlyMap<ObjectId, Workload> {
  const all = new Map<ObjectId, Workload>();
  for (const plural of workloadPlurals)
    for (const workload of snapshot.objects[plural] ?? []) all.set(workload.id, workload);
  return all;
}
