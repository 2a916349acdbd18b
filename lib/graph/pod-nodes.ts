import type { Facts, WorkloadFacts } from "#lib/engine/facts.ts";
import { conditionOf, isFinished, isReady, isTerminating, podCount } from "#lib/engine/pod-readiness.ts";
import type { GraphNode, Health } from "#lib/model/graph.ts";
import type { Container, Pod } from "#lib/model/objects.ts";
import type { Strand } from "./strand.ts";
import type { FindingTally } from "./tally-findings.ts";
import { isolationOf } from "./workload-nodes.ts";

/** The pods behind workloads: drawn only where someone unfolds one, since the workload's card counts them. */
export function podNodes(facts: Facts, tally: FindingTally): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  for (const workload of facts.workloads.values()) {
    if (workload.kind === "pod") continue;
    const isolated = isolationOf(workload);
    for (const pod of workload.pods) {
      const state = podState(pod);
      const count = podCount(pod);
      nodes.push({
        id: pod.id,
        kind: "pod",
        lane: "pod",
        namespace: pod.namespace,
        name: pod.name,
        line: state.line,
        health: state.health,
        object: pod.id,
        isolated,
        pods: { ready: state.health === "ok" ? count : 0, total: count },
        findings: tally(pod.id),
      });
    }
  }
  return nodes;
}

export function podStrands(facts: Facts): readonly Strand[] {
  const strands: Strand[] = [];
  for (const workload of facts.workloads.values()) {
    if (workload.kind === "pod") continue;
    for (const pod of workload.pods) strands.push(podStrand(workload, pod));
  }
  return strands;
}

function podStrand(workload: WorkloadFacts, pod: Pod): Strand {
  const owner = pod.owners.find((candidate) => candidate.controller) ?? pod.owners[0];
  return {
    kind: "workload-runs-pod",
    source: workload.id,
    target: pod.id,
    health: podState(pod).health,
    because:
      owner === undefined
        ? { object: workload.id, path: "spec.template", value: pod.name }
        : { object: pod.id, path: "metadata.ownerReferences", value: `${owner.apiKind}/${owner.name}` },
    note: "",
  };
}

/** A pod's health and its line: where it runs when it is ready, what holds it up when it is not. */
function podState(pod: Pod): { readonly health: Health; readonly line: string } {
  if (pod.template !== undefined) return { health: "ok", line: "from the template, taken as running" };
  if (isFinished(pod)) return { health: "idle", line: `finished · ${pod.phase}` };
  if (isTerminating(pod)) return { health: "idle", line: "terminating" };
  if (isReady(pod)) return { health: "ok", line: [pod.ips[0], pod.nodeName].filter(Boolean).join(" · ") };
  if (pod.phase === "Unknown") return { health: "unknown", line: pod.reason ?? "its node does not report" };
  return { health: "broken", line: whyNotReady(pod) };
}

function whyNotReady(pod: Pod): string {
  for (const container of pod.containers) {
    const words = containerTrouble(container);
    if (words !== undefined) return words;
  }
  if (conditionOf(pod, "PodScheduled")?.status === "False") return "pending · unschedulable";
  return pod.phase === "Pending" ? "pending" : "not ready";
}

function containerTrouble({ state, restartCount }: Container): string | undefined {
  if (state.kind !== "waiting" || state.reason === undefined) return undefined;
  if (state.reason === "ContainerCreating" || state.reason === "PodInitializing") return undefined;
  return restartCount === 0 ? state.reason : `${state.reason} · ${restartCount} restarts`;
}
