import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import type { HttpRequest, HttpWay } from "./http-way.ts";
import { httpWays } from "./http-ways.ts";

type Origin = "cluster" | "dump" | "manifests";

const all = "allowedRoutes: { namespaces: { from: All } }";
const listener = (name: string, port: number, protocol: string, hostname = "", more = all) => {
  const tls = protocol === "HTTPS" ? "tls: { certificateRefs: [{ name: cert }] }, " : "";
  const host = hostname === "" ? "" : `hostname: "${hostname}", `;
  return `{ name: ${name}, port: ${port}, protocol: ${protocol}, ${host}${tls}${more} }`;
};
const http = (hostname = "", name = "http") => listener(name, 80, "HTTP", hostname);
const https = (hostname = "", name = "https") => listener(name, 443, "HTTPS", hostname);
const passthrough = (hostname = "", name = "tls") =>
  listener(name, 443, "TLS", hostname, `tls: { mode: Passthrough }, ${all}`);

const gateway = (
  listeners: readonly string[],
  { name = "public", status = "", sets = "{ from: All }" } = {},
) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec: { gatewayClassName: envoy, listeners: [${listeners.join(", ")}]${sets === "" ? "" : `, allowedListeners: { namespaces: ${sets} }`} }
${status === "" ? "" : `status: { ${status} }`}`;

const condition = (type: string, status: string, reason: string) =>
  `{ type: ${type}, status: "${status}", reason: ${reason}, message: in words. }`;
const listenerStatus = (name: string, ...conditions: readonly string[]) =>
  `{ name: ${name}, conditions: [${conditions.join(", ")}] }`;

const gatewayClass = (accepted = 'status: "True", reason: Accepted', name = "envoy") => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: ${name} }
spec: { controllerName: example.com/envoy }
status: { conditions: [{ type: Accepted, ${accepted} }] }`;

const listenerSet = (
  name: string,
  listeners: readonly string[],
  { createdAt = "2026-01-01T00:00:00Z", parent = "public", status = "" } = {},
) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: ${name}, namespace: team, creationTimestamp: "${createdAt}" }
spec: { parentRef: { name: ${parent}, namespace: edge }, listeners: [${listeners.join(", ")}] }
${status === "" ? "" : `status: { ${status} }`}`;

const namespace = (labels = "team: red", name = "shop") => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }`;

interface RouteGiven {
  readonly kind?: string;
  readonly namespace?: string;
  readonly parents?: readonly string[];
  readonly hostnames?: readonly string[];
  readonly path?: string;
  readonly to?: string;
  /** What status says of the first parent: `status: "True", reason: Accepted`. */
  readonly accepted?: string;
}

const parent = "name: public, namespace: edge";
const route = (name: string, given: RouteGiven = {}) => {
  const {
    kind = "HTTPRoute",
    namespace = "shop",
    parents = [parent],
    hostnames = ["shop.example.com"],
  } = given;
  const hosts =
    hostnames.length === 0 ? "" : `hostnames: [${hostnames.map((host) => `"${host}"`).join(", ")}]`;
  const matches =
    kind === "HTTPRoute" && given.path !== undefined ? `matches: [{ path: { value: ${given.path} } }], ` : "";
  const status = `
status:
  parents:
    - { parentRef: { ${parents[0]} }, controllerName: c, conditions: [{ type: Accepted, ${given.accepted} }] }`;
  return `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  parentRefs: [${parents.map((each) => `{ ${each} }`).join(", ")}]
  ${hosts}
  rules: [{ ${matches}backendRefs: [{ name: ${given.to ?? name}, port: 80 }] }]${given.accepted === undefined ? "" : status}`;
};

const request = (url: string): HttpRequest => {
  const parsed = new URL(url.replace(/^grpc/, "http"));
  const scheme = url.slice(0, url.indexOf(":"));
  const isTls = scheme.endsWith("s");
  return {
    scheme: scheme === "grpcs" || scheme === "grpc" || scheme === "https" ? scheme : "http",
    host: parsed.hostname,
    port: parsed.port === "" ? (isTls ? 443 : 80) : Number(parsed.port),
    path: parsed.pathname,
    query: parsed.search.slice(1),
    method: "GET",
  };
};

