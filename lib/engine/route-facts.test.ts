import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";

const gateway = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec: { gatewayClassName: c, listeners: [{ name: http, port: 80, protocol: HTTP }] }`;

const route = (rules: string, { parents = "{ name: public }", status = "" } = {}) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  hostnames: [shop.example.com]
  parentRefs: [${parents}]
  rules: [${rules}]
${status}`;

const service = (name: string, namespace = "shop", app = "web") => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${app} }, ports: [{ name: http, port: 80 }] }`;

const pod = (name: string, namespace = "shop") => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: web } }
spec: { containers: [{ name: web, image: web }] }
status: { phase: Running, podIP: 10.0.0.1, conditions: [{ type: Ready, status: "True" }] }`;

const grant = (from: string, to: string) => `
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: g, namespace: back }
spec: { from: [{ group: gateway.networking.k8s.io, ${from} }], to: [{ group: "", ${to} }] }`;

const resolved = (condition: string) => `
status:
  parents: [{ parentRef: { name: public }, controllerName: c, conditions: [{ type: Accepted, status: "True" }, { type: ResolvedRefs, ${condition} }] }]`;

const well = service("web") + pod("a");
const there = service("api", "back") + pod("b", "back");
const across = "{ backendRefs: [{ name: api, namespace: back, port: 80 }] }";

function only(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const [first] = factsFromYaml(yaml + gateway, as).routes.values();
  if (first === undefined) throw new Error("the YAML holds no route");
  return first;
}

describe("a route's backends", () => {
  const cases: readonly (readonly [string, string, object])[] = [
    [
      "work",
      route("{ backendRefs: [{ name: web, port: 80 }] }") + well,
      { state: "ok", host: "shop.example.com", match: "/", service: "service/shop/web", weight: 1 },
    ],
    [
      "say what they match",
      route(
        "{ matches: [{ path: { value: /api }, method: GET }, { headers: [{ name: canary, value: 'yes' }] }], backendRefs: [{ name: web, port: 80 }] }",
      ) + well,
      { match: "GET /api and / with header canary: yes" },
    ],
    [
      "need a port",
      route("{ backendRefs: [{ name: web }] }") + well,
      { state: "port-missing", nearMiss: "it has port 80 (http)" },
    ],
    [
      "may be missing",
      route("{ backendRefs: [{ name: wep, port: 80 }] }") + well,
      { state: "service-missing", nearMiss: "there is a Service web in shop" },
    ],
    [
      "get nothing at weight 0",
      route("{ backendRefs: [{ name: gone, port: 80, weight: 0 }] }"),
      { state: "zero-weight", weight: 0 },
    ],
    [
      "may be no Service",
      route("{ backendRefs: [{ group: multicluster.x-k8s.io, kind: ServiceImport, name: web, port: 80 }] }"),
      { state: "not-a-service", service: undefined },
    ],
    [
      "in another namespace need a grant",
      route(across) + there,
      {
        state: "not-permitted",
        sentence: "no ReferenceGrant in back lets HTTPRoutes of shop refer to Service api",
      },
    ],
    [
      "are granted by kind",
      route(across) + there + grant("kind: HTTPRoute, namespace: shop", "kind: Service"),
      { state: "ok" },
    ],
    [
      "are granted by name",
      route(across) + there + grant("kind: HTTPRoute, namespace: shop", "kind: Service, name: api"),
      { state: "ok" },
    ],
    [
      "are not granted to another kind",
      route(across) + there + grant("kind: GRPCRoute, namespace: shop", "kind: Service"),
      { state: "not-permitted" },
    ],
    [
      "are not granted to another namespace",
      route(across) + there + grant("kind: HTTPRoute, namespace: web", "kind: Service"),
      { state: "not-permitted" },
    ],
    [
      "are not granted for another name",
      route(across) + there + grant("kind: HTTPRoute, namespace: shop", "kind: Service, name: db"),
      { state: "not-permitted" },
    ],
    [
      "are missing where a rule neither names one nor redirects",
      route("{ filters: [{ type: URLRewrite }] }"),
      { state: "service-missing", path: "spec.rules[0].backendRefs" },
    ],
  ];
  it.each(cases)("%s", (_, yaml, expected) => {
    expect(only(yaml).backends[0]).toMatchObject(expected);
  });

  it("are none where a rule redirects", () => {
    expect(only(route("{ filters: [{ type: RequestRedirect }] }"))).toMatchObject({
      backends: [],
      health: "ok",
    });
  });

  it("are judged by status where ReferenceGrants were not read, else not at all", () => {
    const yaml = (status: string) => route(across, { status }) + there;
    expect(only(yaml(resolved('status: "False", reason: RefNotPermitted')), "dump").backends[0]?.state).toBe(
      "not-permitted",
    );
    expect(only(yaml(resolved('status: "True", reason: ResolvedRefs')), "dump").backends[0]?.state).toBe(
      "ok",
    );
    expect(only(yaml(""), "dump").backends[0]?.state).toBe("unknown");
  });

  it("are judged by status where Services were not read", () => {
    const yaml = route("{ backendRefs: [{ name: web, port: 80 }] }", {
      status: resolved('status: "False", reason: BackendNotFound'),
    });
    expect(only(yaml, "dump").backends[0]?.state).toBe("service-missing");
  });

  it("are not blamed by a status that may speak of another", () => {
    const two =
      "{ backendRefs: [{ name: api, namespace: back, port: 80 }, { name: db, namespace: back, port: 80 }] }";
    const status = resolved(
      'status: "False", reason: RefNotPermitted, message: backendRef back/db not permitted',
    );
    const states = only(route(two, { status }) + there + service("db", "back"), "dump").backends.map(
      ({ state }) => state,
    );
    expect(states).toEqual(["unknown", "not-permitted"]);
  });

  it("cannot be told from manifests that do not hold their Service", () => {
    expect(only(route(across), "manifests").backends[0]?.state).toBe("unknown");
    expect(only(route(across) + there, "manifests").backends[0]?.state).toBe("not-permitted");
  });
});

describe("a route's health", () => {
  const good = "{ backendRefs: [{ name: web, port: 80 }] }";
  const bad = "{ backendRefs: [{ name: payment, port: 80 }] }";
  const cases: readonly (readonly [string, string, string])[] = [
    ["attached, and all backends work", route(good) + well, "ok"],
    ["one of two rules fails", route(`${good}, ${bad}`) + well, "partial"],
    [
      "one of two weighted backends fails",
      route("{ backendRefs: [{ name: web, port: 80 }, { name: payment, port: 80 }] }") + well,
      "partial",
    ],
    [
      "a failing backend gets no traffic",
      route("{ backendRefs: [{ name: web, port: 80 }, { name: payment, port: 80, weight: 0 }] }") + well,
      "ok",
    ],
    ["every weight is 0", route("{ backendRefs: [{ name: web, port: 80, weight: 0 }] }") + well, "broken"],
    ["no backend works", route(bad) + well, "broken"],
    ["attached nowhere", route(good, { parents: "{ name: public, sectionName: https }" }) + well, "broken"],
    [
      "attached to one parent of two",
      route(good, { parents: "{ name: public }, { name: public, sectionName: https }" }) + well,
      "partial",
    ],
    ["without a parent", route(good, { parents: "" }) + well, "broken"],
  ];
  it.each(cases)("%s", (_, yaml, health) => {
    expect(only(yaml).health).toBe(health);
  });

  it("cannot be told when no attachment can", () => {
    const [first] = factsFromYaml(route(good) + well, "dump").routes.values();
    expect(first?.health).toBe("unknown");
  });
});
