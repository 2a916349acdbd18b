import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "../compile-facts.ts";
import type { HttpRequest } from "./http-way.ts";
import { httpWays, nearestHosts } from "./http-ways.ts";
import { httpWaysTo } from "./http-ways-to.ts";

const classes = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: envoy }
spec: { controllerName: example.com/envoy }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: traefik }
spec: { controller: traefik.io/ingress-controller }`;

const gateway = (name: string, ...hostnames: readonly string[]) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: shop }
spec:
  gatewayClassName: envoy
  listeners: [${hostnames.map((host, i) => `{ name: l${i}, port: 80, protocol: HTTP${host === "" ? "" : `, hostname: "${host}"`} }`).join(", ")}]`;

const route = (name: string, parent: string, ...hostnames: readonly string[]) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: shop }
spec:
  parentRefs: [{ name: ${parent} }]
  ${hostnames.length === 0 ? "" : `hostnames: [${hostnames.map((host) => `"${host}"`).join(", ")}]`}
  rules: [{ backendRefs: [{ name: ${name}, port: 80 }] }]`;

const ingress = (name: string, host: string, { className = "nginx", path = "/", to = name } = {}) => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop }
spec:
  ingressClassName: ${className}
  rules: [{ ${host === "" ? "" : `host: "${host}", `}http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: ${to}, port: { number: 80 } } } }] } }]`;

