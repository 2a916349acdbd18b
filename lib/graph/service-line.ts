import type { PortFact, ServiceFacts } from "#lib/engine/facts.ts";
import { shortLabel } from "./label-words.ts";

/** A Service's line of fact on the map: ":80 → 8080 · 3 of 3", "selects no pod · app=emails?", "headless · 3 of 3". */
export function serviceLine(facts: ServiceFacts): string {
  const { service } = facts;
  if (facts.backing === "external-name") return `ExternalName · ${service.externalName ?? "no name"}`;
  if (facts.health === "idle") return facts.sentence;
  if (facts.backing === "selector" && facts.endpoints.length === 0 && facts.selected?.length === 0)
    return selectsNothing(facts);
  const parts = [service.clusterIPs.includes("None") ? "headless" : portsText(facts.ports), countText(facts)];
  if (facts.loadBalancer?.addresses.length === 0) parts.splice(1, 0, "no address yet");
  return parts.filter((part) => part !== "").join(" · ");
}

/** Asks back the label that a workload nearly carries, as one would read it out: "app=emails?". */
function selectsNothing(facts: ServiceFacts): string {
  const wanted = facts.nearMiss?.differs[0];
  if (wanted !== undefined) return `selects no pod · ${shortLabel(wanted.key, wanted.wanted)}?`;
  const [pair] = Object.entries(facts.service.selector);
  return pair === undefined ? "selects no pod" : `selects no pod · ${shortLabel(...pair)}`;
}

function portsText(ports: readonly PortFact[]): string {
  // A port that lands nowhere is the one to read, wherever it stands in the list.
  const shown = ports.find((port) => port.health === "broken") ?? ports[0];
  if (shown === undefined) return "no port";
  const { port, protocol, targetPort } = shown.port;
  const from = protocol === "TCP" ? `:${port}` : `:${port}/${protocol}`;
  const to = targetPort === port ? "" : ` → ${targetPort}`;
  return `${from}${to}${ports.length > 1 ? ` +${ports.length - 1}` : ""}`;
}

function countText({ ports, source, ready, total, backing }: ServiceFacts): string {
  const unresolved = ports.find((port) => port.unresolved > 0 && port.health === "broken");
  if (unresolved !== undefined) return "no such container port";
  if (source === "unknown") return "endpoints not read";
  if (total === 0) return backing === "manual" ? "no selector, no endpoints" : "no endpoints";
  return ready === total ? `${ready} of ${total}` : `${ready} of ${total} ready`;
}
