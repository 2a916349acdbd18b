import { podOfTemplate } from "#lib/engine/pod-of-template.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import { kindFromWord } from "#lib/model/kinds.ts";
import type { ClusterObject, Condition, Pod, Workload } from "#lib/model/objects.ts";

const ready: Condition = { type: "Ready", status: "True" };

/**
 * In plain manifests nothing runs, so pods are taken as they would be if everything went well: one pod for each
 * workload's template, standing for all its replicas, and each pod that is written out, running and ready.
 */
export function templatePods(objects: readonly ClusterObject[]): readonly Pod[] {
  const pods = new Map<ObjectId, Pod>();
  const owning = new Set<ObjectId>();
  for (const object of objects) {
    if (object.kind === "pod") pods.set(object.id, { ...asRunning(object), template: { count: 1 } });
    if (object.kind === "pod" || object.kind === "replica-set" || object.kind === "job") {
      for (const id of ownersOf(object)) owning.add(id);
    }
  }
  for (const object of objects) {
    if (!isWorkload(object) || owning.has(object.id)) continue;
    // A ReplicaSet of a Deployment, or a Job of a CronJob, is the same pods again.
    if (ownersOf(object).length > 0) continue;
    const count = podCount(object);
    if (count === 0) continue;
    const pod = templatePod(object, count, pods);
    pods.set(pod.id, pod);
  }
  return [...pods.values()];
}

function asRunning(pod: Pod): Pod {
  return {
    ...pod,
    phase: "Running",
    conditions: [ready],
    containers: pod.containers.map((c) => ({ ...c, ready: c.role !== "init" })),
  };
}

function templatePod(workload: Workload, count: number, taken: ReadonlyMap<ObjectId, Pod>): Pod {
  // Two workloads of different kinds may bear one name.
  const isTaken = taken.has(objectId("pod", workload.namespace, workload.name));
  const name = isTaken ? `${workload.name}-${workload.kind}` : workload.name;
  return asRunning(podOfTemplate(workload, { name, count }));
}

function podCount(workload: Workload): number {
  switch (workload.kind) {
    case "deployment":
    case "replica-set":
    case "stateful-set":
      return workload.desired ?? 1;
    default:
      return 1;
  }
}

function ownersOf(object: Pod | Workload): readonly ObjectId[] {
  return object.owners.flatMap((owner) => {
    const kind = kindFromWord(owner.apiKind);
    return kind === undefined ? [] : [objectId(kind, object.namespace, owner.name)];
  });
}

function isWorkload(object: ClusterObject): object is Workload {
  return "template" in object && object.kind !== "pod";
}
