import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Condition, Event, Node, Pod } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { containerReason, type RankedReason, startingRank } from "./container-reason.ts";
import { clockWords, durationWords, forWords } from "./duration-words.ts";
import type { Reason } from "./facts.ts";
import { oneLine } from "./object-words.ts";
import { conditionOf, isReady, isTerminating } from "./pod-readiness.ts";
import { readInFull } from "./read-in-full.ts";

/** Asks why a pod takes no traffic. Answers are the same for every Service that selects the pod, so they are kept. */
export type NotReadyReasons = (pod: Pod) => readonly Reason[];

/**
 * Why pods take no traffic, in words, the most telling reason first; from conditions, container states and warning
 * events. Empty for a pod that is ready and not terminating, never empty for another.
 */
export function notReadyReasons(snapshot: Snapshot, index: ClusterIndex, now: number): NotReadyReasons {
  // A list without a single node says that nodes were not asked for, not that they are all gone.
  const allNodes = readInFull(snapshot, "nodes") && snapshot.objects.nodes?.length !== 0;
  const asked = new Map<ObjectId, readonly Reason[]>();
  const nodeOf = (pod: Pod): NodeReading => {
    if (pod.nodeName === undefined) return { kind: "unknown" };
    const node = index.byId.get(objectId("node", undefined, pod.nodeName));
    if (node?.kind === "node") return { kind: "found", node };
    return allNodes ? { kind: "gone", name: pod.nodeName } : { kind: "unknown" };
  };
  return (pod) => {
    const before = asked.get(pod.id);
    if (before !== undefined) return before;
    const reasons = reasonsOf(pod, index.warnings.get(pod.id) ?? [], nodeOf(pod), now);
    asked.set(pod.id, reasons);
    return reasons;
  };
}

type NodeReading =
  | { readonly kind: "found"; readonly node: Node }
  | { readonly kind: "gone"; readonly name: string }
  | { readonly kind: "unknown" };

function reasonsOf(pod: Pod, warnings: readonly Event[], node: NodeReading, now: number): readonly Reason[] {
  if (isReady(pod) && !isTerminating(pod)) return [];
  const ranked: RankedReason[] = [
    ...endedReasons(pod),
    ...terminatingReasons(pod, now),
    ...schedulingReasons(pod, warnings, now),
    ...pod.containers.flatMap((container) => containerReason(pod, container, warnings, now) ?? []),
    ...(isReady(pod) ? [] : nodeReasons(pod, warnings, node, now)),
  ];
  ranked.sort((a, b) => a.rank - b.rank);
  // That a container is still being created says nothing once something says why.
  const telling = ranked.filter((reason) => reason.rank < startingRank);
  const reasons = telling.length > 0 ? telling : ranked.length > 0 ? ranked : [unexplained(pod, now)];
  return reasons.map(({ text, evidence }) => ({ text, evidence }));
}

function endedReasons(pod: Pod): RankedReason[] {
  if (pod.phase !== "Failed" && pod.phase !== "Succeeded") return [];
  const why = pod.reason ?? pod.phase;
  const message = pod.message === undefined ? "" : `: ${oneLine(pod.message)}`;
  const text = pod.reason === undefined ? `the pod has finished (${pod.phase})` : `${why}${message}`;
  return [{ rank: -2, text, evidence: { object: pod.id, path: "status.phase", value: pod.phase } }];
}

/**
 * `deletionTimestamp` is the moment when the grace period ends, not when the deletion was asked for (meta/v1), so how
 * long a pod has been terminating cannot be told from it.
 */
function terminatingReasons(pod: Pod, now: number): RankedReason[] {
  if (pod.deletingAt === undefined) return [];
  const left = Date.parse(pod.deletingAt) - now;
  const grace =
    left >= 0
      ? `its grace period ends in ${durationWords(left)}`
      : `its grace period ended ${durationWords(-left)} ago`;
  const text = `terminating, ${isReady(pod) ? "still serving" : "no longer serving"}; ${grace}`;
  return [
    {
      rank: -1,
      text,
      evidence: { object: pod.id, path: "metadata.deletionTimestamp", value: pod.deletingAt },
    },
  ];
}

function schedulingReasons(pod: Pod, warnings: readonly Event[], now: number): RankedReason[] {
  if (pod.phase !== "Pending" || pod.nodeName !== undefined) return [];
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "True") return [];
  const failed = warnings.find((event) => event.reason === "FailedScheduling");
  const message = failed?.message ?? scheduled?.message;
  const what = unscheduledWords(scheduled, failed);
  const howLong = forWords(scheduled?.since, now);
  const text = `pending: ${what}${howLong === undefined ? "" : ` ${howLong}`}${message === undefined ? "" : `: ${oneLine(message)}`}`;
  return [{ rank: 0, text, evidence: evidenceOf(pod, "PodScheduled", scheduled) }];
}