const ways = (yaml: string, url: string, as: Origin = "cluster") =>
  httpWays(factsFromYaml(yaml, as), request(url));

function only(yaml: string, url: string, as: Origin = "cluster"): HttpWay {
  const [way, ...more] = ways(yaml, url, as);
  if (way === undefined || more.length > 0) throw new Error(`${more.length + (way ? 1 : 0)} ways for ${url}`);
  return way;
}

/** "http: web", the listener and the backend's Service; or the listener and the reason of a refusal. */
function outcome({ words, answer }: HttpWay): string {
  const through = / listener (\S+)/.exec(words)?.[1] ?? "none";
  if (answer.kind === "backends")
    return `${through}: ${answer.backends.map(({ fact }) => fact.service?.split("/")[2]).join()}`;
  return `${through}: ${answer.kind === "refused" ? answer.reason : answer.kind}`;
}

const well = gatewayClass();
const noCertificate = "It has no certificate: the Secret edge/cert does not exist";

describe("the listener of a request", () => {
  const four = gateway([
    http("", "every"),
    http("*.example.com", "wide"),
    http("*.shop.example.com", "narrow"),
    http("cart.shop.example.com", "exact"),
    listener("alt", 8080, "HTTP"),
    https("*.example.com"),
  ]);
  const routes = ["every", "wide", "narrow", "exact", "alt", "https"]
    .map((name) => route(name, { parents: [`${parent}, sectionName: ${name}`], hostnames: [] }))
    .join("");
  it.each([
    ["http://cart.shop.example.com/", "exact: exact"],
    ["http://x.shop.example.com/", "narrow: narrow"],
    // A wildcard of a Gateway covers "any number of characters and dots".
    ["http://a.b.shop.example.com/", "narrow: narrow"],
    ["http://shop.example.com/", "wide: wide"],
    ["http://example.com/", "every: every"],
    ["http://cart.shop.example.com:8080/", "alt: alt"],
    ["https://cart.shop.example.com/", "https: https"],
  ])("%s is the most specific of its port and protocol: %s", (url, expected) => {
    expect(outcome(only(four + well + routes, url))).toBe(expected);
  });

  it("serves none of the routes that are attached to another (listener isolation)", () => {
    const yaml =
      gateway([http("*.example.com", "wide"), http("shop.example.com", "exact")]) +
      well +
      route("web", { parents: [`${parent}, sectionName: wide`], hostnames: ["*.example.com"] });
    expect(outcome(only(yaml, "http://other.example.com/"))).toBe("wide: web");
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      kind: "refused",
      reason: "NoMatchingRule",
      object: "http-route/shop/web",
      sentence: "No route on listener exact is for shop.example.com, so the answer is 404",
      nearMiss: "HTTPRoute shop/web is for this host, and is attached to listener wide only",
      evidence: [
        {
          object: "gateway/edge/public",
          path: "spec.listeners[1]",
          value: "exact: HTTP 80 shop.example.com",
        },
      ],
    });
  });

  it.each([
    [
      "https://shop.example.com/",
      "NoListener",
      "No listener takes https://shop.example.com/: none speaks HTTPS or TLS on port 443",
      "this host is served by listener http (HTTP on port 80)",
    ],
    [
      "http://shop.example.com:8080/",
      "NoListener",
      "No listener takes http://shop.example.com:8080/: none speaks HTTP on port 8080",
      "this host is served by listener http (HTTP on port 80)",
    ],
    // TLS on the port of plain HTTP.
    [
      "https://shop.example.com:80/",
      "NoListener",
      "No listener takes https://shop.example.com:80/: none speaks HTTPS or TLS on port 80",
      "this host is served by listener http (HTTP on port 80)",
    ],
  ])("is missing for %s", (url, reason, sentence, nearMiss) => {
    const yaml = gateway([http("*.example.com")]) + well + route("web");
    expect(only(yaml, url)).toMatchObject({
      words: "Gateway edge/public",
      answer: { kind: "refused", object: "gateway/edge/public", reason, sentence, nearMiss },
    });
  });

  it("is missing for the hostname, for which the route is refused", () => {
    const yaml = gateway([http("*.example.org"), http("example.net", "net")]) + well + route("web");
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      reason: "NoMatchingListenerHostname",
      object: "http-route/shop/web",
      nearMiss:
        "listener http serves *.example.org and listener net serves example.net; the route asks shop.example.com",
    });
  });

  it("says what clients find of its certificate, and of addresses what the status has", () => {
    const yaml =
      gateway([https()], {
        status: "addresses: [{ value: 198.51.100.20 }, { type: Hostname, value: lb.example.net }]",
      }) +
      well +
      route("web");
    expect(only(yaml, "https://shop.example.com/")).toMatchObject({
      entry: "gateway/edge/public",
      words: "Gateway edge/public, listener https (port 443)",
      addresses: ["198.51.100.20", "lb.example.net"],
      answer: { kind: "backends", rule: { object: "http-route/shop/web", path: "spec.rules[0]" } },
      remarks: [noCertificate],
    });
  });
});

