import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import type { HttpRequest, HttpWay } from "./http-way.ts";
import { httpWays } from "./http-ways.ts";

const gateway = (hostname = "") => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: envoy }
spec: { controllerName: example.com/envoy }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  gatewayClassName: envoy
  listeners: [{ name: http, port: 80, protocol: HTTP${hostname === "" ? "" : `, hostname: "${hostname}"`} }]`;

/** A rule whose backend is named after what it is for; `match` in flow style. */
const to = (service: string, ...matches: readonly string[]) =>
  `{ ${matches.length === 0 ? "" : `matches: [${matches.map((match) => `{ ${match} }`).join(", ")}], `}backendRefs: [{ name: ${service}, port: 80 }] }`;

const prefix = (path: string) => `path: { type: PathPrefix, value: ${path} }`;
const exact = (path: string) => `path: { type: Exact, value: ${path} }`;
const pattern = (value: string) => `path: { type: RegularExpression, value: "${value}" }`;
const header = "headers: [{ name: version, value: v2 }]";

interface RouteGiven {
  readonly kind?: string;
  readonly hostnames?: readonly string[];
  readonly createdAt?: string;
}

const route = (name: string, rules: readonly string[], given: RouteGiven = {}) => {
  const { kind = "HTTPRoute", hostnames = ["shop.example.com"], createdAt } = given;
  return `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata:
  name: ${name}
  namespace: shop
  ${createdAt === undefined ? "" : `creationTimestamp: "${createdAt}"`}
spec:
  parentRefs: [{ name: public }]
  ${hostnames.length === 0 ? "" : `hostnames: [${hostnames.map((host) => `"${host}"`).join(", ")}]`}
  rules: [${rules.join(", ")}]`;
};

/** `POST http://shop.example.com/cart?a=b`; GET where no method is given. */
function request(words: string): HttpRequest {
  const [url = "", method = "GET"] = words.split(" ").reverse();
  const scheme = url.startsWith("grpc:") ? "grpc" : "http";
  const { hostname, pathname, search } = new URL(url.replace(/^grpc/, "http"));
  return { scheme, host: hostname, port: 80, path: pathname, query: search.slice(1), method };
}

function only(yaml: string, words: string): HttpWay {
  const [way, ...more] = httpWays(factsFromYaml(yaml), request(words));
  if (way === undefined || more.length > 0) throw new Error(`not one way for ${words}`);
  return way;
}

function services(answer: HttpWay["answer"] | undefined): string {
  if (answer?.kind !== "backends") return answer === undefined ? "nothing" : answer.kind;
  return answer.backends.map(({ fact }) => fact.service?.split("/")[2]).join();
}

/** The Services that get the request, or the reason of a refusal. */
function outcome({ answer }: HttpWay): string {
  return answer.kind === "refused" ? answer.reason : services(answer);
}

const shop = "http://shop.example.com";

