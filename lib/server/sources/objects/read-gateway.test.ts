import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readObject } from "./read-object.ts";

const read = (kind: string, body: string) =>
  readObject(
    load(
      `{apiVersion: gateway.networking.k8s.io/v1, kind: ${kind}, metadata: {name: web, namespace: shop}, ${body}}`,
    ),
  );

describe("readGateway", () => {
  it("admits routes of its own namespace unless it says otherwise, and terminates TLS unless it says otherwise", () => {
    expect(
      read(
        "Gateway",
        `spec: {gatewayClassName: a, listeners: [
          {name: http, port: 80, protocol: HTTP},
          {name: tls, port: 443, protocol: HTTPS, hostname: '*.example', tls: {certificateRefs: [{name: cert, namespace: certs}]},
           allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {expose: 'true'}}}, kinds: [{kind: HTTPRoute}]}}
        ]}, status: {addresses: [{value: 192.0.2.1}], listeners: [{name: tls, conditions: [{type: Programmed, status: 'False'}]}]}`,
      ),
    ).toMatchObject({
      object: {
        className: "a",
        addresses: [{ type: "IPAddress", value: "192.0.2.1" }],
        listeners: [
          {
            name: "http",
            hostname: undefined,
            allowedNamespaces: { from: "Same" },
            allowedKinds: [],
            tls: undefined,
            conditions: [],
          },
          {
            name: "tls",
            hostname: "*.example",
            allowedNamespaces: { from: "Selector", selector: { matchLabels: { expose: "true" } } },
            allowedKinds: ["HTTPRoute"],
            tls: { mode: "Terminate", certificateRefs: [{ name: "cert", namespace: "certs" }] },
            conditions: [{ type: "Programmed", status: "False" }],
          },
        ],
      },
    });
  });

  it("knows no address where no status was given", () => {
    expect(read("Gateway", "spec: {gatewayClassName: a}")).toMatchObject({
      object: { addresses: undefined, listeners: [] },
    });
  });

  it("takes ListenerSets of no namespace unless it says so", () => {
    const spec = (more: string) => read("Gateway", `spec: {gatewayClassName: a${more}}`);
    expect(spec("")).toMatchObject({ object: { allowedListeners: { from: "None" } } });
    expect(spec(", allowedListeners: {}")).toMatchObject({ object: { allowedListeners: { from: "None" } } });
    expect(spec(", allowedListeners: {namespaces: {from: Same}}")).toMatchObject({
      object: { allowedListeners: { from: "Same" } },
    });
  });

  it("reads a ListenerSet's parent in its own namespace", () => {
    expect(
      read("ListenerSet", "spec: {parentRef: {name: a}, listeners: [{name: b, port: 80, protocol: HTTP}]}"),
    ).toMatchObject({
      object: { parent: { namespace: "shop", name: "a" }, listeners: [{ name: "b" }] },
    });
  });

  it("reads a ReferenceGrant, where no name grants every object", () => {
    expect(
      read(
        "ReferenceGrant",
        "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web}], to: [{group: '', kind: Service}]}",
      ),
    ).toMatchObject({
      object: {
        from: [{ apiKind: "HTTPRoute", namespace: "web" }],
        to: [{ group: "", apiKind: "Service", name: undefined }],
      },
    });
  });
});

describe("readRoute", () => {
  it("reads references with their defaults", () => {
    expect(
      read(
        "HTTPRoute",
        `spec: {parentRefs: [{name: gw, sectionName: http}, {group: '', kind: Service, name: cart}, {kind: Other, name: x}],
          hostnames: [shop.example],
          rules: [{backendRefs: [{name: cart, port: 80}, {name: cart-v2, port: 80, weight: 0, namespace: next}], filters: [{type: RequestRedirect}]}]}`,
      ),
    ).toMatchObject({
      object: {
        parentRefs: [
          { kind: "Gateway", namespace: "shop", name: "gw", sectionName: "http" },
          { kind: "Service", namespace: "shop", name: "cart" },
          { kind: "other", name: "x" },
        ],
        hostnames: ["shop.example"],
        rules: [
          {
            backendRefs: [
              { apiKind: "Service", group: "", namespace: "shop", name: "cart", port: 80, weight: 1 },
              { namespace: "next", name: "cart-v2", weight: 0 },
            ],
            filters: ["RequestRedirect"],
          },
        ],
        parents: undefined,
      },
    });
  });

  it("gives an HTTPRoute rule without matches, and an HTTPRoute without rules, every path, as the CRD does", () => {
    const everyPath = [{ path: { type: "PathPrefix", value: "/" }, headers: [], query: [] }];
    expect(read("HTTPRoute", "spec: {rules: [{backendRefs: []}]}")).toMatchObject({
      object: { rules: [{ matches: everyPath }] },
    });
    expect(read("HTTPRoute", "spec: {}")).toMatchObject({
      object: { rules: [{ matches: everyPath, backendRefs: [] }] },
    });
    expect(
      read("HTTPRoute", "spec: {rules: [{matches: [{method: GET, headers: [{name: x, value: '1'}]}]}]}"),
    ).toMatchObject({
      object: {
        rules: [
          {
            matches: [
              { path: { value: "/" }, method: "GET", headers: [{ type: "Exact", name: "x", value: "1" }] },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ["{service: shop.Cart, method: Get}", { type: "Exact", value: "/shop.Cart/Get" }],
    ["{service: shop.Cart}", { type: "PathPrefix", value: "/shop.Cart" }],
    ["{method: Get}", { type: "RegularExpression", value: "/[^/]+/Get" }],
    [
      "{type: RegularExpression, service: 'shop[.].*'}",
      { type: "RegularExpression", value: "/shop[.].*/[^/]+" },
    ],
  ])("reads the gRPC method %s as the path that the call is sent to", (method, path) => {
    expect(read("GRPCRoute", `spec: {rules: [{matches: [{method: ${method}}]}]}`)).toMatchObject({
      object: { rules: [{ matches: [{ path }] }] },
    });
  });

  it("reads what each controller reported", () => {
    expect(
      read(
        "HTTPRoute",
        "spec: {}, status: {parents: [{parentRef: {name: gw}, controllerName: a/b, conditions: [{type: Accepted, status: 'True'}]}]}",
      ),
    ).toMatchObject({
      object: {
        parents: [
          {
            parentRef: { kind: "Gateway", namespace: "shop" },
            controllerName: "a/b",
            conditions: [{ type: "Accepted" }],
          },
        ],
      },
    });
  });
});