describe("a listener that is not in force", () => {
  const conflicted = listenerStatus("exact", condition("Conflicted", "True", "HostnameConflict"));
  const two = (status: string) => gateway([http("shop.example.com", "exact"), http("", "every")], { status });
  const on = (section: string, hostnames: readonly string[]) =>
    route(section, { parents: [`${parent}, sectionName: ${section}`], hostnames });

  it.each([
    ["Conflicted", "True", "HostnameConflict"],
    ["Accepted", "False", "UnsupportedProtocol"],
    ["Programmed", "False", "Invalid"],
    ["ResolvedRefs", "False", "InvalidCertificateRef"],
  ])("refuses with its own reason: %s %s", (type, status, reason) => {
    const yaml = gateway([http()], {
      status: `listeners: [${listenerStatus("http", condition(type, status, reason))}]`,
    });
    expect(only(yaml + well + route("web"), "http://shop.example.com/").answer).toEqual({
      kind: "refused",
      reason,
      sentence: `Listener http is not in force: ${reason}: in words`,
      object: "gateway/edge/public",
      evidence: [
        {
          object: "gateway/edge/public",
          path: `status.listeners[name=http].conditions[${type}]`,
          value: `${status} (${reason})`,
        },
      ],
    });
  });

  it.each([
    ["its conditions are good", condition("Conflicted", "False", "NoConflicts")],
    ["it waits for an address", condition("Programmed", "False", "AddressNotAssigned")],
    ["a kind of route is not known", condition("ResolvedRefs", "False", "InvalidRouteKinds")],
    [
      "one certificate is bad and it was programmed",
      `${condition("ResolvedRefs", "False", "InvalidCertificateRef")}, ${condition("Programmed", "True", "Programmed")}`,
    ],
  ])("is not meant where %s", (_, conditions) => {
    const yaml = gateway([http()], { status: `listeners: [${listenerStatus("http", conditions)}]` });
    expect(outcome(only(yaml + well + route("web"), "http://shop.example.com/"))).toBe("http: web");
  });

  it("leaves its requests to the next one, if that has a route for them", () => {
    const yaml = two(`listeners: [${conflicted}]`) + well + on("exact", []);
    expect(outcome(only(yaml, "http://shop.example.com/"))).toBe("exact: HostnameConflict");
    const way = only(yaml + on("every", []), "http://shop.example.com/");
    expect([outcome(way), way.remarks[0]]).toEqual([
      "every: every",
      "Listener exact is not in force: HostnameConflict: in words; it would be closer to this host",
    ]);
  });

  it("is not guessed from two that share a port and a hostname, but remarked on", () => {
    const yaml = gateway([http("", "a"), listener("b", 80, "HTTP")]) + well + route("web");
    const way = only(yaml, "http://shop.example.com/");
    expect([outcome(way), way.remarks]).toEqual([
      "a: web",
      ["Listener a and listener b (port 80) share port and hostname, so by the API they conflict"],
    ]);
  });
});

