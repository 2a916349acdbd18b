import type { ServiceFacts, WorkloadFacts } from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import type { GraphNode } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Members } from "./graph-part.ts";
import { shortLabel } from "./label-words.ts";
import { type FindingTally, noFindings } from "./tally-findings.ts";

/** One node for each of a namespace's top-level workloads and pods that nothing owns, in the workload lane. */
export function workloadNodes(
  { services, workloads }: Pick<Members, "services" | "workloads">,
  tally: FindingTally,
): readonly GraphNode[] {
  const nearMisses = labelsNearlySelected(services);
  return workloads.map((workload) => {
    const node = unmarked(workload);
    const nearMiss = nearMisses.get(workload.id);
    const findings = tally.of(workload.id);
    if (nearMiss === undefined && findings === noFindings) return node;
    return { ...node, line: workloadLine(workload, nearMiss), findings };
  });
}

/** Before anything was found about it. */
const unmarked = keptFor(
  (workload: WorkloadFacts): GraphNode => ({
    id: workload.id,
    kind: workload.kind,
    lane: "workload",
    namespace: workload.namespace,
    name: workload.name,
    line: workloadLine(workload, undefined),
    health: workload.health,
    object: workload.id,
    isolated: isolationOf(workload),
    pods: { ready: workload.ready, total: workload.total },
    findings: noFindings,
  }),
);

/** The directions in which policies isolate a workload's pods. */
export function isolationOf({ policies }: WorkloadFacts): GraphNode["isolated"] {
  return (["ingress", "egress"] as const).filter((direction) => policies[direction].length > 0);
}

/** "Deployment · 3 pods", "2 of 3 ready", "Deployment · app=email" beside a Service that asks for another label. */
function workloadLine(workload: WorkloadFacts, nearMiss: string | undefined): string {
  const kind = kinds[workload.kind].api;
  switch (workload.health) {
    case "idle":
      return `${kind} · ${workload.sentence}`;
    case "ok":
      if (nearMiss !== undefined) return `${kind} · ${nearMiss}`;
      if (workload.kind === "pod") return [kind, workload.pods[0]?.ips[0]].filter(Boolean).join(" · ");
      return `${kind} · ${workload.total} ${workload.total === 1 ? "pod" : "pods"}`;
    case "partial":
    case "broken":
      return workload.kind === "pod" ? `${kind} · not ready` : `${workload.ready} of ${workload.total} ready`;
    case "unknown":
      return `${kind} · pods not read`;
  }
}

/**
 * Workloads that a Service's selector nearly matches, with the label that they carry instead. Beyond its namespace no
 * label differs.
 */
function labelsNearlySelected(services: readonly ServiceFacts[]): ReadonlyMap<ObjectId, string> {
  const labels = new Map<ObjectId, string>();
  for (const { nearMiss } of services) {
    const differs = nearMiss?.differs[0];
    if (nearMiss === undefined || differs === undefined || labels.has(nearMiss.workload)) continue;
    labels.set(
      nearMiss.workload,
      differs.actual === undefined ? `no label ${differs.key}` : shortLabel(differs.key, differs.actual),
    );
  }
  return labels;
}
