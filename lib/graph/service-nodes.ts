import type { ServiceFacts } from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import type { GraphNode } from "#lib/model/graph.ts";
import { serviceLine } from "./service-line.ts";
import { type FindingTally, noFindings } from "./tally-findings.ts";

export function serviceNodes(services: readonly ServiceFacts[], tally: FindingTally): readonly GraphNode[] {
  return services.map((service) => {
    const node = unmarked(service);
    const findings = tally.of(node.id);
    return findings === noFindings ? node : { ...node, findings };
  });
}

/** Before anything was found about it. */
const unmarked = keptFor((facts: ServiceFacts): GraphNode => {
  const { id, name, namespace } = facts.service;
  return {
    id,
    kind: "service",
    lane: "service",
    namespace,
    name,
    line: serviceLine(facts),
    health: facts.health,
    object: id,
    isolated: [],
    pods: facts.backing === "external-name" ? undefined : { ready: facts.ready, total: facts.total },
    findings: noFindings,
  };
});