describe("a ListenerSet", () => {
  const set = (status = "") => listenerSet("more", [http("shop.example.com")], { status });
  const there = gateway([http("*.example.com")]) + well;
  const toSet = (more: RouteGiven = {}) =>
    route("web", { parents: ["kind: ListenerSet, name: more, namespace: team"], ...more });

  it("adds its listeners to the Gateway, whatever they are called", () => {
    expect(only(there + set() + toSet(), "http://shop.example.com/")).toMatchObject({
      entry: "gateway/edge/public",
      words: "Gateway edge/public, listener http (port 80) of ListenerSet team/more",
      answer: { kind: "backends" },
    });
  });

  it("does not get the routes of the Gateway, nor the Gateway its", () => {
    expect(outcome(only(there + set() + route("web"), "http://shop.example.com/"))).toBe(
      "http: NoMatchingRule",
    );
    const both = there + set() + toSet({ hostnames: ["*.example.com"] });
    expect(outcome(only(both, "http://other.example.com/"))).toBe("http: NoMatchingRule");
  });

  it("that is not accepted takes nothing", () => {
    const refused = set(`conditions: [${condition("Accepted", "False", "NotAllowed")}]`);
    expect(only(there + refused + toSet(), "http://shop.example.com/").answer).toMatchObject({
      kind: "refused",
      reason: "NotAllowed",
      object: "listener-set/team/more",
      sentence: "ListenerSet more is not accepted: NotAllowed: in words",
    });
  });

  it.each([
    ["", "NotAllowed"],
    ["{ from: None }", "NotAllowed"],
    ["{ from: Same }", "NotAllowed"],
    ["{ from: Selector, selector: { matchLabels: { team: other } } }", "NotAllowed"],
    ["{ from: Selector, selector: { matchExpressions: [{ key: team, operator: Exists }] } }", "http: web"],
  ])(
    "takes nothing unless the Gateway takes sets of its namespace, which it does not by itself: %s",
    (sets, expected) => {
      const yaml = gateway([], { sets }) + well + set() + toSet() + namespace("team: more", "team");
      const way = only(yaml, "http://shop.example.com/");
      expect(way.answer.kind === "refused" ? way.answer.reason : outcome(way)).toBe(expected);
      const accepted = yaml.replace(set(), set(`conditions: [${condition("Accepted", "True", "Accepted")}]`));
      expect(outcome(only(accepted, "http://shop.example.com/"))).toBe("http: web");
    },
  );

  it("comes after the Gateway's own listeners, and after an older set", () => {
    const same = gateway([http("shop.example.com", "own")]) + well;
    expect(only(same + set() + route("web"), "http://shop.example.com/").words).toBe(
      "Gateway edge/public, listener own (port 80)",
    );
    const older = listenerSet("zzz", [http("shop.example.com")], { createdAt: "2025-01-01T00:00:00Z" });
    expect(only(there + set() + older + toSet(), "http://shop.example.com/").words).toContain("team/zzz");
  });

  it("of a Gateway that does not exist is refused", () => {
    const lonely = listenerSet("more", [http()], { parent: "gone" });
    expect(only(there + lonely + toSet(), "http://shop.example.com/")).toMatchObject({
      entry: "gateway/edge/gone",
      answer: {
        kind: "refused",
        reason: "NoMatchingParent",
        object: "http-route/shop/web",
        sentence:
          "HTTPRoute shop/web is not attached: Gateway edge/gone, to which ListenerSet team/more adds listeners, does not exist",
        fix: { text: "Create gateway/gone in edge, or name one that exists in listenerset/more" },
      },
    });
  });
});

