import type { EndpointFact, ServiceFacts } from "../facts.ts";

/** How a packet came to a Service: what its traffic policies and hints look at. */
export interface Arrival {
  /** `internal`: to a cluster IP. `external`: through a node port, a load balancer or an external IP. */
  readonly traffic: "internal" | "external";
  /** The node whose kube-proxy translates it; undefined where it is not known. */
  readonly node: string | undefined;
  readonly zone: string | undefined;
}

export interface Choice {
  /** Those among which kube-proxy chooses, by their order in the facts. */
  readonly endpoints: readonly EndpointFact[];
  /** Whether they are ready, or the last that serve while they terminate. */
  readonly state: "ready" | "terminating";
  /** What narrowed them down: nothing, a traffic policy of the Service, or hints. */
  readonly within: "cluster" | "node" | "zone-hint" | "node-hint";
}

/** Whether the endpoints differ from node to node, so that an answer must say for which one it is. */
export function isPerNode({ service, endpoints }: ServiceFacts, traffic: Arrival["traffic"]): boolean {
  const policy = traffic === "internal" ? service.internalTrafficPolicy : service.externalTrafficPolicy;
  return (
    policy === "Local" ||
    endpoints.some(({ hintZones, hintNodes }) => hintZones.length + hintNodes.length > 0)
  );
}

/**
 * The endpoints that take a packet, as kube-proxy chooses them (k8s.io/kubernetes, pkg/proxy/topology.go): ready ones;
 * only where there is none, those that serve while they terminate, asked separately within a node. Hints count only if
 * every ready endpoint has some and one of them is for this node or its zone.
 */
export function chooseEndpoints(facts: ServiceFacts, { traffic, node, zone }: Arrival): Choice {
  const { service, endpoints } = facts;
  const policy = traffic === "internal" ? service.internalTrafficPolicy : service.externalTrafficPolicy;
  if (policy === "Local") {
    const local = endpoints.filter((endpoint) => endpoint.node !== undefined && endpoint.node === node);
    return { ...takers(local), within: "node" };
  }
  const all = takers(endpoints);
  if (all.state !== "ready") return { ...all, within: "cluster" };
  const sameNode = hinted(all.endpoints, ({ hintNodes }) => hintNodes, node);
  if (sameNode !== undefined) return { endpoints: sameNode, state: "ready", within: "node-hint" };
  const sameZone = hinted(all.endpoints, ({ hintZones }) => hintZones, zone);
  if (sameZone !== undefined) return { endpoints: sameZone, state: "ready", within: "zone-hint" };
  return { ...all, within: "cluster" };
}

function takers(endpoints: readonly EndpointFact[]): Pick<Choice, "endpoints" | "state"> {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  if (ready.length > 0) return { endpoints: ready, state: "ready" };
  const last = endpoints.filter(({ serving, terminating }) => serving && terminating);
  return last.length > 0 ? { endpoints: last, state: "terminating" } : { endpoints: [], state: "ready" };
}

function hinted(
  endpoints: readonly EndpointFact[],
  hints: (endpoint: EndpointFact) => readonly string[],
  place: string | undefined,
): readonly EndpointFact[] | undefined {
  if (place === undefined || !endpoints.every((endpoint) => hints(endpoint).length > 0)) return undefined;
  const near = endpoints.filter((endpoint) => hints(endpoint).includes(place));
  return near.length > 0 ? near : undefined;
}
