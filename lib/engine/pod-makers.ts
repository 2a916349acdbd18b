import type { ObjectId } from "#lib/model/ids.ts";
import { refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Container, Labels, Pod, PodTemplate, WorkloadKind } from "#lib/model/objects.ts";
import type { PluralKind } from "#lib/model/snapshot.ts";
import type { Facts } from "./facts.ts";
import { isTerminating } from "./pod-readiness.ts";

/** What pods come from: a top-level workload with its template, or a pod that no workload made. */
export interface PodMaker {
  readonly id: ObjectId;
  readonly kind: WorkloadKind | "pod";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly spec: Pick<PodTemplate, "hostNetwork" | "dnsPolicy" | "dnsConfig" | "containers">;
  /** Field path of the spec: `spec.template.spec`. */
  readonly path: string;
  /** Its live pods that are meant to stay; a template's in manifests. */
  readonly pods: readonly Pod[];
}

export interface PodMakers {
  /** Those that have, or want, pods now; a fault in a template is told once, whatever the number of its pods. */
  readonly makers: readonly PodMaker[];
  /** Kinds of workloads that pods name as their owners and that were not read, so that their templates are not known. */
  readonly unread: readonly PluralKind[];
}

/** With pauses in which others may run. */
export function* podMakers({ workloads, index }: Facts): Generator<undefined, PodMakers> {
  const makers: PodMaker[] = [];
  const unread = new Set<PluralKind>();
  let looked = 0;
  for (const { id, kind, namespace, name, pods } of workloads.values()) {
    if (looked++ % 200 === 0) yield;
    const staying = pods.filter((pod) => !isTerminating(pod));
    const head = { id, kind, namespace, name, pods: staying };
    const workload = index.workloads.get(id);
    if (workload !== undefined) {
      if (staying.length === 0 && (workload.suspended || workload.desired === 0)) continue;
      const { template } = workload;
      makers.push({ ...head, labels: template.labels, spec: template, path: podSpecPath(workload.kind) });
      continue;
    }
    const [pod] = staying;
    if (pod === undefined) continue;
    if (kind === "pod") makers.push({ ...head, labels: pod.labels, spec: pod, path: podSpecPath(kind) });
    else unread.add(kinds[refOf(id).kind].plural);
  }
  return { makers, unread: [...unread] };
}

/** Field path of the spec that its pods have: `spec.template.spec`. */
export function podSpecPath(kind: PodMaker["kind"]): string {
  if (kind === "pod") return "spec";
  return kind === "cron-job" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec";
}

/** Field path of a container: `spec.template.spec.containers[0]`. Sidecars stand among the init containers. */
export function containerPath(
  { path, spec }: { readonly path: string; readonly spec: Pick<PodMaker["spec"], "containers"> },
  container: Container,
): string {
  const isMain = container.role === "main";
  const beside = spec.containers.filter(({ role }) => (role === "main") === isMain);
  return `${path}.${isMain ? "containers" : "initContainers"}[${beside.indexOf(container)}]`;
}

/** Whether a change to its spec reaches pods: those of a Job and a bare pod cannot be changed but in trifles. */
export function canChange({ kind }: PodMaker): boolean {
  return kind !== "pod" && kind !== "job";
}