function unscheduledWords(scheduled: Condition | undefined, failed: Event | undefined): string {
  if (scheduled?.reason === "SchedulingGated") return "held by its scheduling gates";
  return scheduled?.reason === undefined && failed === undefined ? "not scheduled yet" : "unschedulable";
}

/** Reasons that lie outside the containers: readiness gates and nodes that stopped reporting. */
function nodeReasons(pod: Pod, warnings: readonly Event[], node: NodeReading, now: number): RankedReason[] {
  const ready = conditionOf(pod, "Ready");
  if (node.kind === "gone") {
    return [
      {
        rank: 0,
        text: `its node ${node.name} is gone`,
        evidence: { object: pod.id, path: "spec.nodeName", value: node.name },
      },
    ];
  }
  const nodeReady =
    node.kind === "found" ? node.node.conditions.find((condition) => condition.type === "Ready") : undefined;
  if (node.kind === "found" && nodeReady !== undefined && nodeReady.status !== "True") {
    const what = nodeReady.status === "Unknown" ? "stopped reporting" : "is not ready";
    const howLong = forWords(nodeReady.since, now);
    const state = `Ready ${nodeReady.status}${howLong === undefined ? "" : ` ${howLong}`}`;
    return [
      {
        rank: 0,
        text: `its node ${node.node.name} ${what} (${state}), so the pod was marked not ready`,
        evidence: { object: node.node.id, path: "status.conditions[Ready].status", value: nodeReady.status },
      },
    ];
  }
  if (node.kind === "found") {
    const network = networkReason(pod, warnings, node.node, now);
    if (network !== undefined) return [network];
  }
  if (ready === undefined || conditionOf(pod, "ContainersReady")?.status !== "True") return [];
  const evidence = evidenceOf(pod, "Ready", ready);
  if (ready.reason === "ReadinessGatesNotReady") {
    return [
      {
        rank: 2,
        text: `a readiness gate is not true${ready.message === undefined ? "" : `: ${oneLine(ready.message)}`}`,
        evidence,
      },
    ];
  }
  // Nodes that come back leave this behind until their kubelet writes the pod's status again.
  const marked = warnings.find((event) => event.reason === "NodeNotReady");
  const at = clockWords(ready.since ?? marked?.lastSeen, now);
  const event = marked === undefined ? "" : " (event NodeNotReady)";
  const text = `containers are ready, but the pod was marked not ready${at === undefined ? "" : ` at ${at}`}${event} and has not been marked ready since`;
  return [{ rank: 2, text, evidence }];
}

/**
 * A node without a network starts no pod and lets no probe through, so there it comes first. That a container crashes,
 * or answers its probe with an error, has a reason of its own.
 */
function networkReason(
  pod: Pod,
  warnings: readonly Event[],
  node: Node,
  now: number,
): RankedReason | undefined {
  const condition = node.conditions.find(({ type }) => type === "NetworkUnavailable");
  if (condition?.status !== "True" || pod.hostNetwork) return undefined;
  const answers = warnings.some(({ message }) => /statuscode: \d/.test(message));
  const crashes = pod.containers.some(
    ({ state }) => state.kind === "terminated" || (state.kind === "waiting" && !isCreating(state.reason)),
  );
  const howLong = forWords(condition.since, now);
  const why = condition.reason === undefined ? "" : ` (${condition.reason})`;
  return {
    rank: crashes || answers ? afterContainers : 0,
    text: `the network of its node ${node.name} is unavailable${why}${howLong === undefined ? "" : ` ${howLong}`}`,
    evidence: {
      object: node.id,
      path: "status.conditions[NetworkUnavailable].status",
      value: condition.status,
    },
  };
}

/** Behind what containers say of themselves. */
const afterContainers = 4;

function isCreating(reason: string | undefined): boolean {
  return reason === undefined || reason === "ContainerCreating" || reason === "PodInitializing";
}

function unexplained(pod: Pod, now: number): Reason {
  const ready = conditionOf(pod, "Ready");
  if (ready === undefined) {
    const text =
      pod.nodeName === undefined ? "not scheduled yet" : `no status from the kubelet of ${pod.nodeName} yet`;
    return { text, evidence: { object: pod.id, path: "status.phase", value: pod.phase } };
  }
  const howLong = forWords(ready.since, now);
  const why = ready.message ?? ready.reason;
  const text = `not ready${howLong === undefined ? "" : ` ${howLong}`}${why === undefined ? "" : `: ${oneLine(why)}`}`;
  return { text, evidence: evidenceOf(pod, "Ready", ready) };
}

function evidenceOf(pod: Pod, type: string, condition: Condition | undefined): Reason["evidence"] {
  if (condition === undefined) return { object: pod.id, path: "status.phase", value: pod.phase };
  const value =
    condition.reason === undefined ? condition.status : `${condition.status} (${condition.reason})`;
  return { object: pod.id, path: `status.conditions[${type}].status`, value };
}
