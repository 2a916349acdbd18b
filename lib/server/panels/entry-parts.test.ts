import { describe, expect, it } from "vitest";
import type { Facts } from "#lib/engine/facts.ts";
import { objectId, parseObjectId } from "#lib/model/ids.ts";
import { type ObjectPanel, objectPanelSchema } from "#lib/protocol/panel.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { objectPanel } from "./object-panel.ts";

const yaml = (...parts: readonly string[]) => parts.join("\n---\n");

function panelIn(facts: Facts, id: string): ObjectPanel {
  const ref = parseObjectId(id);
  const panel = ref && objectPanel(facts, [], objectId(ref.kind, ref.namespace, ref.name));
  if (panel === undefined) throw new Error(`there is no ${id}`);
  expect(objectPanelSchema.parse(JSON.parse(JSON.stringify(panel)))).toEqual(panel);
  return panel;
}

const panelOf = (id: string, ...parts: readonly string[]) => panelIn(factsFromYaml(yaml(...parts)), id);
const valueIn = (panel: ObjectPanel, label: string) =>
  panel.facts.find((fact) => fact.label === label)?.value;
const rowsOf = (panel: ObjectPanel) => panel.related.map(({ id, relation }) => `${id} ${relation}`);

const service = `{kind: Service, apiVersion: v1, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}`;
const pod = `{kind: Pod, apiVersion: v1, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {containers: [{name: c}]}, status: {phase: Running, podIPs: [{ip: 10.0.0.1}], conditions: [{type: Ready, status: "True"}]}}`;

describe("the panel of an Ingress", () => {
  const ingress = (spec: string) =>
    `{kind: Ingress, apiVersion: networking.k8s.io/v1, metadata: {name: front, namespace: shop}, spec: {${spec}}, status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}}`;
  const ingressClass = (name: string, isDefault = false) =>
    `{kind: IngressClass, apiVersion: networking.k8s.io/v1, metadata: {name: ${name}, annotations: {ingressclass.kubernetes.io/is-default-class: "${isDefault}"}}, spec: {controller: example.com/c}}`;
  const rules =
    "rules: [{host: a.example.com, http: {paths: [{path: /x, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}, {path: /y, pathType: Prefix, backend: {service: {name: wbe, port: {number: 80}}}}]}}]";

  it("names hosts, class, certificates, addresses and each backend with what is wrong", () => {
    const panel = panelOf(
      "ingress/shop/front",
      ingressClass("nginx"),
      ingress(`ingressClassName: nginx, tls: [{secretName: s, hosts: [a.example.com]}], ${rules}`),
      service,
      pod,
    );
    expect(panel).toMatchObject({ kind: "Ingress", health: "partial" });
    expect(panel.facts).toMatchObject([
      { label: "hosts", value: "a.example.com" },
      { label: "class", value: "nginx" },
      { label: "TLS", value: "s for a.example.com" },
      { label: "certificate", value: "s: there is no such Secret", tone: "broken" },
      { label: "addresses", value: "203.0.113.7" },
    ]);
    expect(panel.related).toMatchObject([
      { id: "ingress-class/nginx", relation: "its class" },
      { id: "service/shop/web", relation: "a.example.com/x → port 80", health: "ok" },
      {
        id: "service/shop/wbe",
        health: "broken",
        note: "Service wbe does not exist in shop. there is a Service web in shop",
      },
    ]);
  });

  it.each([
    ["the one that is the default", [ingressClass("nginx", true)], "", "nginx (the default)", undefined],
    [
      "none that exists",
      [ingressClass("nginx")],
      "ingressClassName: traefik, ",
      "traefik: there is no such IngressClass",
      "broken",
    ],
    [
      "none, without a default",
      [ingressClass("nginx")],
      "",
      "none named, and no class is the default",
      "partial",
    ],
    [
      "none, with two defaults",
      [ingressClass("a", true), ingressClass("b", true)],
      "",
      "none named, and several are the default: a, b",
      "partial",
    ],
  ])("says that its class is %s", (_what, classes, named, value, tone) => {
    const panel = panelOf("ingress/shop/front", ...classes, ingress(`${named}${rules}`), service, pod);
    expect(panel.facts.find(({ label }) => label === "class")).toEqual({ label: "class", value, tone });
  });

  it("does not judge the class where classes were not read", () => {
    const facts = factsFromYaml(yaml(ingress(`ingressClassName: nginx, ${rules}`), service), "dump");
    expect(panelIn(facts, "ingress/shop/front").facts).toContainEqual(
      expect.objectContaining({ label: "class", tone: "unknown" }),
    );
  });

  it("is listed by its class", () => {
    const parts = [ingressClass("nginx"), ingress(`ingressClassName: nginx, ${rules}`), service, pod];
    expect(panelOf("ingress-class/nginx", ...parts)).toMatchObject({
      sentence: "1 Ingress uses it",
      related: [{ id: "ingress/shop/front" }],
    });
    expect(panelIn(factsFromYaml(ingressClass("nginx"), "dump"), "ingress-class/nginx").sentence).toBe(
      "Ingresses could not be read, so which use it is not known",
    );
  });
});