describe("TLS that is not the Gateway's own", () => {
  const tls = (name: string, more: RouteGiven = {}) => route(name, { kind: "TLSRoute", ...more });

  it("passes through by the server's name, whatever the path", () => {
    const yaml = gateway([passthrough(), http()]) + well + tls("vault", { hostnames: ["*.example.com"] });
    const way = only(yaml, "https://shop.example.com/any/path");
    expect(way).toMatchObject({
      answer: {
        kind: "backends",
        rule: { object: "tls-route/shop/vault", path: "spec.rules[0]", words: "every connection" },
      },
      remarks: ["Listener tls passes the connection on whole: nothing looks at the path"],
    });
    expect(outcome(way)).toBe("tls: vault");
  });

  it("and that which is are told apart by hostname on one port", () => {
    const yaml =
      gateway([https("*.example.com"), passthrough("vault.example.com")]) +
      well +
      route("web", { hostnames: [] }) +
      tls("vault", { hostnames: ["vault.example.com"] });
    expect(outcome(only(yaml, "https://vault.example.com/"))).toBe("tls: vault");
    expect(outcome(only(yaml, "https://shop.example.com/"))).toBe("https: web");
  });

  it("refuses names that no TLSRoute has", () => {
    const yaml =
      gateway([passthrough("*.example.com")]) + well + tls("vault", { hostnames: ["vault.example.com"] });
    expect(only(yaml, "https://vaul.example.com/").answer).toMatchObject({
      reason: "NoMatchingRule",
      sentence: "No route on listener tls is for vaul.example.com, so the connection is refused",
      nearMiss: "there is a route for vault.example.com",
    });
  });

  it("is no way for plain HTTP", () => {
    const yaml = gateway([passthrough()]) + well + tls("vault");
    expect(outcome(only(yaml, "http://shop.example.com/"))).toBe("none: NoListener");
  });

  it("is taken by TCPRoutes too, once it is terminated", () => {
    const terminated = listener(
      "tls",
      443,
      "TLS",
      "",
      `tls: { mode: Terminate, certificateRefs: [{ name: c }] }, ${all}`,
    );
    const yaml = gateway([terminated]) + well + route("raw", { kind: "TCPRoute", hostnames: [] });
    const way = only(yaml, "https://shop.example.com/");
    expect([outcome(way), way.remarks.length]).toEqual(["tls: raw", 2]);
  });
});

describe("a route that is not attached", () => {
  const closed = (name = "http") =>
    listener(
      name,
      80,
      "HTTP",
      "*.example.com",
      "allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { expose: 'true' } } } }",
    );

  it("is refused with its reason, the near miss and the patch", () => {
    const yaml = gateway([closed()]) + well + route("web") + namespace();
    expect(only(yaml, "http://shop.example.com/")).toMatchObject({
      words: "Gateway edge/public, listener http (port 80)",
      answer: {
        kind: "refused",
        reason: "NotAllowedByListeners",
        object: "http-route/shop/web",
        sentence:
          "HTTPRoute shop/web is not attached to Gateway edge/public: NotAllowedByListeners: no listener of Gateway edge/public allows it",
        evidence: [{ object: "http-route/shop/web", path: "spec.parentRefs[0]" }],
        nearMiss: "listener http admits namespaces labelled expose=true; shop is not",
        fix: { patch: { object: "namespace/shop", body: '{"metadata":{"labels":{"expose":"true"}}}' } },
      },
    });
  });

  it("has its patch for the listener of a ListenerSet as well", () => {
    const yaml =
      gateway([http("other.example.org")]) +
      well +
      listenerSet("more", [closed()]) +
      route("web", { parents: ["kind: ListenerSet, name: more, namespace: team"] }) +
      namespace();
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      reason: "NotAllowedByListeners",
      fix: { patch: { object: "namespace/shop" } },
    });
  });

  it("names a listener that is not there", () => {
    const yaml = gateway([http()]) + well + route("web", { parents: [`${parent}, sectionName: htpp`] });
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      reason: "NoMatchingParent",
      object: "http-route/shop/web",
      nearMiss: "it has the listener http (port 80)",
    });
  });

  it("is only remarked on where another takes the request", () => {
    const yaml =
      gateway([closed()]) +
      well +
      namespace() +
      route("web") +
      route("edge", { namespace: "edge", hostnames: ["*.example.com"] }) +
      `
---
apiVersion: v1
kind: Namespace
metadata: { name: edge, labels: { expose: 'true' } }`;
    const way = only(yaml, "http://shop.example.com/");
    expect(outcome(way)).toBe("http: edge");
    expect(way.remarks).toEqual([
      "HTTPRoute shop/web names this host too, and is not attached to Gateway edge/public: NotAllowedByListeners: no listener of Gateway edge/public allows it",
    ]);
  });

  it("is not remarked on where it was to be on another listener", () => {
    const closedTls = listener("https", 443, "HTTPS", "", "allowedRoutes: { namespaces: { from: Same } }");
    const yaml =
      gateway([http(), closedTls]) +
      well +
      route("web") +
      route("lost", { parents: [`${parent}, sectionName: https`] });
    const way = only(yaml, "http://shop.example.com/");
    expect([outcome(way), way.remarks]).toEqual(["http: web", []]);
    expect(outcome(only(yaml, "https://shop.example.com/"))).toBe("https: NotAllowedByListeners");
  });

  it("by one parentRef and by another is, takes the request without a remark", () => {
    const yaml =
      gateway([http()]) +
      well +
      route("web", { parents: [`${parent}, sectionName: http`, `${parent}, sectionName: gone`] });
    const way = only(yaml, "http://shop.example.com/");
    expect([outcome(way), way.remarks]).toEqual(["http: web", []]);
  });

  it("is not the reason where it would not take the path and another on the host could", () => {
    const yaml =
      gateway([http()]) +
      well +
      route("api", { path: "/api" }) +
      route("lost", { path: "/lost", accepted: 'status: "False", reason: NotAllowedByListeners' });
    expect(outcome(only(yaml, "http://shop.example.com/x"))).toBe("http: NoMatchingRule");
    expect(outcome(only(yaml, "http://shop.example.com/lost"))).toBe("http: NotAllowedByListeners");
  });

  it("is not the reason where it is for every host and would not take the path", () => {
    const refused = {
      hostnames: [],
      path: "/lost",
      accepted: 'status: "False", reason: NotAllowedByListeners',
    };
    const yaml = gateway([http("*.example.com")]) + well + route("lost", refused);
    expect(outcome(only(yaml, "http://shop.example.com/x"))).toBe("http: NoMatchingRule");
    expect(outcome(only(yaml, "http://shop.example.com/lost"))).toBe("http: NotAllowedByListeners");
  });

  it("is remarked on where the port is wrong as well", () => {
    const yaml = gateway([closed()]) + well + route("web") + namespace();
    const way = only(yaml, "https://shop.example.com/");
    expect(outcome(way)).toBe("none: NoListener");
    expect(way.remarks).toEqual([expect.stringContaining("NotAllowedByListeners")]);
  });
});

