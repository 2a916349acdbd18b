import type { LabelSelector, Labels, Workload } from "#lib/model/objects.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import { authoredLabels, isControllerLabel } from "./controller-labels.ts";
import { type LabelIndex, labelIndex } from "./label-index.ts";
import { objectInWords } from "./object-words.ts";
import { labelValue } from "./selector.ts";

const podName = "statefulset.kubernetes.io/pod-name";

/**
 * Workloads whose pods a selector is meant for, by their templates: for a selector that matches no pod at the moment.
 * A label that a controller adds to each pod (a Service for one StatefulSet pod) is in no template; it counts as
 * matched where the rest of the selector is, and a pod's name tells its StatefulSet.
 */
export function workloadsMeant(
  index: ClusterIndex,
  namespace: string,
  selector: LabelSelector,
): readonly Workload[] {
  const authored = { ...selector, matchLabels: authoredLabels(selector.matchLabels) };
  const wantedPod = labelValue(selector.matchLabels, podName);
  const asksNothingElse =
    Object.keys(authored.matchLabels).length === 0 && selector.matchExpressions.length === 0;
  if (asksNothingElse && wantedPod === undefined) return [];
  return templatesIn(index, namespace)
    .matching(authored)
    .filter(
      (workload) =>
        wantedPod === undefined ||
        (workload.kind === "stateful-set" && ordinalOf(wantedPod, workload) !== undefined),
    );
}

const templates = new WeakMap<ClusterIndex, Map<string, LabelIndex<Workload>>>();

/** Top-level workloads of a namespace by their templates' labels, kept beside the index. */
function templatesIn(index: ClusterIndex, namespace: string): LabelIndex<Workload> {
  const byNamespace = templates.get(index) ?? new Map<string, LabelIndex<Workload>>();
  templates.set(index, byNamespace);
  let found = byNamespace.get(namespace);
  if (found === undefined) {
    const all = index.workloadsByNamespace.get(namespace) ?? [];
    // A Deployment's old ReplicaSets keep the labels of templates that are no longer in use.
    const top = all.filter((workload) => !workload.owners.some((owner) => owner.controller));
    found = labelIndex(top, (workload) => workload.template.labels);
    byNamespace.set(namespace, found);
  }
  return found;
}

/** Whether a selector names labels that no template shows, so that manifests cannot tell what it matches. */
export function asksControllerLabels(labels: Labels): boolean {
  return Object.keys(labels).some(isControllerLabel);
}

/**
 * Why no pod is to be expected of these workloads: "scaled to 0: deployment/web"; undefined when one of them should
 * have pods, or when there are none.
 */
export function whyNoPods(workloads: readonly Workload[], selector: LabelSelector): string | undefined {
  const why = workloads.map((workload) => whyNone(workload, selector));
  return why.every((each) => each !== undefined) ? why[0] : undefined;
}

function whyNone(workload: Workload, selector: LabelSelector): string | undefined {
  const name = objectInWords(workload.id);
  if (workload.suspended) return `${name} is suspended`;
  if (workload.kind === "cron-job") return `${name} has no run at the moment`;
  if (workload.kind === "job") return `${name} has no pod running`;
  if (workload.desired === 0) return `scaled to 0: ${name}`;
  const wantedPod = labelValue(selector.matchLabels, podName);
  const ordinal = wantedPod === undefined ? undefined : ordinalOf(wantedPod, workload);
  if (ordinal === undefined || workload.desired === undefined || ordinal < workload.desired) return undefined;
  return `${name} is scaled to ${workload.desired}, so there is no pod ${wantedPod}`;
}

function ordinalOf(pod: string, workload: Workload): number | undefined {
  const ordinal = pod.startsWith(`${workload.name}-`) ? pod.slice(workload.name.length + 1) : "";
  return /^\d+$/.test(ordinal) ? Number(ordinal) : undefined;
}