describe("the panels of Gateway API", () => {
  const v1 = "apiVersion: gateway.networking.k8s.io/v1";
  const gatewayClass = (status: string) =>
    `{kind: GatewayClass, ${v1}, metadata: {name: envoy}, spec: {controllerName: example.com/c}, status: {conditions: [${status}]}}`;
  const accepted = gatewayClass(`{type: Accepted, status: "True"}`);
  const gateway = `{kind: Gateway, ${v1}, metadata: {name: gw, namespace: edge}, spec: {gatewayClassName: envoy, listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {public: "yes"}}}}}, {name: tls, port: 443, protocol: HTTPS, hostname: "*.example.com"}]}, status: {addresses: [{type: IPAddress, value: 203.0.113.9}]}}`;
  const namespace = (name: string, labels = "") =>
    `{kind: Namespace, apiVersion: v1, metadata: {name: ${name}, labels: {${labels}}}}`;
  const route = (parents: string, status = "") =>
    `{kind: HTTPRoute, ${v1}, metadata: {name: r, namespace: shop}, spec: {parentRefs: [${parents}], hostnames: [a.example.com], rules: [{matches: [{path: {type: PathPrefix, value: /x}}], backendRefs: [{name: web, port: 80}]}]}${status}}`;
  const toGateway = "{name: gw, namespace: edge}";
  const base = [accepted, gateway, namespace("edge"), service, pod];

  it("lists a Gateway's listeners and its routes, attached and refused", () => {
    const refused = panelOf("gateway/edge/gw", ...base, namespace("shop"), route(toGateway));
    expect(refused.facts).toMatchObject([
      { label: "class", value: "envoy" },
      { label: "addresses", value: "203.0.113.9" },
      { label: "listener http", value: "HTTP 80, any host, routes from selected namespaces" },
      { label: "listener tls", value: "HTTPS 443, *.example.com, routes from its own namespace" },
    ]);
    expect(refused.related.at(-1)).toMatchObject({
      id: "http-route/shop/r",
      relation: "not attached: NotAllowedByListeners",
      health: "broken",
      note: expect.stringContaining("not attached to Gateway edge/gw"),
    });
    const attached = panelOf(
      "gateway/edge/gw",
      ...base,
      namespace("shop", 'public: "yes"'),
      route(toGateway),
    );
    expect(attached.related.at(-1)).toMatchObject({ relation: "attached to http", health: "ok" });
  });

  it("says why a route is not attached, and what would admit it", () => {
    const panel = panelOf(
      "http-route/shop/r",
      ...base,
      namespace("shop"),
      route(`${toGateway}, {name: nope, namespace: edge}`),
    );
    expect(panel).toMatchObject({ kind: "HTTPRoute", health: "broken" });
    expect(valueIn(panel, "spec.parentRefs[0]")).toContain("public=yes");
    expect(rowsOf(panel)).toEqual([
      "gateway/edge/gw not attached: NotAllowedByListeners",
      "gateway/edge/nope named as its parent, does not exist",
      "service/shop/web a.example.com/x → port 80",
    ]);
  });

  it("does not judge an attachment to a Gateway that was not read", () => {
    const panel = panelIn(factsFromYaml(yaml(route(toGateway), service), "dump"), "http-route/shop/r");
    expect(rowsOf(panel)[0]).toBe("gateway/edge/gw named as its parent; whether it is attached is not known");
    expect(panel.facts).toContainEqual(
      expect.objectContaining({ label: "spec.parentRefs[0]", tone: "unknown" }),
    );
  });

  it("tells conditions of two listeners of one Gateway apart", () => {
    const parent = (section: string) =>
      `{parentRef: {name: gw, namespace: edge, sectionName: ${section}}, controllerName: c, conditions: [{type: Accepted, status: "True"}]}`;
    const status = `, status: {parents: [${parent("http")}, ${parent("tls")}]}`;
    const panel = panelOf("http-route/shop/r", ...base, namespace("shop"), route(toGateway, status));
    expect(panel.conditions.map(({ type }) => type)).toEqual([
      "edge/gw/http: Accepted",
      "edge/gw/tls: Accepted",
    ]);
  });

  it("says that a Gateway's class does not exist, unless classes were not read", () => {
    expect(panelOf("gateway/edge/gw", gateway).facts[0]).toEqual({
      label: "class",
      value: "envoy: there is no such GatewayClass",
      tone: "broken",
    });
    expect(panelIn(factsFromYaml(gateway, "dump"), "gateway/edge/gw").facts[0]).toEqual({
      label: "class",
      value: "envoy",
    });
  });

  it.each([
    ["accepted", `{type: Accepted, status: "True"}`, "ok", "Accepted by its controller"],
    [
      "refused",
      `{type: Accepted, status: "False", reason: InvalidParameters, message: no such parameters}`,
      "broken",
      "Not accepted: InvalidParameters: no such parameters",
    ],
    [
      "waiting, as the API server writes it",
      `{type: Accepted, status: "Unknown", reason: Pending}`,
      "unknown",
      "No controller has reported on it",
    ],
    ["without status", "", "unknown", "No controller has reported on it"],
  ])("says how a GatewayClass is: %s", (_what, condition, health, sentence) => {
    expect(panelOf("gateway-class/envoy", gatewayClass(condition), gateway)).toMatchObject({
      health,
      sentence,
      related: [{ id: "gateway/edge/gw" }],
    });
  });

  it("ties a ListenerSet to its Gateway and its routes", () => {
    const set = (parent: string, status = "") =>
      `{kind: ListenerSet, ${v1}, metadata: {name: more, namespace: edge}, spec: {parentRef: {name: ${parent}}, listeners: [{name: extra, port: 8443, protocol: HTTPS}]}${status}}`;
    const parts = [
      ...base,
      namespace("shop", 'public: "yes"'),
      route("{kind: ListenerSet, group: gateway.networking.k8s.io, name: more, namespace: edge}"),
    ];
    const panel = panelOf("listener-set/edge/more", ...parts, set("gw"));
    expect(panel).toMatchObject({ health: "ok", sentence: "1 listener for Gateway edge/gw" });
    expect(panel.related.map(({ id }) => id)).toEqual(["gateway/edge/gw", "http-route/shop/r"]);
    expect(panelOf("gateway/edge/gw", ...parts, set("gw")).related.map(({ id }) => id)).toEqual([
      "gateway-class/envoy",
      "listener-set/edge/more",
      "http-route/shop/r",
    ]);
    expect(panelOf("listener-set/edge/more", ...parts, set("nope"))).toMatchObject({
      health: "broken",
      sentence: "1 listener for Gateway edge/nope, which does not exist",
    });
    const status = `, status: {conditions: [{type: Accepted, status: "False", reason: NotAllowed}]}`;
    expect(panelOf("listener-set/edge/more", ...parts, set("gw", status))).toMatchObject({
      health: "broken",
      sentence: "1 listener for Gateway edge/gw, which does not take them: NotAllowed",
    });
  });

  it("reads a ReferenceGrant as a sentence", () => {
    const grant = `{kind: ReferenceGrant, apiVersion: gateway.networking.k8s.io/v1beta1, metadata: {name: g, namespace: shop}, spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}], to: [{group: "", kind: Service, name: web}, {group: "", kind: Secret}]}}`;
    expect(panelOf("reference-grant/shop/g", grant, service)).toMatchObject({
      sentence: "Lets HTTPRoute of edge refer to Service web and every Secret of shop",
      related: [{ id: "service/shop/web", relation: "may be referred to" }],
    });
  });
});
