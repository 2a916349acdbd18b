import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { urlInWords } from "./http-scheme.ts";
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
spec: { controller: k8s.io/ingress-nginx }`;

const ingress = (spec: string, { name = "web", className = "nginx" } = {}) => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop }
spec: { ingressClassName: ${className}, ${spec} }`;

const path = (words: string) => {
  const [pathType, value, service] = words.split(" ");
  return `{ path: "${value}", pathType: ${pathType}, backend: { service: { name: ${service}, port: { number: 80 } } } }`;
};

const rule = (host: string, ...paths: readonly string[]) =>
  `{ ${host === "" ? "" : `host: "${host}", `}http: { paths: [${paths.map(path).join(", ")}] } }`;

const rest = "defaultBackend: { service: { name: web, port: { number: 80 } } }";

const gateway = (listeners: string, name = "public") => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: shop }
spec: { gatewayClassName: envoy, listeners: [${listeners}] }`;

const http = '{ name: http, port: 80, protocol: HTTP, hostname: "*.example.com" }';
const https = "{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: c }] } }";

const route = (
  name: string,
  rules: string,
  { kind = "HTTPRoute", hostnames = "shop.example.com", parent = "name: public" } = {},
) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec:
  parentRefs: [{ ${parent} }]
  ${hostnames === "" ? "" : `hostnames: ["${hostnames}"]`}
  rules: [${rules}]`;

const to = (service: string, match = "") =>
  `{ ${match === "" ? "" : `matches: [{ ${match} }], `}backendRefs: [{ name: ${service}, port: 80 }] }`;

/** "ingress/shop/web GET http://shop.example.com/cart" for each. */
const found = (yaml: string, service = "web") =>
  httpWaysTo(factsFromYaml(yaml + classes), objectId("service", "shop", service)).map(
    ({ entry, request }) =>
      `${entry} ${request.method} ${urlInWords(request)}${request.query === "" ? "" : `?${request.query}`}`,
  );