describe("within a route", () => {
  it.each<[string, readonly string[], string, string]>([
    ["everything without matches", [to("web")], "/x", "web"],
    ["a prefix by elements", [to("app", prefix("/app"))], "/app/x", "app"],
    ["a prefix with a slash at its end", [to("app", prefix("/app/"))], "/app", "app"],
    ["no prefix of a name", [to("app", prefix("/app"))], "/apple", "NoMatchingRule"],
    ["no exact path with a slash more", [to("app", exact("/app"))], "/app/", "NoMatchingRule"],
    ["paths case by case", [to("app", prefix("/app"))], "/App", "NoMatchingRule"],
    [
      "an exact path before a prefix",
      [to("app", prefix("/app")), to("exact", exact("/app"))],
      "/app",
      "exact",
    ],
    [
      "an exact path before a prefix with more conditions",
      [
        to("app", `${prefix("/app")}, method: GET, queryParams: [{ name: a, value: b }]`),
        to("exact", exact("/app")),
      ],
      "/app?a=b",
      "exact",
    ],
    [
      "the longest prefix",
      [to("web", prefix("/")), to("deep", prefix("/a/b")), to("a", prefix("/a"))],
      "/a/b/c",
      "deep",
    ],
    ["a prefix before a method", [to("post", "method: GET"), to("a", prefix("/a"))], "/a", "a"],
    ["a method before none", [to("web"), to("get", "method: GET")], "/", "get"],
    ["only its method", [to("post", "method: POST")], "/", "NoMatchingRule"],
    [
      "a method before query parameters",
      [to("query", "queryParams: [{ name: a, value: b }, { name: c, value: d }]"), to("get", "method: GET")],
      "/?a=b&c=d",
      "get",
    ],
    [
      "the most query parameters",
      [
        to("one", "queryParams: [{ name: a, value: b }]"),
        to("two", "queryParams: [{ name: a, value: b }, { name: c, value: d }]"),
      ],
      "/?c=d&a=b",
      "two",
    ],
    [
      "all of its query parameters",
      [to("q", "queryParams: [{ name: a, value: b }, { name: c, value: d }]"), to("web")],
      "/?a=b",
      "web",
    ],
    ["parameters as they are decoded", [to("q", "queryParams: [{ name: a, value: b c }]")], "/?a=b%20c", "q"],
    ["any one of its matches", [to("a", exact("/a"), exact("/b"))], "/b", "a"],
    ["the first of equal rules", [to("first", prefix("/a")), to("second", prefix("/a"))], "/a", "first"],
    // The best of a rule's matches counts.
    ["a rule by its closest match", [to("a", prefix("/a"), prefix("/")), to("b", prefix("/a/b"))], "/a", "a"],
  ])("takes %s", (_, rules, path, expected) => {
    expect(outcome(only(gateway() + route("web", rules), `${shop}${path}`))).toBe(expected);
  });

  it("asks the first of several conditions on one parameter only", () => {
    const twice = "queryParams: [{ name: a, value: b }, { name: a, value: z }]";
    expect(outcome(only(gateway() + route("web", [to("q", twice)]), `${shop}/?a=b`))).toBe("q");
  });

  it("names the rule and the match that decided", () => {
    const rules = [to("web", prefix("/")), to("post", `${prefix("/cart")}, method: POST`)];
    expect(only(gateway() + route("web", rules), `POST ${shop}/cart/1`).answer).toMatchObject({
      rule: { object: "http-route/shop/web", path: "spec.rules[1]", words: "PathPrefix /cart for POST" },
    });
  });
});

describe("among routes", () => {
  const old = "2025-01-01T00:00:00Z";
  const young = "2026-01-01T00:00:00Z";
  it.each<[string, string, string]>([
    [
      "the exact hostname before a wildcard, whatever the path",
      route("wide", [to("wide", exact("/a"))], { hostnames: ["*.example.com"] }) +
        route("exact", [to("exact", prefix("/"))]),
      "exact",
    ],
    [
      "the longer wildcard",
      route("wide", [to("wide", exact("/a"))], { hostnames: ["*.com"] }) +
        route("narrow", [to("narrow")], { hostnames: ["*.example.com"] }),
      "narrow",
    ],
    [
      "a wildcard before no hostname",
      route("every", [to("every")], { hostnames: [] }) +
        route("wide", [to("wide")], { hostnames: ["*.com"] }),
      "wide",
    ],
    [
      "the closest of a route's hostnames",
      route("two", [to("two")], { hostnames: ["*.com", "shop.example.com"] }) +
        route("wide", [to("wide", exact("/a"))], { hostnames: ["*.example.com"] }),
      "two",
    ],
    [
      "the closer match of one hostname",
      route("a", [to("a", prefix("/"))], { createdAt: old }) +
        route("b", [to("b", prefix("/a"))], { createdAt: young }),
      "b",
    ],
    [
      "the older of equal matches",
      route("a", [to("a", prefix("/a"))], { createdAt: young }) +
        route("b", [to("b", prefix("/a"))], { createdAt: old }),
      "b",
    ],
    [
      "the older of equal matches, wherever in its route the rule stands",
      route("a", [to("a", prefix("/a"))], { createdAt: young }) +
        route("b", [to("x", exact("/x")), to("b", prefix("/a"))], { createdAt: old }),
      "b",
    ],
    [
      "the first by name of those of one age",
      route("b", [to("b")], { createdAt: old }) + route("a", [to("a")], { createdAt: old }),
      "a",
    ],
    ["the first by name where ages are not known", route("b", [to("b")]) + route("a", [to("a")]), "a"],
  ])("takes %s", (_, yaml, expected) => {
    expect(outcome(only(gateway() + yaml, `${shop}/a`))).toBe(expected);
  });

  it("goes on to a wider hostname for a path that the closest lacks, and says what some proxies do", () => {
    const yaml =
      gateway() +
      route("exact", [to("exact", prefix("/cart"))]) +
      route("wide", [to("wide")], { hostnames: ["*.example.com"] });
    const way = only(yaml, `${shop}/x`);
    expect([outcome(way), way.remarks]).toEqual([
      "wide",
      [
        "HTTPRoute shop/exact fits the host more closely and has no rule for this; proxies that choose the host before the path answer 404",
      ],
    ]);
    expect(only(yaml, `${shop}/cart`).remarks).toEqual([]);
  });

  it("says who would win by the hostname that route and listener share", () => {
    const yaml =
      gateway("shop.example.com") +
      route("wide", [to("wide", prefix("/"))], { hostnames: ["*.example.com"] }) +
      route("every", [to("every", prefix("/api"))], { hostnames: [] });
    const way = only(yaml, `${shop}/api`);
    expect([outcome(way), way.remarks]).toEqual([
      "wide",
      [
        "HTTPRoute shop/every (PathPrefix /api) takes it with implementations that compare the hostnames which route and listener share",
      ],
    ]);
  });
});

