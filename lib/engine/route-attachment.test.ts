import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";

interface RouteGiven {
  readonly kind?: string;
  readonly parent?: string;
  readonly hostnames?: string;
  readonly status?: string;
}

const route = ({
  kind = "HTTPRoute",
  parent = "name: public, namespace: edge",
  hostnames = "",
  status = "",
}: RouteGiven = {}) => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ ${parent} }]
  ${kind === "HTTPRoute" ? `hostnames: [${hostnames}]` : ""}
  rules: []
${status}`;

const status = (accepted: string, parent = "name: public, namespace: edge") => `
status:
  parents:
    - parentRef: { ${parent} }
      controllerName: example.com/controller
      conditions: [{ type: Accepted, ${accepted} }]`;

const gateway = (listeners: string, name = "public") => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec: { gatewayClassName: c, listeners: [${listeners}] }`;

const http = (more = "allowedRoutes: { namespaces: { from: All } }", name = "http") =>
  `{ name: ${name}, port: 80, protocol: HTTP, ${more} }`;

const namespace = (labels: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { ${labels} } }`;

function attachment(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const [facts] = factsFromYaml(yaml, as).routes.values();
  const [first] = facts?.attachments ?? [];
  if (first === undefined) throw new Error("the YAML holds no route with a parent");
  return first;
}

const bySelector =
  "allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { expose: 'true' } } } }";

describe("attachment by configuration", () => {
  const attached: readonly (readonly [string, string])[] = [
    ["its namespace is allowed by label", route() + gateway(http(bySelector)) + namespace("expose: 'true'")],
    ["all namespaces are allowed", route() + gateway(http())],
    [
      "it names the listener",
      route({ parent: "name: public, namespace: edge, sectionName: http, port: 80" }) + gateway(http()),
    ],
    [
      "hostnames meet in a wildcard",
      route({ hostnames: "a.b.example.com" }) +
        gateway(http("hostname: '*.example.com', allowedRoutes: { namespaces: { from: All } }")),
    ],
    ["the listener takes its kind", route({ kind: "GRPCRoute" }) + gateway(http())],
    [
      "a TCPRoute meets terminated TLS",
      route({ kind: "TCPRoute" }) +
        gateway(
          "{ name: http, port: 443, protocol: TLS, tls: { mode: Terminate }, allowedRoutes: { namespaces: { from: All } } }",
        ),
    ],
  ];
  it.each(attached)("stands when %s", (_, yaml) => {
    expect(attachment(yaml)).toMatchObject({
      path: "spec.parentRefs[0]",
      parent: "gateway/edge/public",
      state: "attached",
      listeners: ["http"],
      saidBy: "computed",
      sentence: "attached to Gateway edge/public by listener http",
    });
  });

  const rejected: readonly (readonly [string, string, string, string])[] = [
    [
      "its namespace lacks the label",
      route() + gateway(http(bySelector)) + namespace("team: red"),
      "NotAllowedByListeners",
      "listener http admits namespaces labelled expose=true; shop is not",
    ],
    [
      "only the Gateway's own namespace is allowed",
      route() + gateway(http("")),
      "NotAllowedByListeners",
      "listener http admits routes of its own namespace edge only; this one is in shop",
    ],
    [
      "the protocol carries another kind",
      route({ kind: "TCPRoute" }) + gateway(http()),
      "NotAllowedByListeners",
      "listener http admits HTTPRoute and GRPCRoute, not TCPRoute",
    ],
    [
      "the listener names other kinds",
      route() + gateway(http("allowedRoutes: { namespaces: { from: All }, kinds: [{ kind: GRPCRoute }] }")),
      "NotAllowedByListeners",
      "listener http admits GRPCRoute, not HTTPRoute",
    ],
    [
      "no hostname meets",
      route({ hostnames: "shop.example.com" }) +
        gateway(http("hostname: '*.example.org', allowedRoutes: { namespaces: { from: All } }")),
      "NoMatchingListenerHostname",
      "listener http serves *.example.org; the route asks shop.example.com",
    ],
    [
      "it names a listener that is not there",
      route({ parent: "name: public, namespace: edge, sectionName: htp" }) +
        gateway(`${http()}, ${http("", "https")}`),
      "NoMatchingParent",
      "it has the listeners http (port 80) and https (port 80); http is the closest",
    ],
    [
      "it names a port that no listener has",
      route({ parent: "name: public, namespace: edge, port: 8080" }) + gateway(http()),
      "NoMatchingParent",
      "it has the listener http (port 80)",
    ],
  ];
  it.each(rejected)("fails when %s", (_, yaml, reason, nearMiss) => {
    expect(attachment(yaml)).toMatchObject({
      state: "rejected",
      listeners: [],
      reason,
      nearMiss,
      saidBy: "computed",
    });
  });

  it("looks at allowance before hostnames, as the specification does", () => {
    const yaml = route({ hostnames: "shop.example.com" }) + gateway(http("hostname: shop.example.org"));
    expect(attachment(yaml).reason).toBe("NotAllowedByListeners");
  });

  it("fails when the Gateway is not there, with the nearest name", () => {
    expect(attachment(route() + gateway(http(), "publik"))).toMatchObject({
      state: "parent-missing",
      sentence: "not attached: Gateway edge/public does not exist",
      nearMiss: "there is a Gateway publik in edge",
    });
  });

  const set = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: more, namespace: edge }
spec: { parentRef: { name: public }, listeners: [${http()}] }`;
  const toSet = route({ parent: "kind: ListenerSet, name: more, namespace: edge" });

  it("fails when the Gateway to which the ListenerSet adds its listeners is not there", () => {
    expect(attachment(toSet + set + gateway("", "publik"))).toMatchObject({
      state: "parent-missing",
      parent: "listener-set/edge/more",
      missing: "gateway/edge/public",
      sentence:
        "not attached: Gateway edge/public, to which ListenerSet edge/more adds listeners, does not exist",
      nearMiss: "there is a Gateway publik in edge",
    });
    expect(attachment(toSet + set, "manifests").state).toBe("unknown");
  });

  it("asks a ListenerSet's own listeners", () => {
    const yaml = toSet + gateway("") + set;
    expect(attachment(yaml)).toMatchObject({
      state: "attached",
      parent: "listener-set/edge/more",
      listeners: ["http"],
    });
  });

  it("cannot tell when Gateways or the namespace's labels were not read", () => {
    expect(attachment(route(), "dump").state).toBe("unknown");
    expect(attachment(route(), "manifests").state).toBe("unknown");
    expect(attachment(route() + gateway(http(bySelector)), "manifests")).toMatchObject({
      state: "unknown",
      sentence: expect.stringContaining("the labels of shop are not known"),
    });
  });

  it("cannot tell what a protocol of a vendor's own admits", () => {
    const yaml =
      route() +
      gateway(
        "{ name: x, port: 80, protocol: example.com/quic, allowedRoutes: { namespaces: { from: All } } }",
      );
    expect(attachment(yaml).state).toBe("unknown");
  });

  it("does not judge what a service mesh does with a Service as parent", () => {
    const yaml = route({ parent: "group: '', kind: Service, name: web" });
    expect(attachment(yaml)).toMatchObject({
      state: "attached",
      parent: "service/shop/web",
      saidBy: "computed",
    });
  });
});

