import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

const service = (body: string) =>
  readObject(load(`{apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop}, ${body}}`));

describe("readService", () => {
  it("fills in what the API server would", () => {
    expect(
      service(
        "spec: {selector: {app: cart}, ports: [{port: 80}, {name: dns, port: 53, protocol: UDP, targetPort: dns}]}",
      ),
    ).toEqual({
      kind: "object",
      plural: "services",
      object: {
        kind: "service",
        id: "service/shop/cart",
        name: "cart",
        namespace: "shop",
        labels: {},
        annotations: {},
        owners: [],
        type: "ClusterIP",
        selector: { app: "cart" },
        ports: [
          { port: 80, protocol: "TCP", targetPort: 80 },
          { name: "dns", port: 53, protocol: "UDP", targetPort: "dns" },
        ],
        clusterIPs: [],
        ipFamilies: [],
        externalIPs: [],
        internalTrafficPolicy: "Cluster",
        externalTrafficPolicy: "Cluster",
        publishNotReadyAddresses: false,
        sessionAffinity: "None",
        loadBalancerSourceRanges: [],
      },
    });
  });

  it("knows no address where no status was given, and none yet where an empty one was", () => {
    expect(service("spec: {type: LoadBalancer}")).toMatchObject({ object: { loadBalancer: undefined } });
    expect(service("spec: {type: LoadBalancer}, status: {loadBalancer: {}}")).toMatchObject({
      object: { loadBalancer: [] },
    });
    expect(
      service("spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}"),
    ).toMatchObject({
      object: { loadBalancer: [{ ip: "192.0.2.1" }] },
    });
    expect(
      service(
        "spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: [{ip: 192.0.2.1, ipMode: Proxy}]}}",
      ),
    ).toMatchObject({ object: { loadBalancer: [{ ip: "192.0.2.1", ipMode: "Proxy" }] } });
  });

  it("reads the single clusterIP of old objects, and None", () => {
    expect(service("spec: {clusterIP: None}")).toMatchObject({ object: { clusterIPs: ["None"] } });
    expect(service("spec: {clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, 'fd00::1']}")).toMatchObject({
      object: { clusterIPs: ["10.96.0.1", "fd00::1"] },
    });
  });

  it("reads where a load balancer asks for health, and takes 0 for nowhere", () => {
    const local = (port: number) =>
      service(`spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: ${port}}`);
    expect(local(31_000)).toMatchObject({ object: { healthCheckNodePort: 31_000 } });
    expect(local(0)).toMatchObject({ object: { healthCheckNodePort: undefined } });
  });

  it("refuses a type that it does not know, since everything depends on it", () => {
    expect(service("spec: {type: Teleport}")).toMatchObject({ kind: "invalid", path: "spec.type" });
  });
});