describe("headers, which the request has not", () => {
  it("keep a rule from taking it, and it is said who would", () => {
    const yaml = gateway() + route("web", [to("web"), to("canary", header)]);
    const way = only(yaml, `${shop}/`);
    expect([outcome(way), way.remarks]).toEqual([
      "web",
      ["HTTPRoute shop/web takes PathPrefix / with header version: v2 instead"],
    ]);
  });

  it("are not mentioned where the rule would not come first, or is the same", () => {
    const rules = [to("api", prefix("/api")), to("canary", header)];
    expect(only(gateway() + route("web", rules), `${shop}/api`).remarks).toEqual([]);
    expect(only(gateway() + route("web", [to("web", "", header)]), `${shop}/`).remarks).toEqual([]);
  });

  it("are the near miss where nothing else takes it", () => {
    expect(only(gateway() + route("web", [to("canary", header)]), `${shop}/`).answer).toMatchObject({
      reason: "NoMatchingRule",
      nearMiss: "HTTPRoute shop/web takes PathPrefix / with header version: v2",
    });
  });
});

describe("a rule that is missing", () => {
  it.each<[string, readonly string[], string, string]>([
    ["a near path", [to("cart", prefix("/cart"))], "/crat", "the nearest path is /cart"],
    [
      "another method",
      [to("cart", `${prefix("/cart")}, method: POST`)],
      "/cart",
      "HTTPRoute shop/web takes PathPrefix /cart for POST",
    ],
    [
      "another parameter",
      [to("cart", `${prefix("/cart")}, queryParams: [{ name: a, value: b }]`)],
      "/cart?a=c",
      "HTTPRoute shop/web takes PathPrefix /cart with ?a=b",
    ],
  ])("is near %s", (_, rules, path, nearMiss) => {
    expect(only(gateway() + route("web", rules), `${shop}${path}`).answer).toMatchObject({
      kind: "refused",
      reason: "NoMatchingRule",
      object: "http-route/shop/web",
      nearMiss,
      evidence: [{ object: "http-route/shop/web", path: "spec.rules" }],
    });
  });
});

describe("a regular expression", () => {
  const api = to("api", pattern("/api/.*"));
  it("that alone takes the request leaves the answer open, with what it would come to", () => {
    expect(only(gateway() + route("web", [api]), `${shop}/api/x`).answer).toMatchObject({
      kind: "unknown",
      sentence:
        "A regular expression of HTTPRoute shop/web decides, and its dialect is the implementation's: /api/.*",
      objects: ["http-route/shop/web"],
      likely: { kind: "backends", rule: { words: "RegularExpression /api/.*" } },
    });
  });

  it.each<[string, readonly string[], string, string]>([
    ["does not matter where it does not match", [api, to("web")], "/x", "web"],
    ["leaves a prefix that it may come before open", [api, to("web")], "/api/x", "unknown"],
    [
      "comes after an exact path, which comes before all",
      [api, to("exact", exact("/api/x"))],
      "/api/x",
      "exact",
    ],
    [
      "does not matter where it leads to the same rule",
      [to("api", pattern("/api/.*"), prefix("/"))],
      "/api/x",
      "api",
    ],
    [
      "does not matter where it needs a header as well",
      [to("api", `${pattern("/api/.*")}, ${header}`), to("web")],
      "/api/x",
      "web",
    ],
    [
      "cannot be tried where it is no JavaScript",
      [to("api", pattern("(?i)/api")), to("web")],
      "/x",
      "unknown",
    ],
    [
      "on a parameter counts as a parameter",
      [
        to("q", "queryParams: [{ type: RegularExpression, name: a, value: '[0-9]+' }]"),
        to("api", prefix("/api")),
      ],
      "/api?a=1",
      "api",
    ],
    [
      "on a parameter leaves the answer open where it would come first",
      [to("q", "queryParams: [{ type: RegularExpression, name: a, value: '[0-9]+' }]"), to("web")],
      "/?a=1",
      "unknown",
    ],
  ])("%s", (_, rules, path, expected) => {
    expect(outcome(only(gateway() + route("web", rules), `${shop}${path}`))).toBe(expected);
  });

  it("of a wider hostname does not matter", () => {
    const yaml =
      gateway() + route("wide", [api], { hostnames: ["*.example.com"] }) + route("exact", [to("exact")]);
    expect(outcome(only(yaml, `${shop}/api/x`))).toBe("exact");
  });
});

