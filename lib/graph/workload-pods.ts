import type { Facts, WorkloadFacts } from "#lib/engine/facts.ts";
import { conditionOf, isFinished, isReady, isTerminating, podCount } from "#lib/engine/pod-readiness.ts";
import type { Evidence } from "#lib/model/finding.ts";
import type { GraphEdge, GraphNode, Health } from "#lib/model/graph.ts";
import type { Container, OwnerRef, Pod } from "#lib/model/objects.ts";
import { compareText } from "./compare-text.ts";
import { edgeId } from "./strand.ts";
import { type FindingTally, noFindings } from "./tally-findings.ts";
import { isolationOf } from "./workload-nodes.ts";

interface WorkloadPods {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * The pods behind workloads, with an edge each, workload by workload. They are drawn only where someone unfolds one,
 * since the workload's card counts them.
 */
export function* workloadPods(facts: Facts, tally: FindingTally): Generator<undefined, WorkloadPods> {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const workloads = [...facts.workloads.values()].filter((workload) => workload.kind !== "pod");
  for (const workload of workloads.sort((a, b) => compareText(a.id, b.id))) {
    const own = podsOf(workload);
    for (const node of own.nodes) {
      const findings = tally(node.id);
      nodes.push(findings === noFindings ? node : { ...node, findings });
    }
    for (const edge of own.edges) edges.push(edge);
    yield;
  }
  return { nodes, edges };
}

/** Nearly every pod is one, ready or not; the same for all of them. */
const oneReady = { ready: 1, total: 1 };
const oneNotReady = { ready: 0, total: 1 };

function countsOf(count: number, health: Health): { readonly ready: number; readonly total: number } {
  if (count === 1) return health === "ok" ? oneReady : oneNotReady;
  return { ready: health === "ok" ? count : 0, total: count };
}

const kept = new WeakMap<WorkloadFacts, WorkloadPods>();

/** Before anything was found about them. Follows from the workload's facts alone, and is kept for as long as these are. */
function podsOf(workload: WorkloadFacts): WorkloadPods {
  const known = kept.get(workload);
  if (known !== undefined) return known;
  const isolated = isolationOf(workload);
  const states = workload.pods.map((pod) => ({ pod, ...podState(pod) }));
  const ownerWords = inWords();
  const made: WorkloadPods = {
    nodes: states.map(({ pod, health, line }) => ({
      id: pod.id,
      kind: "pod",
      lane: "pod",
      namespace: pod.namespace,
      name: pod.name,
      line,
      health,
      object: pod.id,
      isolated,
      pods: countsOf(podCount(pod), health),
      findings: noFindings,
    })),
    edges: states.map(({ pod, health }) => ({
      id: edgeId(workload.id, pod.id),
      kind: "workload-runs-pod",
      source: workload.id,
      target: pod.id,
      health,
      because: ownership(workload, pod, ownerWords),
      note: "",
      count: 1,
    })),
  };
  kept.set(workload, made);
  return made;
}

function ownership(workload: WorkloadFacts, pod: Pod, words: (owner: OwnerRef) => string): Evidence {
  const owner = pod.owners.find((candidate) => candidate.controller) ?? pod.owners[0];
  return owner === undefined
    ? { object: workload.id, path: "spec.template", value: pod.name }
    : { object: pod.id, path: "metadata.ownerReferences", value: words(owner) };
}

/** One text for all pods of an owner. */
function inWords(): (owner: OwnerRef) => string {
  const known = new Map<string, string>();
  return ({ apiKind, name }) => {
    const words = `${apiKind}/${name}`;
    const kept = known.get(words);
    if (kept === undefined) known.set(words, words);
    return kept ?? words;
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
