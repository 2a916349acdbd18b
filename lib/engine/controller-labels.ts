import type { Labels } from "#lib/model/objects.ts";

/**
 * Labels that controllers put on pods beyond what the template says. A selector may name them (one Service a
 * StatefulSet pod does), a template never carries them, and nobody means them when comparing two workloads.
 */
const controllerLabels: ReadonlySet<string> = new Set([
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "job-name",
  "controller-uid",
  "batch.kubernetes.io/job-name",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-completion-index",
]);

export function isControllerLabel(key: string): boolean {
  return controllerLabels.has(key);
}

/** The labels that the template's author wrote. */
export function authoredLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !controllerLabels.has(key)));
}
