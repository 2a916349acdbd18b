import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { EndpointSlice } from "#lib/model/objects.ts";
import { readObject } from "./read-object.ts";

function slice(yaml: string): EndpointSlice {
  const outcome = readObject(load(yaml));
  if (outcome.kind !== "object" || outcome.object.kind !== "endpoint-slice")
    throw new Error(JSON.stringify(outcome));
  return outcome.object;
}

describe("readEndpointSlice", () => {
  it("reads absent conditions as ready, serving and not terminating", () => {
    const read = slice(`
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: cart-x7x2p
        namespace: shop
        labels: {kubernetes.io/service-name: cart, endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}
      addressType: IPv4
      ports: [{name: "", port: 8080}, {name: all}]
      endpoints:
        - addresses: [10.0.0.1]
          targetRef: {kind: Pod, name: cart-0, namespace: shop}
          nodeName: node-1
          zone: a
          hints: {forZones: [{name: a}]}
        - {addresses: [10.0.0.2], conditions: {ready: false, serving: true, terminating: true}}
    `);
    expect(read).toMatchObject({
      from: "endpoint-slice",
      serviceName: "cart",
      managedBy: "endpointslice-controller.k8s.io",
    });
    expect(read.ports).toEqual([
      { name: "", port: 8080, protocol: "TCP" },
      { name: "all", port: undefined, protocol: "TCP" },
    ]);
    expect(read.endpoints).toMatchObject([
      {
        ready: true,
        serving: true,
        terminating: false,
        pod: "pod/shop/cart-0",
        nodeName: "node-1",
        zone: "a",
        hintZones: ["a"],
      },
      { ready: false, serving: true, terminating: true, pod: undefined, hintZones: [] },
    ]);
  });

  it("reads v1beta1, where the place is in the topology and only ready endpoints serve", () => {
    const read = slice(`
      apiVersion: discovery.k8s.io/v1beta1
      kind: EndpointSlice
      metadata: {name: cart, namespace: shop}
      addressType: IPv4
      endpoints:
        - addresses: [10.0.0.1]
          conditions: {ready: false}
          topology: {kubernetes.io/hostname: node-1, topology.kubernetes.io/zone: a}
    `);
    expect(read.endpoints).toMatchObject([{ ready: false, serving: false, nodeName: "node-1", zone: "a" }]);
  });

  it("reads Endpoints as a slice of the Service of the same name", () => {
    const read = slice(`
      apiVersion: v1
      kind: Endpoints
      metadata: {name: cart, namespace: shop}
      subsets:
        - addresses: [{ip: 10.0.0.1, nodeName: node-1, targetRef: {kind: Pod, name: cart-0}}]
          notReadyAddresses: [{ip: 10.0.0.2}]
          ports: [{port: 8080}]
        - addresses: [{ip: 10.0.0.3}]
          ports: [{port: 8081}]
    `);
    expect(read).toMatchObject({
      id: "endpoint-slice/shop/cart",
      from: "endpoints",
      serviceName: "cart",
      addressType: "IPv4",
    });
    expect(read.endpoints.map(({ addresses, ready, pod }) => [addresses[0], ready, pod])).toEqual([
      ["10.0.0.1", true, "pod/shop/cart-0"],
      ["10.0.0.2", false, undefined],
      ["10.0.0.3", true, undefined],
    ]);
    expect(read.ports.map(({ port }) => port)).toEqual([8080, 8081]);
  });
});