describe("an attachment that is not certain", () => {
  const bySelector = listener(
    "http",
    80,
    "HTTP",
    "",
    "allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { expose: 'true' } } } }",
  );

  it("leaves the answer open where the labels of the namespace are not known", () => {
    const yaml = gateway([bySelector]) + route("web");
    expect(only(yaml, "http://shop.example.com/", "manifests").answer).toMatchObject({
      kind: "unknown",
      sentence:
        "HTTPRoute shop/web would take it; whether it is attached cannot be told: listener http selects namespaces by label, and the labels of shop are not known",
      objects: ["http-route/shop/web"],
      likely: { kind: "backends" },
    });
  });

  it("does not matter where a closer route is attached", () => {
    const yaml =
      gateway([bySelector, http("*.example.com", "open")]) +
      route("web", { hostnames: ["*.example.com"] }) +
      route("exact", { parents: [`${parent}, sectionName: open`] });
    expect(outcome(only(yaml, "http://shop.example.com/", "manifests"))).toBe("open: exact");
  });

  it("is settled by status, which names no listeners: then by the parentRef's, with a remark", () => {
    const accepted = 'status: "True", reason: Accepted';
    const same = listener("http", 80, "HTTP", "", "");
    const yaml = gateway([same, listener("alt", 8080, "HTTP", "", "")]) + well;
    const named = yaml + route("web", { accepted, parents: [`${parent}, sectionName: http`] });
    const way = only(named, "http://shop.example.com/");
    expect(outcome(way)).toBe("http: web");
    expect(way.remarks).toEqual([
      "HTTPRoute shop/web is attached to Gateway edge/public, as its status says, although no listener of Gateway edge/public allows it; the status may be old",
    ]);
    expect(outcome(only(named, "http://shop.example.com:8080/"))).toBe("alt: NoMatchingRule");
    const unnamed = yaml + route("web", { accepted });
    expect(outcome(only(unnamed, "http://shop.example.com:8080/"))).toBe("alt: web");
    const byPort = yaml + route("web", { accepted, parents: [`${parent}, port: 8080`] });
    expect(outcome(only(byPort, "http://shop.example.com:8080/"))).toBe("alt: web");
    expect(outcome(only(byPort, "http://shop.example.com/"))).toBe("http: NoMatchingRule");
  });
});

