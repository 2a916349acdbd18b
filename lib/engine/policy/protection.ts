import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import type { WorkloadFacts } from "../facts.ts";
import { podCount } from "../pod-readiness.ts";
import type { CompiledPolicies } from "./compile-policies.ts";

/** How far policies of any kind limit the pods of a namespace. */
export interface NamespaceProtection {
  readonly namespace: string;
  /** Those with pods that policies bind; on their node's network pods are not. */
  readonly workloads: readonly WorkloadProtection[];
}

export interface WorkloadProtection {
  readonly workload: ObjectId;
  readonly pods: number;
  /** Pods about which no policy says anything in this direction. */
  readonly open: Readonly<Record<Direction, number>>;
  /** One of these. */
  readonly openPod: Readonly<Record<Direction, Pod | undefined>>;
  /** Pods that a policy limits for sure. The rest may be limited. */
  readonly limited: Readonly<Record<Direction, number>>;
}

/**
 * Whether something limits each workload, not whether it is limited enough: a policy that allows everything counts. One
 * of a kind that is not evaluated, or not valid, or that may select a pod, may limit it.
 */
export function* protectionByNamespace(
  policies: CompiledPolicies,
  workloads: Iterable<Pick<WorkloadFacts, "id" | "namespace" | "pods">>,
): Generator<undefined, readonly NamespaceProtection[]> {
  const byNamespace = new Map<string, WorkloadProtection[]>();
  const { admin, baseline, faulty, foreign, networkPolicies } = policies.set;
  const forCluster = [...admin, ...baseline].flat().length + faulty.length + foreign.length > 0;
  for (const { id, namespace, pods } of workloads) {
    yield;
    const bound = pods.filter(({ hostNetwork }) => !hostNetwork);
    if (bound.length === 0) continue;
    const none = { open: countOf(bound), openPod: bound[0], limited: 0 };
    const hasAny = forCluster || networkPolicies.has(namespace);
    const into = hasAny ? countIn(policies, bound, "ingress") : none;
    const out = hasAny ? countIn(policies, bound, "egress") : none;
    const protection: WorkloadProtection = {
      workload: id,
      pods: countOf(bound),
      open: { ingress: into.open, egress: out.open },
      openPod: { ingress: into.openPod, egress: out.openPod },
      limited: { ingress: into.limited, egress: out.limited },
    };
    const list = byNamespace.get(namespace);
    if (list === undefined) byNamespace.set(namespace, [protection]);
    else list.push(protection);
  }
  return [...byNamespace]
    .map(([namespace, found]) => ({ namespace, workloads: found }))
    .sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}

function countIn(policies: CompiledPolicies, pods: readonly Pod[], direction: Direction) {
  let [open, limited] = [0, 0];
  let openPod: Pod | undefined;
  for (const pod of pods) {
    const { isolating, admin, baseline, faulty, foreign } = policies.selection(pod, direction);
    const tiers = [...admin, ...baseline].flat(2);
    if (isolating.length > 0 || tiers.some(({ selects }) => selects.is === "yes")) limited += podCount(pod);
    else if (tiers.length + faulty.length + foreign.length === 0) {
      open += podCount(pod);
      openPod ??= pod;
    }
  }
  return { open, openPod, limited };
}

function countOf(pods: readonly Pod[]): number {
  return pods.reduce((sum, pod) => sum + podCount(pod), 0);
}