describe("what a rule does", () => {
  const service = (name: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { type: ExternalName, externalName: ${name}.example.org }`;
  const rule = (spec: string) => gateway() + route("web", [`{ ${spec} }`]) + service("a") + service("b");
  const share = (yaml: string) => {
    const { answer } = only(yaml, `${shop}/`);
    return answer.kind === "backends"
      ? answer.backends.map((each) => [each.fact.state, each.share])
      : answer.kind;
  };

  it("shares requests out by weight, among broken backends too, which answer 500 for their share", () => {
    const refs =
      "{ name: a, port: 80, weight: 1 }, { name: gone, port: 80, weight: 2 }, { name: b, port: 80, weight: 0 }, { name: b, port: 80 }";
    expect(share(rule(`backendRefs: [${refs}]`))).toEqual([
      ["ok", 1 / 4],
      ["service-missing", 2 / 4],
      ["ok", 1 / 4],
    ]);
  });

  it.each<[string, string, string, object]>([
    [
      "all weights are 0",
      "HTTPRoute",
      "backendRefs: [{ name: a, port: 80, weight: 0 }, { name: b, port: 80, weight: 0 }]",
      {
        reason: "AllWeightsZero",
        sentence: "All backends of web for PathPrefix / have weight 0, so the answer is 500",
        evidence: [{ path: "spec.rules[0].backendRefs[0]" }, { path: "spec.rules[0].backendRefs[1]" }],
      },
    ],
    [
      "there is no backend",
      "HTTPRoute",
      "name: empty",
      {
        reason: "NoBackend",
        sentence: "The rule of web for PathPrefix / names no backend, so the answer is 500",
      },
    ],
    [
      "a filter does not answer by itself",
      "HTTPRoute",
      "filters: [{ type: URLRewrite, urlRewrite: { hostname: a.example.org } }]",
      { reason: "NoBackend" },
    ],
    [
      "a GRPCRoute has none",
      "GRPCRoute",
      "name: empty",
      {
        reason: "NoBackend",
        sentence: "The rule of web for every path names no backend, so calls fail with UNAVAILABLE",
      },
    ],
  ])("refuses where %s", (_, kind, spec, expected) => {
    const yaml = gateway() + route("web", [`{ ${spec} }`], { kind }) + service("a") + service("b");
    expect(
      only(yaml, `${kind === "GRPCRoute" ? "grpc" : "http"}://shop.example.com/a.B/C`).answer,
    ).toMatchObject({
      kind: "refused",
      object: `${kind === "GRPCRoute" ? "grpc-route" : "http-route"}/shop/web`,
      ...expected,
    });
  });

  it("redirects without a backend", () => {
    const yaml = rule("filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }]");
    expect(only(yaml, `${shop}/`)).toMatchObject({
      answer: {
        kind: "redirect",
        rule: { object: "http-route/shop/web", path: "spec.rules[0]" },
        sentence: "HTTPRoute shop/web answers with a redirect, and asks no backend",
      },
      remarks: [],
    });
  });

  it("cannot be told where an extension answers", () => {
    const yaml = rule("filters: [{ type: ExtensionRef, extensionRef: { group: e, kind: Direct, name: d } }]");
    expect(only(yaml, `${shop}/`).answer).toMatchObject({
      kind: "unknown",
      objects: ["http-route/shop/web"],
    });
  });

  it.each<[string, readonly string[]]>([
    [
      "{ type: URLRewrite, urlRewrite: {} }",
      ["A URLRewrite filter changes the path or the host that the backend sees"],
    ],
    ["{ type: RequestHeaderModifier, requestHeaderModifier: {} }", []],
    ["{ type: RequestMirror, requestMirror: { backendRef: { name: b, port: 80 } } }", []],
    [
      "{ type: ExtensionRef, extensionRef: { group: e, kind: Direct, name: d } }",
      ["What its filter ExtensionRef does with the request is not read"],
    ],
  ])("is not changed by the filter %s", (filter, remarks) => {
    const way = only(rule(`filters: [${filter}], backendRefs: [{ name: a, port: 80 }]`), `${shop}/`);
    expect([outcome(way), way.remarks]).toEqual(["a", remarks]);
  });

  it("does not mix up rules 1 and 10", () => {
    const rules = Array.from({ length: 11 }, (_, i) => to(`s${i}`, exact(`/${i}`)));
    expect(outcome(only(gateway() + route("web", rules), `${shop}/1`))).toBe("s1");
    expect(outcome(only(gateway() + route("web", rules), `${shop}/10`))).toBe("s10");
  });

  it.each([
    [
      "a missing Service",
      "{ name: gone, port: 80 }",
      "service-missing",
      { text: "Create the Service gone in shop, or name one that exists there" },
    ],
    [
      "a missing port",
      "{ name: api, port: 8080 }",
      "port-missing",
      {
        patch: {
          object: "http-route/shop/web",
          body: '[{"op":"add","path":"/spec/rules/0/backendRefs/0/port","value":80}]',
        },
      },
    ],
    [
      "a reference that is not permitted",
      "{ name: api, namespace: back, port: 80 }",
      "not-permitted",
      { manifest: expect.stringContaining("kind: ReferenceGrant") },
    ],
  ])("has the fix of %s beside the backend", (_, ref, state, fix) => {
    const api = (namespace: string) => `
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: ${namespace} }
spec: { selector: { app: api }, ports: [{ port: 80 }] }`;
    const yaml = rule(`backendRefs: [${ref}]`) + api("shop") + api("back");
    expect(only(yaml, `${shop}/`).answer).toMatchObject({ backends: [{ fact: { state }, share: 1, fix }] });
  });
});

