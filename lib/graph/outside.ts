import type { EndpointFact, Facts, ServiceFacts } from "#lib/engine/facts.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import type { GraphNode, NodeId } from "#lib/model/graph.ts";
import { sliceOf } from "./service-strands.ts";
import type { Strand } from "./strand.ts";

/** What Services point at beyond the pods: an ExternalName's host, addresses that someone wrote into an EndpointSlice. */
export interface Outside {
  readonly nodes: readonly GraphNode[];
  readonly strands: readonly Strand[];
}

export function outsideOf(facts: Facts, pointing: readonly ServiceFacts[]): Outside {
  const nodes = new Map<NodeId, GraphNode>();
  const strands: Strand[] = [];
  for (const service of pointing) {
    for (const { node, strand } of [...externalName(service), ...addresses(facts, service)]) {
      const known = nodes.get(node.id);
      if (known === undefined || known.health === "ok") nodes.set(node.id, node);
      strands.push(strand);
    }
  }
  return { nodes: [...nodes.values()], strands };
}

export const pointsOutside = keptFor(
  ({ backing, endpoints }: ServiceFacts): boolean => backing === "external-name" || endpoints.some(isNoPod),
);

interface Pointing {
  readonly node: GraphNode;
  readonly strand: Strand;
}

function externalName({ service, backing }: ServiceFacts): readonly Pointing[] {
  const host = service.externalName;
  if (backing !== "external-name" || host === undefined || host === "") return [];
  const node = outsideNode(host, "outside the cluster", "idle");
  return [
    {
      node,
      strand: {
        kind: "service-points-outside",
        source: service.id,
        target: node.id,
        // Whether a name outside answers is not in the configuration; that the Service points there is.
        health: "ok",
        because: { object: service.id, path: "spec.externalName", value: host },
        note: "",
      },
    },
  ];
}

function addresses(facts: Facts, { service, endpoints, backing }: ServiceFacts): readonly Pointing[] {
  return endpoints.filter(isNoPod).flatMap((endpoint) =>
    endpoint.addresses.slice(0, 1).map((address) => {
      const health = endpoint.ready ? "ok" : "broken";
      const node = outsideNode(
        address,
        backing === "manual" ? "written by hand" : "no pod has this address",
        health,
      );
      const strand: Strand = {
        kind: "service-points-outside",
        source: service.id,
        target: node.id,
        health,
        because: {
          object: sliceOf(facts, service.id, address) ?? service.id,
          path: "endpoints",
          value: address,
        },
        note: endpoint.reasons[0]?.text ?? "",
      };
      return { node, strand };
    }),
  );
}

function isNoPod(endpoint: EndpointFact): boolean {
  return endpoint.pod === undefined && endpoint.workload === undefined;
}

function outsideNode(host: string, line: string, health: GraphNode["health"]): GraphNode {
  return {
    id: `external/${host}`,
    kind: "external-address",
    lane: "outside",
    name: host,
    line,
    health,
    isolated: [],
    findings: { error: 0, warning: 0, info: 0 },
  };
}
