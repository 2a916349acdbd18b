import type { Facts } from "#lib/engine/facts.ts";
import type { GraphNode, Health, Lane, NodeKind } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { gatewayLine, hostName, ingressLine, routeLine } from "./entry-words.ts";
import type { Members } from "./graph-part.ts";
import { listenersFromSets } from "./listener-sets.ts";
import type { FindingTally } from "./tally-findings.ts";

/** Ingresses and Gateways in the entry lane, routes in theirs. */
export function entryNodes(
  facts: Facts,
  { ingresses, gateways, routes }: Members,
  tally: FindingTally,
): readonly GraphNode[] {
  const listeners = listenersFromSets(facts);
  const nodes: GraphNode[] = [];
  const add = (
    object: { readonly id: ObjectId; readonly namespace: string; readonly kind: NodeKind },
    lane: Lane,
    words: { readonly name: string; readonly line: string; readonly health: Health },
  ) =>
    nodes.push({
      id: object.id,
      kind: object.kind,
      lane,
      namespace: object.namespace,
      ...words,
      object: object.id,
      isolated: [],
      findings: tally.of(object.id),
    });

  for (const ingress of ingresses) {
    const name = hostName(ingress.hosts, ingress.ingress.name);
    add(ingress.ingress, "entry", { name, line: ingressLine(ingress), health: ingress.health });
  }
  for (const gateway of gateways) {
    const { id, name } = gateway.gateway;
    const count = gateway.gateway.listeners.length + (listeners.get(id) ?? 0);
    add(gateway.gateway, "entry", { name, line: gatewayLine(gateway, count), health: gateway.health });
  }
  for (const route of routes) {
    const name = hostName(route.route.hostnames, route.route.name);
    add(route.route, "route", { name, line: routeLine(route), health: route.health });
  }
  return nodes;
}
