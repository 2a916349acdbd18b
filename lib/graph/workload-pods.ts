import type { Facts, WorkloadFacts } from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import { conditionOf, isFinished, isReady, isTerminating, podCount } from "#lib/engine/pod-readiness.ts";
import type { Evidence } from "#lib/model/finding.ts";
import type {
  Graph,
  GraphEdge,
  GraphNode,
  Health,
  NodeId,
  PodLayer,
  WorkloadPods,
} from "#lib/model/graph.ts";
import { objectId, parseObjectId } from "#lib/model/ids.ts";
import type { Container, Pod } from "#lib/model/objects.ts";
import { edgeId } from "./strand.ts";
import { type FindingTally, noFindings } from "./tally-findings.ts";
import { isolationOf } from "./workload-nodes.ts";

/**
 * The pods behind workloads, with an edge each, workload by workload. They are drawn only where someone unfolds one,
 * since the workload's card counts them.
 */
export function podLayer({ workloads, index }: Facts, tally: FindingTally): PodLayer {
  const layerOf = (workload: WorkloadFacts | undefined): WorkloadPods | undefined => {
    if (workload === undefined || workload.kind === "pod" || workload.pods.length === 0) return undefined;
    const pods = podsOf(workload);
    return tally.amongPodsOf(workload.id) ? withFindings(pods, tally) : pods;
  };
  const factsOf = (id: NodeId): WorkloadFacts | undefined => {
    const ref = parseObjectId(id);
    return ref === undefined ? undefined : workloads.get(objectId(ref.kind, ref.namespace, ref.name));
  };
  return {
    podsOf: (id) => layerOf(factsOf(id)),
    all: () => [...workloads.values()].flatMap((workload) => layerOf(workload) ?? []),
    workloadOf(pod) {
      const ref = parseObjectId(pod);
      if (ref?.kind !== "pod") return undefined;
      const workload = index.ownerOf.get(objectId(ref.kind, ref.namespace, ref.name));
      const facts = workload === undefined ? undefined : workloads.get(workload);
      return layerOf(facts) === undefined ? undefined : workload;
    },
  };
}

/** The whole graph with the pods behind workloads among its nodes, workload by workload, after all else. */
export function withPods({ nodes, edges, pods }: Graph): Graph {
  const layers = pods?.all() ?? [];
  return {
    nodes: [...nodes, ...layers.flatMap((layer) => layer.nodes())],
    edges: [...edges, ...layers.flatMap((layer) => layer.edges())],
  };
}

function withFindings(pods: WorkloadPods, tally: FindingTally): WorkloadPods {
  return {
    nodes: () => pods.nodes().map((node) => ({ ...node, findings: tally.of(node.id) })),
    edges: pods.edges,
  };
}

/** Nearly every pod is one, ready or not; the same for all of them. */
const oneReady = { ready: 1, total: 1 };
const oneNotReady = { ready: 0, total: 1 };

function countsOf(count: number, health: Health): { readonly ready: number; readonly total: number } {
  if (count === 1) return health === "ok" ? oneReady : oneNotReady;
  return { ready: health === "ok" ? count : 0, total: count };
}

/** Before anything was found about them. */
const podsOf = keptFor((workload: WorkloadFacts): WorkloadPods => {
  let nodes: readonly GraphNode[] | undefined;
  let edges: readonly GraphEdge[] | undefined;
  return {
    nodes() {
      nodes ??= nodesOf(workload);
      return nodes;
    },
    edges() {
      edges ??= edgesOf(workload);
      return edges;
    },
  };
});

function nodesOf(workload: WorkloadFacts): readonly GraphNode[] {
  const isolated = isolationOf(workload);
  return workload.pods.map((pod) => {
    const { health, line } = podState(pod);
    return {
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
    };
  });
}

function edgesOf(workload: WorkloadFacts): readonly GraphEdge[] {
  return workload.pods.map((pod) => ({
    id: edgeId(workload.id, pod.id),
    kind: "workload-runs-pod",
    source: workload.id,
    target: pod.id,
    health: podHealth(pod),
    because: ownership(workload, pod),
    note: "",
    count: 1,
  }));
}

function ownership(workload: WorkloadFacts, pod: Pod): Evidence {
  const owner = pod.owners.find((candidate) => candidate.controller) ?? pod.owners[0];
  return owner === undefined
    ? { object: workload.id, path: "spec.template", value: pod.name }
    : { object: pod.id, path: "metadata.ownerReferences", value: `${owner.apiKind}/${owner.name}` };
}

export function podHealth(pod: Pod): Health {
  return podState(pod).health;
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