describe("a parent that is no Gateway here", () => {
  it("is refused where it does not exist", () => {
    expect(
      only(gateway([http()], { name: "pubic" }) + well + route("web"), "http://shop.example.com/"),
    ).toMatchObject({
      entry: "gateway/edge/public",
      words: "Gateway edge/public",
      addresses: undefined,
      answer: {
        kind: "refused",
        reason: "NoMatchingParent",
        object: "http-route/shop/web",
        sentence: "HTTPRoute shop/web is not attached: Gateway edge/public does not exist",
        nearMiss: "there is a Gateway pubic in edge",
        fix: { text: "Create gateway/public in edge, or name one that exists" },
      },
    });
  });

  it.each<Origin>(["manifests", "dump"])("cannot be told where it was not read (%s)", (as) => {
    expect(only(route("web"), "http://shop.example.com/", as).answer).toMatchObject({
      kind: "unknown",
      objects: ["gateway/edge/public"],
      likely: { kind: "backends", rule: { object: "http-route/shop/web" } },
    });
  });

  it("is refused where the status says so, read or not", () => {
    const yaml = route("web", { accepted: 'status: "False", reason: NotAllowedByListeners' });
    expect(outcome(only(yaml, "http://shop.example.com/", "dump"))).toBe("none: NotAllowedByListeners");
  });

  it("is no way in where it is a Service, as in a mesh", () => {
    const yaml = route("web", { parents: ['group: "", kind: Service, name: web, namespace: shop'] });
    expect(ways(yaml, "http://shop.example.com/")).toEqual([]);
  });

  it("is not what is missing where it is of another kind with a Gateway's name", () => {
    const foreign = route("web", { parents: [`group: example.net, kind: Gateway, ${parent}`] });
    expect(ways(gateway([http()]) + well + foreign, "http://shop.example.com/")).toEqual([]);
  });
});

describe("a Gateway as a whole", () => {
  const with_ = (status: string) => gateway([http()], { status: `conditions: [${status}]` }) + route("web");
  const cases: readonly (readonly [string, string, object])[] = [
    [
      "its class does not exist",
      gateway([http()]) + route("web") + gatewayClass(undefined, "envoi"),
      {
        reason: "GatewayClassMissing",
        object: "gateway/edge/public",
        sentence: "GatewayClass envoy does not exist, so no controller takes public",
        nearMiss: "there is envoi",
        fix: { patch: { object: "gateway/edge/public", body: '{"spec":{"gatewayClassName":"envoi"}}' } },
      },
    ],
    [
      "its class is not accepted",
      gateway([http()]) + route("web") + gatewayClass('status: "False", reason: InvalidParameters'),
      {
        reason: "InvalidParameters",
        object: "gateway-class/envoy",
        sentence: "GatewayClass envoy is not accepted: InvalidParameters",
        evidence: [
          {
            object: "gateway-class/envoy",
            path: "status.conditions[Accepted]",
            value: "False (InvalidParameters)",
          },
        ],
      },
    ],
    [
      "it is not accepted",
      with_(condition("Accepted", "False", "UnsupportedAddress")) + well,
      {
        reason: "UnsupportedAddress",
        sentence: "Gateway public is not accepted: UnsupportedAddress: in words",
      },
    ],
    [
      "it is not programmed",
      with_(condition("Programmed", "False", "NoResources")) + well,
      { reason: "NoResources", object: "gateway/edge/public" },
    ],
  ];
  it.each(cases)("refuses where %s", (_, yaml, expected) => {
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({ kind: "refused", ...expected });
  });

  it.each([
    ["some listeners are not valid", condition("Accepted", "False", "ListenersNotValid"), []],
    [
      "it only lacks an address",
      condition("Programmed", "False", "AddressNotAssigned"),
      ["public has no address that works: AddressNotAssigned: in words"],
    ],
  ])("serves where %s", (_, status, remarks) => {
    const way = only(with_(status) + well, "http://shop.example.com/");
    expect([outcome(way), way.remarks]).toEqual(["http: web", remarks]);
  });

  it.each([
    // The CRD's own default, until a controller writes something else.
    ["no controller has accepted it", condition("Accepted", "Unknown", "Pending")],
    ["it is not programmed yet", condition("Programmed", "False", "Pending")],
  ])("leaves the answer open where %s", (_, status) => {
    expect(only(with_(status) + well, "http://shop.example.com/").answer).toMatchObject({
      kind: "unknown",
      objects: ["gateway/edge/public"],
      likely: { kind: "backends" },
    });
  });

  it("of a class that was not read leaves it open, unless a controller has spoken or manifests name it", () => {
    const plain = gateway([http()]) + route("web");
    expect(outcome(only(plain, "http://shop.example.com/", "dump"))).toBe("http: unknown");
    const way = only(plain, "http://shop.example.com/", "manifests");
    expect([outcome(way), way.remarks]).toEqual([
      "http: web",
      ["GatewayClass envoy is not among what was read; it is taken to be there"],
    ]);
    const accepted = with_(condition("Accepted", "True", "Accepted"));
    expect(outcome(only(accepted, "http://shop.example.com/", "dump"))).toBe("http: web");
  });
});