const fallback = (className = "nginx") => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fallback, namespace: shop }
spec: { ingressClassName: ${className}, defaultBackend: { service: { name: fallback, port: { number: 80 } } } }`;

const request = (host: string, path = "/"): HttpRequest => ({
  scheme: "http",
  host,
  port: 80,
  path,
  query: "",
  method: "GET",
});

const entries = (yaml: string, host: string) =>
  httpWays(factsFromYaml(yaml + classes), request(host)).map(({ entry }) => entry);

describe("several ways", () => {
  it("are told together where several name the host, Gateways first, each by id", () => {
    const yaml =
      ingress("b", "shop.example.com") +
      ingress("a", "*.example.com", { className: "traefik" }) +
      gateway("z", "*.example.com") +
      gateway("y", "") +
      route("rz", "z", "shop.example.com") +
      route("ry", "y", "*.example.com");
    expect(entries(yaml, "shop.example.com")).toEqual([
      "gateway/shop/y",
      "gateway/shop/z",
      "ingress/shop/a",
      "ingress/shop/b",
    ]);
  });

  it("are in the order of their ids, whatever else is of their class", () => {
    const yaml =
      ingress("a", "other.example.com") +
      ingress("z", "shop.example.com") +
      ingress("m", "shop.example.com", { className: "traefik" });
    expect(entries(yaml, "shop.example.com")).toEqual(["ingress/shop/m", "ingress/shop/z"]);
  });

  const catchAll =
    ingress("every", "", { className: "traefik" }) +
    fallback() +
    gateway("every", "") +
    route("every", "every");
  it("leave out what takes every host where something names this one", () => {
    expect(entries(catchAll + ingress("shop", "shop.example.com"), "shop.example.com")).toEqual([
      "ingress/shop/shop",
    ]);
    const yaml = catchAll + gateway("shop", "") + route("shop", "shop", "shop.example.com");
    expect(entries(yaml, "shop.example.com")).toEqual(["gateway/shop/shop"]);
  });

  it("are those that take every host where nothing names this one", () => {
    expect(entries(catchAll + ingress("shop", "shop.example.com"), "other.example.com")).toEqual([
      "gateway/shop/every",
      "ingress/shop/every",
      "ingress/shop/fallback",
    ]);
  });

  it("leave out a Gateway that covers the host by a wildcard and has nothing for it", () => {
    const wide = gateway("wide", "*.example.com") + route("other", "wide", "other.example.com");
    expect(entries(wide + ingress("shop", "shop.example.com"), "shop.example.com")).toEqual([
      "ingress/shop/shop",
    ]);
    expect(entries(wide + catchAll, "shop.example.com")).toEqual(["gateway/shop/wide"]);
    // A route for the wildcard's every host is something.
    const taken = wide + route("rest", "wide");
    expect(entries(taken + ingress("shop", "shop.example.com"), "shop.example.com")).toEqual([
      "gateway/shop/wide",
      "ingress/shop/shop",
    ]);
  });

  it("keep one that names the host, though it refuses the request", () => {
    const yaml =
      gateway("exact", "shop.example.com") +
      gateway("gone", "shop.example.com").replace("envoy", "gone") +
      ingress("shop", "shop.example.com");
    expect(entries(yaml, "shop.example.com")).toEqual([
      "gateway/shop/exact",
      "gateway/shop/gone",
      "ingress/shop/shop",
    ]);
  });

  it("are none where a listener for every host has no route for this one", () => {
    const yaml = gateway("every", "") + route("shop", "every", "shop.example.com");
    expect(entries(yaml, "other.example.com")).toEqual([]);
    expect(entries("", "shop.example.com")).toEqual([]);
  });

  it("are none where a route for every host is on a listener for others, or of another port", () => {
    const yaml = gateway("narrow", "*.example.org") + route("every", "narrow");
    expect(entries(yaml, "shop.example.com")).toEqual([]);
    const facts = factsFromYaml(gateway("every", "") + route("every", "every") + classes);
    expect(httpWays(facts, { ...request("shop.example.com"), port: 8080 })).toEqual([]);
  });
});

describe("the order of objects", () => {
  const yaml =
    gateway("a", "*.example.com", "", "shop.example.com") +
    gateway("b", "") +
    ["a", "b"]
      .flatMap((parent) => [
        route(`${parent}-exact`, parent, "shop.example.com"),
        route(`${parent}-twin`, parent, "shop.example.com"),
        route(`${parent}-wide`, parent, "*.example.com"),
        route(`${parent}-every`, parent),
      ])
      .join("") +
    route("lost", "gone", "shop.example.com") +
    ingress("one", "shop.example.com") +
    ingress("two", "shop.example.com") +
    ingress("three", "shop.example.com", { className: "traefik", path: "/cart" }) +
    ingress("four", "shop.example.com", { className: "missing" }) +
    ingress("five", "*.example.com", { to: "one" }) +
    fallback() +
    fallback("traefik").replace("name: fallback", "name: fallback-2") +
    classes;
  const snapshot = snapshotFromYaml(yaml);
  const asked = ["shop.example.com", "x.example.com", "a.b.example.com", "example.org"].flatMap((host) => [
    request(host),
    request(host, "/cart/x"),
  ]);
  const answers = (given: Snapshot) => {
    const facts = compileFacts(given, "2026-01-01T00:00:00Z");
    return JSON.stringify([
      asked.map((each) => httpWays(facts, each)),
      [...facts.services.keys(), ...snapshotServices].map((id) => httpWaysTo(facts, id)),
      nearestHosts(facts, "shpo.example.com"),
    ]);
  };
  const snapshotServices = [
    ...new Set(
      [...factsFromYaml(yaml).routes.values(), ...factsFromYaml(yaml).ingresses.values()].flatMap(
        ({ backends }) => backends.flatMap(({ service }) => service ?? []),
      ),
    ),
  ].sort();

  it("changes no answer", () => {
    const expected = answers(snapshot);
    const { ingresses = [], httpRoutes = [], gateways = [], ingressClasses = [] } = snapshot.objects;
    const shuffled = <T>(list: readonly T[]) =>
      fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
    fc.assert(
      fc.property(
        shuffled(ingresses),
        shuffled(httpRoutes),
        shuffled(gateways),
        shuffled(ingressClasses),
        (i, r, g, c) => {
          const objects = {
            ...snapshot.objects,
            ingresses: i,
            httpRoutes: r,
            gateways: g,
            ingressClasses: c,
          };
          expect(answers({ ...snapshot, objects })).toBe(expected);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("the nearest host", () => {
  const yaml =
    ingress("a", "shop.example.com") +
    gateway("g", "*.socks.example.com", "Cart.Example.com") +
    route("r", "g", "pay.example.org");
  const facts = factsFromYaml(yaml + classes);
  it.each([
    ["shpo.example.com", "shop.example.com"],
    ["pay.exmaple.org", "pay.example.org"],
    ["cart.example.con", "cart.example.com"],
    ["www.sokcs.example.com", "www.socks.example.com"],
    ["a.b.sokcs.example.com", "a.b.socks.example.com"],
    ["a.b.socks.example.com", "*.socks.example.com"],
    ["entirely.different.net", undefined],
  ])("to %s is %s", (host, nearest) => {
    expect(nearestHosts(facts, host)).toBe(nearest);
  });
});