describe("a parent of a kind that is not read", () => {
  const parent = "group: example.com, kind: Gateway, name: public, namespace: edge";
  const to = (status = "") => attachment(route({ parent, status }) + gateway(http()));

  it("is no Gateway of that name, and how the route is attached there is not known", () => {
    expect(to()).toMatchObject({ state: "unknown", saidBy: "computed" });
    expect(to().parent).toBeUndefined();
    expect(
      [...factsFromYaml(route({ parent }) + gateway(http())).gateways.values()].map(
        ({ sentence }) => sentence,
      ),
    ).toEqual([expect.stringContaining("0 routes attached")]);
  });

  it("tells by status", () => {
    expect(to(status("status: 'True'", parent))).toMatchObject({ state: "attached", saidBy: "status" });
    expect(to(status("status: 'False', reason: No", parent)).state).toBe("rejected");
  });
});

describe("attachment together with status", () => {
  const open = gateway(http());
  const shut = gateway(http(""));
  const accepted = status('status: "True", reason: Accepted');
  const refused = status('status: "False", reason: NotAllowedByListeners, message: No listener allows it.');

  it.each([
    [
      "both say yes",
      route({ status: accepted }) + open,
      { state: "attached", saidBy: "both", listeners: ["http"] },
    ],
    [
      "both say no",
      route({ status: refused }) + shut,
      { state: "rejected", saidBy: "both", reason: "NotAllowedByListeners", nearMiss: expect.any(String) },
    ],
    [
      "status says yes against the configuration",
      route({ status: accepted }) + shut,
      {
        state: "attached",
        saidBy: "status",
        sentence:
          "attached to Gateway edge/public, as its status says, although no listener of Gateway edge/public allows it; the status may be old",
      },
    ],
    [
      "status says no against the configuration",
      route({ status: status('status: "False", reason: UnsupportedValue, message: no such filter') }) + open,
      {
        state: "rejected",
        saidBy: "status",
        reason: "UnsupportedValue",
        sentence:
          "not attached to Gateway edge/public: UnsupportedValue: no such filter, although by its configuration listener http would admit it",
      },
    ],
    [
      "status has nothing definite",
      route({ status: status("status: Unknown, reason: Pending") }) + open,
      { state: "attached", saidBy: "computed" },
    ],
    [
      "status is of another parentRef",
      route({
        status: status(
          'status: "False", reason: NotAllowedByListeners',
          "name: public, namespace: edge, sectionName: https",
        ),
      }) + open,
      { state: "attached", saidBy: "computed" },
    ],
  ])("when %s", (_, yaml, expected) => {
    expect(attachment(yaml)).toMatchObject(expected);
  });

  it("takes status' word where the Gateway was not read", () => {
    expect(attachment(route({ status: accepted }), "dump")).toMatchObject({
      state: "attached",
      saidBy: "status",
    });
    expect(attachment(route({ status: refused }), "dump")).toMatchObject({
      state: "rejected",
      saidBy: "status",
    });
  });
});
