import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { type Arrival, chooseEndpoints, isPerNode } from "./choose-endpoints.ts";

interface Endpoint {
  readonly name: string;
  readonly node?: string;
  readonly conditions?: string;
  readonly hints?: string;
}

function service(spec: string, endpoints: readonly Endpoint[]) {
  const facts = factsFromYaml(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, clusterIP: 10.96.0.7, ports: [{port: 80}], ${spec}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}
addressType: IPv4
ports: [{name: "", port: 80, protocol: TCP}]
endpoints:
${endpoints
  .map(
    ({ name, node, conditions = "{}", hints = "{}" }, i) =>
      `- {addresses: [10.0.0.${i + 1}], targetRef: {kind: Pod, name: ${name}}, conditions: ${conditions}, hints: ${hints}${node === undefined ? "" : `, nodeName: ${node}`}}`,
  )
  .join("\n")}
`);
  const found = facts.services.get(objectId("service", "shop", "web"));
  if (found === undefined) throw new Error("no Service");
  return found;
}

const names = (facts: ReturnType<typeof service>, arrival: Partial<Arrival>) => {
  const choice = chooseEndpoints(facts, { traffic: "internal", node: "n1", zone: "a", ...arrival });
  const pods = choice.endpoints.map(({ pod }) => pod?.split("/").at(-1) ?? "");
  return [choice.within, choice.state, ...pods].join(" ");
};

const down = "{ready: false, serving: false}";
const leaving = "{ready: false, serving: true, terminating: true}";

describe("chooseEndpoints", () => {
  it("takes the ready ones", () => {
    const facts = service("", [
      { name: "a" },
      { name: "b", conditions: down },
      { name: "c", conditions: leaving },
    ]);
    expect(names(facts, {})).toBe("cluster ready a");
  });

  it("takes those that serve while they terminate only where none is ready", () => {
    const facts = service("", [
      { name: "b", conditions: down },
      { name: "c", conditions: leaving },
    ]);
    expect(names(facts, {})).toBe("cluster terminating c");
    expect(names(service("", [{ name: "b", conditions: down }]), {})).toBe("cluster ready");
  });

  it("stays on the node for internalTrafficPolicy Local, and nowhere else for external traffic", () => {
    const facts = service("internalTrafficPolicy: Local", [
      { name: "a", node: "n1" },
      { name: "b", node: "n2" },
    ]);
    expect(names(facts, { node: "n1" })).toBe("node ready a");
    expect(names(facts, { node: "n3" })).toBe("node ready");
    expect(names(facts, { traffic: "external", node: "n3" })).toBe("cluster ready a b");
  });

  it("asks about terminating ones within the node by themselves", () => {
    const facts = service("type: NodePort, externalTrafficPolicy: Local", [
      { name: "a", node: "n1", conditions: leaving },
      { name: "b", node: "n2" },
    ]);
    expect(names(facts, { traffic: "external", node: "n1" })).toBe("node terminating a");
    expect(names(facts, { traffic: "external", node: "n2" })).toBe("node ready b");
    expect(names(facts, { traffic: "internal", node: "n1" })).toBe("cluster ready b");
  });

  it("follows zone hints only if every ready endpoint has one and one is for this zone", () => {
    const zoned = [
      { name: "a", hints: "{forZones: [{name: a}]}" },
      { name: "b", hints: "{forZones: [{name: b}]}" },
    ];
    expect(names(service("", zoned), { zone: "a" })).toBe("zone-hint ready a");
    expect(names(service("", zoned), { zone: "c" })).toBe("cluster ready a b");
    expect(names(service("", zoned), { zone: undefined })).toBe("cluster ready a b");
    expect(names(service("", [...zoned, { name: "c" }]), { zone: "a" })).toBe("cluster ready a b c");
    const unready = { name: "c", conditions: down };
    expect(names(service("", [...zoned, unready]), { zone: "a" })).toBe("zone-hint ready a");
  });

  it("prefers hints for the node to hints for the zone", () => {
    const facts = service("", [
      { name: "a", hints: "{forZones: [{name: a}], forNodes: [{name: n1}]}" },
      { name: "b", hints: "{forZones: [{name: a}], forNodes: [{name: n2}]}" },
    ]);
    expect(names(facts, { node: "n2", zone: "a" })).toBe("node-hint ready b");
    expect(names(facts, { node: "n3", zone: "a" })).toBe("zone-hint ready a b");
  });

  it("says when the answer is one for each node", () => {
    expect(isPerNode(service("", [{ name: "a" }]), "internal")).toBe(false);
    expect(isPerNode(service("internalTrafficPolicy: Local", [{ name: "a" }]), "internal")).toBe(true);
    expect(isPerNode(service("internalTrafficPolicy: Local", [{ name: "a" }]), "external")).toBe(false);
    expect(isPerNode(service("", [{ name: "a", hints: "{forZones: [{name: a}]}" }]), "internal")).toBe(true);
  });
});
