/** What a pod's status says about taking traffic, by the rules of the EndpointSlice controller. */
import type { Condition, Pod } from "#lib/model/objects.ts";

/** Succeeded or Failed: it never takes traffic again, and controllers leave it out of everything. */
export function isFinished(pod: Pod): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}

/** The Ready condition, and nothing else, is what the EndpointSlice controller looks at. A template's pods are taken as ready. */
export function isReady(pod: Pod): boolean {
  return pod.template !== undefined || conditionOf(pod, "Ready")?.status === "True";
}

export function isTerminating(pod: Pod): boolean {
  return pod.deletingAt !== undefined;
}

/** Without an address there is nothing to list in an EndpointSlice; a template's pods are taken as having one each. */
export function hasAddress(pod: Pod): boolean {
  return pod.template !== undefined || pod.ips.length > 0;
}

/** 1, or how many pods a template stands for. */
export function podCount(pod: Pod): number {
  return pod.template?.count ?? 1;
}

export function countPods(pods: readonly Pod[]): number {
  return pods.reduce((sum, pod) => sum + podCount(pod), 0);
}

export function conditionOf(pod: Pod, type: string): Condition | undefined {
  return pod.conditions.find((condition) => condition.type === type);
}

/** Since when it has been ready or not: the Ready condition's last transition, else the pod's start. */
export function readySince(pod: Pod): string | undefined {
  return conditionOf(pod, "Ready")?.since ?? pod.startedAt;
}