describe("a gRPC call", () => {
  const call = (service: string, method: string) =>
    `method: { ${service === "" ? "" : `service: ${service}, `}${method === "" ? "" : `method: ${method}`} }`;
  const grpc = (name: string, rules: readonly string[], hostnames = ["shop.example.com"]) =>
    route(name, rules, { kind: "GRPCRoute", hostnames });
  const url = "grpc://shop.example.com/shop.Cart/Add";

  it.each<[string, readonly string[], string]>([
    ["a service and a method", [to("a", call("shop.Cart", "Add"))], "a"],
    ["every method of a service", [to("a", call("shop.Cart", ""))], "a"],
    ["a method of every service", [to("a", call("", "Add"))], "a"],
    ["every call", [to("a")], "a"],
    ["no other service", [to("a", call("shop.Car", "Add"))], "NoMatchingRule"],
    ["no other method", [to("a", call("", "Ad"))], "NoMatchingRule"],
    // "Characters in a matching service", then "Characters in a matching method": not as HTTPRoute has it.
    [
      "a service before a method",
      [to("method", call("", "Add")), to("service", call("shop.Cart", ""))],
      "service",
    ],
    [
      "a service and a method before a service",
      [to("service", call("shop.Cart", "")), to("both", call("shop.Cart", "Add"))],
      "both",
    ],
    ["a method before everything", [to("all"), to("method", call("", "Add"))], "method"],
  ])("is taken by %s", (_, rules, expected) => {
    expect(outcome(only(gateway() + grpc("calls", rules), url))).toBe(expected);
  });

  it("by a regular expression cannot be told", () => {
    const rule = to("a", "method: { type: RegularExpression, service: 'shop[.].*' }");
    expect(outcome(only(gateway() + grpc("calls", [rule]), url))).toBe("unknown");
  });

  it("is left to HTTPRoutes only where no GRPCRoute is for the host, as a POST", () => {
    const web = route("web", [to("post", `${prefix("/shop.Cart")}, method: POST`), to("get", "method: GET")]);
    expect(outcome(only(gateway() + web, url))).toBe("post");
    expect(outcome(only(gateway() + web + grpc("calls", [to("other", call("x.Y", ""))]), url))).toBe(
      "NoMatchingRule",
    );
  });

  it("is what a GRPCRoute takes and an HTTP request is not", () => {
    const way = only(gateway() + grpc("calls", [to("a")]), `${shop}/shop.Cart/Add`);
    expect(way.answer).toMatchObject({
      reason: "NoMatchingRule",
      object: "grpc-route/shop/calls",
      nearMiss: "GRPCRoute shop/calls is for this host, and takes gRPC calls only",
    });
  });
});