describe("routes that were not read", () => {
  const accepted = gateway([http("*.example.com")], {
    status: `conditions: [${condition("Accepted", "True", "Accepted")}]`,
  });

  it("may hold the rule that is missing", () => {
    expect(only(accepted, "http://shop.example.com/", "dump").answer).toMatchObject({
      kind: "unknown",
      sentence: "No route that was read takes it, and HTTPRoutes could not all be read",
      likely: { kind: "refused", reason: "NoMatchingRule" },
    });
    expect(only(accepted, "grpc://shop.example.com/", "dump").answer).toMatchObject({
      sentence: "No route that was read takes it, and GRPCRoutes and HTTPRoutes could not all be read",
    });
  });

  it("are in other files, where these have none for the host", () => {
    expect(only(accepted, "http://shop.example.com/", "manifests").answer).toMatchObject({
      kind: "unknown",
      sentence: "No route in these files is for shop.example.com on listener http",
    });
    const other = accepted + route("api", { path: "/api" });
    expect(outcome(only(other, "http://shop.example.com/x", "manifests"))).toBe("http: NoMatchingRule");
  });
});

describe("certificates of another namespace", () => {
  const withRefs = (...names: readonly string[]) =>
    https().replace("{ name: cert }", names.map((name) => `{ name: ${name}, namespace: certs }`).join(", "));
  const grant = (more: string, of = "certs", from = "Gateway") => `
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: g, namespace: ${of} }
spec: { from: [{ group: gateway.networking.k8s.io, kind: ${from}, namespace: edge }], to: [{ group: "", kind: Secret${more} }] }`;
  const using = (...names: readonly string[]) => gateway([withRefs(...names)]) + well + route("web");

  it.each<[string, string, string]>([
    ["without a grant", using("a"), "RefNotPermitted"],
    ["with one for Secrets there", using("a") + grant(""), "https: web"],
    ["with one for this Secret", using("a") + grant(", name: a"), "https: web"],
    ["with one for another Secret", using("a") + grant(", name: b"), "RefNotPermitted"],
    ["with one in the Gateway's namespace", using("a") + grant("", "edge"), "RefNotPermitted"],
    ["with one for routes", using("a") + grant("", "certs", "HTTPRoute"), "RefNotPermitted"],
    ["where another of the listener's is permitted", using("a", "b") + grant(", name: b"), "https: web"],
  ])("%s", (_, yaml, expected) => {
    const way = only(yaml, "https://shop.example.com/");
    expect(way.answer.kind === "refused" ? way.answer.reason : outcome(way)).toBe(expected);
  });

  it("are left to the controller where its status tells of them, and where files do not hold the grants", () => {
    const resolved = gateway([withRefs("a")], {
      status: `listeners: [${listenerStatus("https", condition("ResolvedRefs", "True", "ResolvedRefs"))}]`,
    });
    expect(outcome(only(resolved + well + route("web"), "https://shop.example.com/"))).toBe("https: web");
    expect(outcome(only(using("a"), "https://shop.example.com/", "manifests"))).toBe("https: web");
  });
});
