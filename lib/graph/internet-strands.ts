import type { GatewayFacts, IngressFacts, ServiceFacts } from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import { counted, listed } from "#lib/engine/object-words.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { GraphNode, Health, NodeId } from "#lib/model/graph.ts";
import type { Members } from "./graph-part.ts";
import type { Strand } from "./strand.ts";

export const internetId: NodeId = "internet";

/** The one node for everything outside; `ways` is how many entries it reaches. */
export function internetNode(ways: number): GraphNode {
  return {
    id: internetId,
    kind: "internet",
    lane: "internet",
    name: "Internet",
    line: counted(ways, "way in", "ways in"),
    health: "ok",
    isolated: [],
    findings: { error: 0, warning: 0, info: 0 },
  };
}

/**
 * What of a namespace can be reached from outside the cluster: Gateways, Ingresses, and Services of type NodePort and LoadBalancer
 * or with external IPs. Whether a firewall stands in front is not in the configuration.
 */
export function internetStrands({ ingresses, gateways, services }: Members): readonly Strand[] {
  return [...ingresses.map(toIngress), ...gateways.map(toGateway), ...services.flatMap(exposed)];
}

const toIngress = keptFor((facts: IngressFacts): Strand => {
  const { id, className } = facts.ingress;
  return {
    kind: "internet-reaches-ingress",
    source: internetId,
    target: id,
    because: { object: id, path: "spec.ingressClassName", value: className ?? "the default class" },
    ...classTruth(facts),
  };
});

const toGateway = keptFor(({ gateway, health, sentence }: GatewayFacts): Strand => {
  const value = gateway.listeners
    .map((listener) => `${listener.name} ${listener.protocol} ${listener.port}`)
    .join(", ");
  return {
    kind: "internet-reaches-gateway",
    source: internetId,
    target: gateway.id,
    health,
    because: { object: gateway.id, path: "spec.listeners", value },
    note: health === "ok" ? "" : sentence,
  };
});

const exposed = keptFor(exposedStrands);

function classTruth(ingress: IngressFacts): { readonly health: Health; readonly note: string } {
  const found = ingress.class;
  switch (found.state) {
    case "found":
    case "none-needed":
      return { health: "ok", note: "" };
    case "missing":
      return { health: "broken", note: `There is no IngressClass ${found.name}, so no controller serves it` };
    // Some controllers take Ingresses without a class all the same.
    case "no-default":
      return { health: "partial", note: "It names no class and no IngressClass is the default" };
    case "several-defaults":
      return {
        health: "partial",
        note: `It names no class, and ${listed(found.names)} are all marked as the default`,
      };
    case "unknown":
      return { health: "unknown", note: found.why };
    default:
      return assertNever(found);
  }
}

function exposedStrands(facts: ServiceFacts): readonly Strand[] {
  const { service } = facts;
  const strand = (path: string, value: string, health: Health, note: string): readonly Strand[] => [
    {
      kind: "internet-reaches-service",
      source: internetId,
      target: service.id,
      health,
      because: { object: service.id, path, value },
      note,
    },
  ];
  const nodePorts = service.ports.flatMap((port) => (port.nodePort === undefined ? [] : [port.nodePort]));
  switch (service.type) {
    case "LoadBalancer": {
      if (facts.loadBalancer?.addresses.length !== 0) return strand("spec.type", service.type, "ok", "");
      const why = facts.loadBalancer.pendingWhy ?? "no event tells why";
      if (nodePorts.length === 0) {
        return strand("status.loadBalancer", "no address", "broken", `No load balancer address: ${why}`);
      }
      const open = `only the nodes' ${nodePorts.length === 1 ? "port" : "ports"} ${listed(nodePorts.map(String))}`;
      return strand(
        "status.loadBalancer",
        "no address",
        "partial",
        `No load balancer address, ${open}: ${why}`,
      );
    }
    case "NodePort": {
      const open =
        nodePorts.length === 0 ? "" : `Open on port ${listed(nodePorts.map(String))} of every node`;
      return strand("spec.type", service.type, "ok", open);
    }
    case "ClusterIP":
      if (service.externalIPs.length === 0) return [];
      return strand("spec.externalIPs", service.externalIPs.join(", "), "ok", "");
    case "ExternalName":
      return [];
    default:
      return assertNever(service.type);
  }
}