describe("the ways to a Service", () => {
  it.each<[string, string, readonly string[]]>([
    [
      "are one for every path of an Ingress",
      ingress(
        `rules: [${rule("shop.example.com", "Prefix / web", "Prefix /cart cart", "Exact /search web")}]`,
      ),
      [
        "ingress/shop/web GET http://shop.example.com/",
        "ingress/shop/web GET http://shop.example.com/search",
      ],
    ],
    [
      "are https where a certificate is for the host",
      ingress(
        `rules: [${rule("shop.example.com", "Prefix / web")}, ${rule("other.example.com", "Prefix / web")}], tls: [{ hosts: [shop.example.com], secretName: s }]`,
      ),
      ["ingress/shop/web GET https://shop.example.com/", "ingress/shop/web GET http://other.example.com/"],
    ],
    [
      "have a host for a wildcard",
      ingress(`rules: [${rule("*.example.com", "Prefix / web")}]`),
      ["ingress/shop/web GET http://any.example.com/"],
    ],
    [
      "have no host where every host leads there",
      ingress(`rules: [${rule("", "Prefix /a web")}], ${rest}`),
      ["ingress/shop/web GET http:///a", "ingress/shop/web GET http:///"],
    ],
    [
      "have a path that the default backend gets",
      ingress(`rules: [${rule("shop.example.com", "Prefix /cart cart")}], ${rest}`),
      ["ingress/shop/web GET http://shop.example.com/"],
    ],
    [
      "have a path that no closer rule takes",
      ingress(`rules: [${rule("shop.example.com", "Exact /a cart", "Prefix /a web")}]`),
      ["ingress/shop/web GET http://shop.example.com/a/any"],
    ],
    [
      "leave out a rule that closer ones hide",
      ingress(`rules: [${rule("shop.example.com", "Prefix /a cart", "Prefix /a web")}]`),
      [],
    ],
    [
      "have a plain path for one that looks like a regular expression",
      ingress(`rules: [${rule("shop.example.com", "ImplementationSpecific /api(/|$)(.*) web")}]`),
      ["ingress/shop/web GET http://shop.example.com/api"],
    ],
    [
      "show an Ingress that no controller takes",
      ingress(`rules: [${rule("shop.example.com", "Prefix / web")}]`, { className: "gone" }),
      ["ingress/shop/web GET http://shop.example.com/"],
    ],
    [
      "are one for every rule of a route, through the listener with TLS",
      gateway(`${http}, ${https}`) +
        route(
          "web",
          `${to("web")}, ${to("cart", "path: { value: /cart }")}, ${to("web", "path: { type: Exact, value: /x }")}`,
        ),
      [
        "gateway/shop/public GET https://shop.example.com/",
        "gateway/shop/public GET https://shop.example.com/x",
      ],
    ],
    [
      "are one for every Gateway that a route names",
      gateway(http) +
        gateway(http, "inside") +
        route("web", to("web"), { parent: "name: public }, { name: inside" }),
      [
        "gateway/shop/inside GET http://shop.example.com/",
        "gateway/shop/public GET http://shop.example.com/",
      ],
    ],
    [
      "have the listener's host where the route has none",
      gateway(http) + route("web", to("web"), { hostnames: "" }),
      ["gateway/shop/public GET http://any.example.com/"],
    ],
    [
      "have no host where neither has one",
      gateway(https) + route("web", to("web"), { hostnames: "" }),
      ["gateway/shop/public GET https:///"],
    ],
    [
      "have what the match asks for",
      gateway(http) +
        route(
          "web",
          `${to("web", "path: { value: /a }, method: POST, queryParams: [{ name: q, value: a b }]")}, ${to("web", "path: { type: RegularExpression, value: '/v[0-9]+/users/.*' }")}`,
        ),
      [
        "gateway/shop/public POST http://shop.example.com/a?q=a+b",
        "gateway/shop/public GET http://shop.example.com/v1/users/any",
      ],
    ],
    [
      "leave out a rule that asks for headers, and a backend without weight",
      gateway(http) +
        route(
          "web",
          `${to("web", "headers: [{ name: a, value: b }]")}, { backendRefs: [{ name: web, port: 80, weight: 0 }, { name: cart, port: 80 }] }`,
        ),
      [],
    ],
    [
      "show a route that is not attached, and one whose Gateway is missing",
      gateway(http) +
        route("lost", to("web"), { parent: "name: public, sectionName: gone" }) +
        route("alone", to("web"), { parent: "name: gone" }),
      ["gateway/shop/gone GET http://shop.example.com/", "gateway/shop/public GET http://shop.example.com/"],
    ],
    [
      "show why a route is not attached through whatever port there is",
      gateway(https) +
        route("lost", to("web"), { parent: "name: public, sectionName: gone" }) +
        route("other", to("web", "path: { value: /o }"), {
          hostnames: "other.example.net",
          parent: "name: narrow",
        }) +
        gateway('{ name: alt, port: 8443, protocol: HTTPS, hostname: "*.example.com" }', "narrow"),
      [
        "gateway/shop/narrow GET https://other.example.net:8443/o",
        "gateway/shop/public GET https://shop.example.com/",
      ],
    ],
    [
      "leave out a route whose host another listener takes",
      gateway(`${http}, { name: exact, port: 80, protocol: HTTP, hostname: shop.example.com }`) +
        route("web", to("web"), { parent: "name: public, sectionName: http" }),
      [],
    ],
    [
      "are calls for a GRPCRoute",
      gateway(https) +
        route(
          "calls",
          `${to("web", "method: { service: a.B, method: C }")}, ${to("web", "method: { service: x.Y }")}, ${to("web")}`,
          {
            kind: "GRPCRoute",
          },
        ),
      [
        "gateway/shop/public POST grpcs://shop.example.com/a.B/C",
        "gateway/shop/public POST grpcs://shop.example.com/x.Y/any",
        "gateway/shop/public POST grpcs://shop.example.com/any.Service/Any",
      ],
    ],
    [
      "pass through for a TLSRoute, and for a TCPRoute are connections to any host",
      gateway(
        "{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }, { name: tcp, port: 5432, protocol: TCP }",
      ) +
        route("vault", to("web"), { kind: "TLSRoute" }) +
        route("db", to("web"), { kind: "TCPRoute", hostnames: "" }),
      ["gateway/shop/public GET http://:5432/", "gateway/shop/public GET https://shop.example.com/"],
    ],
    ["are none to a Service that nothing names", gateway(http) + route("cart", to("cart")), []],
  ])("%s", (_, yaml, expected) => {
    expect(found(yaml)).toEqual(expected);
  });

  it("are found once", () => {
    const facts = factsFromYaml(gateway(http) + route("web", to("web")) + classes);
    const service = objectId("service", "shop", "web");
    expect(httpWaysTo(facts, service)).toBe(httpWaysTo(facts, service));
  });
});
