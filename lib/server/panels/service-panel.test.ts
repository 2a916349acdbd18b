import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { objectId } from "#lib/model/ids.ts";
import { type ServicePanel, servicePanelSchema } from "#lib/protocol/panel.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { servicePanel } from "./service-panel.ts";

function panelIn(facts: Facts, name = "web"): ServicePanel {
  const panel = servicePanel(facts, [], objectId("service", "shop", name));
  if (panel === undefined) throw new Error(`there is no Service ${name}`);
  expect(servicePanelSchema.parse(JSON.parse(JSON.stringify(panel)))).toEqual(panel);
  return panel;
}

const panelOf = (...parts: readonly string[]) => panelIn(factsFromYaml(parts.join("\n---\n")));

const service = (spec: string, status = "{}") => `kind: Service
apiVersion: v1
metadata: {name: web, namespace: shop}
spec: {${spec}}
status: ${status}`;
const plain = service("selector: {app: web}, ports: [{port: 80, targetPort: http}], clusterIP: 10.96.0.1");

function pod(
  name: string,
  { labels = "app: web", ready = true, port = 8080, ip = "10.0.0.1", spec = "" } = {},
): string {
  return `kind: Pod
apiVersion: v1
metadata: {name: ${name}, namespace: shop, labels: {${labels}}}
spec: {nodeName: n1, ${spec}containers: [{name: web, ports: [{name: http, containerPort: ${port}}]}]}
status: {phase: Running, podIPs: [{ip: ${ip}}], conditions: [{type: Ready, status: "${ready ? "True" : "False"}", lastTransitionTime: "2026-01-01T00:00:00Z"}]}`;
}

const ready = pod("web-0");
const failing = pod("web-1", { ready: false, ip: "10.0.0.2" });

describe("the panel of a Service", () => {
  it("sums up a healthy one", () => {
    const panel = panelOf(plain, ready);
    expect(panel).toMatchObject({
      kind: "Service",
      type: "ClusterIP",
      health: "ok",
      sentence: "1 endpoint serves port 80 (→ 8080)",
      addresses: [{ label: "cluster IP", value: "10.96.0.1" }],
      facts: [],
      ready: 1,
      total: 1,
      selector: {
        backing: "selector",
        pods: 1,
        labels: { app: "web" },
        workloads: [{ id: "pod/shop/web-0", pods: 1 }],
      },
      ports: [
        {
          port: 80,
          targetPort: "http",
          health: "ok",
          targets: [{ number: 8080, container: "web", pods: 1 }],
        },
      ],
      comesIn: [],
      breaks: [],
      questions: [{ words: "Trace to it", to: "shop/service/web" }],
    });
    expect(panel.dnsNames[0]).toBe("web.shop.svc.cluster.local");
    expect(panel.kubectl.split("\n")).toEqual([
      "kubectl -n shop describe service web",
      "kubectl -n shop get endpointslices -l kubernetes.io/service-name=web -o yaml",
      "kubectl -n shop get pods -l app=web -o wide",
    ]);
  });

  it("puts endpoints that take no traffic first, each with its reason", () => {
    const panel = panelOf(plain, ready, failing);
    expect(panel).toMatchObject({ health: "partial", ready: 1, total: 2 });
    expect(
      panel.endpoints.map(({ podName, ready: isReady, reasons }) => [podName, isReady, reasons.length]),
    ).toEqual([
      ["web-1", false, 1],
      ["web-0", true, 0],
    ]);
  });

  it("shows which label of the nearest pods differs, and theirs beside it", () => {
    const panel = panelOf(
      service("selector: {app: web, tier: front}, ports: [{port: 80}]"),
      pod("web-0", { labels: "app: webb, tier: front, other: x" }),
    );
    expect(panel.selector).toMatchObject({
      pods: 0,
      workloads: [],
      nearMiss: {
        workload: "pod/shop/web-0",
        differs: [{ key: "app", wanted: "web", actual: "webb" }],
        labels: { app: "webb", tier: "front" },
      },
    });
  });

  it("knows an ExternalName as a name only, whose selector counts for nothing", () => {
    const panel = panelOf(service("type: ExternalName, externalName: db.example.com"));
    expect(panel).toMatchObject({
      type: "ExternalName",
      health: "ok",
      addresses: [{ label: "alias of", value: "db.example.com" }],
      selector: { backing: "external-name", workloads: [] },
      endpoints: [],
      ports: [],
      kubectl: "kubectl -n shop describe service web",
    });
  });

  it("knows a headless one", () => {
    const panel = panelOf(
      service("clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]"),
      ready,
    );
    expect(panel).toMatchObject({ type: "headless", addresses: [], health: "ok" });
  });

  it("names the settings that explain a surprise, and only those", () => {
    const panel = panelOf(
      service(
        "type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}], internalTrafficPolicy: Local, externalTrafficPolicy: Local, publishNotReadyAddresses: true, sessionAffinity: ClientIP, ipFamilies: [IPv4, IPv6], externalIPs: [192.0.2.7]",
      ),
      ready,
    );
    expect(panel.facts.map(({ label }) => label)).toEqual([
      "internal traffic",
      "external traffic",
      "not-ready addresses",
      "session affinity",
      "IP families",
    ]);
    expect(panel.addresses).toContainEqual({ label: "external IP", value: "192.0.2.7" });
  });

  it("says that nothing is known of pods where they could not be read", () => {
    const panel = panelIn(factsFromYaml(plain, "dump"));
    expect(panel).toMatchObject({ health: "unknown", endpointSource: "not known" });
    expect(panel.selector.pods).toBeUndefined();
  });

  it("counts a template as its pods, in manifests", () => {
    const panel = panelIn(
      factsFromYaml(
        `${plain}
---
{kind: Deployment, apiVersion: apps/v1, metadata: {name: web, namespace: shop}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}}`,
        "manifests",
      ),
    );
    expect(panel).toMatchObject({
      health: "ok",
      total: 3,
      endpointSource: "computed from selector and pods",
      selector: { pods: 3, workloads: [{ id: "deployment/shop/web", kind: "Deployment", pods: 3 }] },
      origin: "test.yaml:1",
    });
  });

  it("quotes what a file may have as a name or label for the shell", () => {
    const snapshot = snapshotFromYaml(plain);
    const services = snapshot.objects.services?.map((one) => ({
      ...one,
      name: "$(id)",
      selector: { app: "a b" },
    }));
    const facts = compileFacts(
      { ...snapshot, objects: { ...snapshot.objects, services } },
      "2026-01-01T00:00:00Z",
    );
    expect(panelIn(facts).kubectl).toContain("kubectl -n shop describe service '$(id)'");
    expect(panelIn(facts).kubectl).toContain("-l 'app=a b'");
  });

  it("is absent for what is not there", () => {
    expect(servicePanel(factsFromYaml(plain), [], objectId("service", "shop", "other"))).toBeUndefined();
  });
});

describe("hand-written endpoints", () => {
  const bare = service("ports: [{port: 80}]");
  const slice = (endpoints: string, port = 8080) =>
    `{kind: EndpointSlice, apiVersion: discovery.k8s.io/v1, metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: "", port: ${port}}], endpoints: [${endpoints}]}`;

  it("outside the cluster are listed by their addresses", () => {
    expect(panelOf(bare, slice("{addresses: [198.51.100.7]}"))).toMatchObject({
      selector: { backing: "manual", labels: {}, pods: 0 },
      endpoints: [{ key: expect.any(String), addresses: ["198.51.100.7"], ready: true }],
    });
  });

  it("that are pods lead to these, on the port that the slice says", () => {
    const target = "{addresses: [10.0.0.1], targetRef: {kind: Pod, namespace: shop, name: web-0}}";
    expect(panelOf(bare, slice(target), ready)).toMatchObject({
      endpoints: [{ pod: "pod/shop/web-0", podName: "web-0", addresses: ["10.0.0.1"] }],
      ports: [{ port: 80, targets: [{ number: 8080, pods: 1 }] }],
    });
  });
});

describe("who comes in", () => {
  const ingress = (spec: string) =>
    `{kind: Ingress, apiVersion: networking.k8s.io/v1, metadata: {name: front, namespace: shop}, spec: {${spec}}}`;
  const nginx =
    "{kind: IngressClass, apiVersion: networking.k8s.io/v1, metadata: {name: nginx}, spec: {controller: c}}";
  const path = (value: string, port = 80, name = "web") =>
    `{path: ${value}, pathType: Prefix, backend: {service: {name: ${name}, port: {number: ${port}}}}}`;
  const rule = (paths: string) => `rules: [{host: a.example.com, http: {paths: [${paths}]}}]`;

  it("names each rule of an Ingress that leads here", () => {
    const spec = `ingressClassName: nginx, defaultBackend: {service: {name: web, port: {number: 80}}}, ${rule(`${path("/cart")}, ${path("/api", 80, "other")}`)}`;
    expect(panelOf(plain, ready, nginx, ingress(spec)).comesIn).toMatchObject([
      { id: "ingress/shop/front", relation: "Ingress · a.example.com/cart → port 80", health: "ok" },
      { id: "ingress/shop/front", relation: "Ingress · any host, everything else → port 80", health: "ok" },
    ]);
  });

  it("says that an Ingress without a class that exists brings nobody", () => {
    const rows = panelOf(
      plain,
      ready,
      nginx,
      ingress(`ingressClassName: traefik, ${rule(path("/"))}`),
    ).comesIn;
    expect(rows).toMatchObject([{ health: "broken", note: "class traefik: there is no such IngressClass" }]);
    const unnamed = panelOf(plain, ready, nginx, ingress(rule(path("/")))).comesIn;
    expect(unnamed).toMatchObject([
      { health: "partial", note: "class none named, and no class is the default" },
    ]);
  });

  it("says that an Ingress asks for a port that the Service lacks", () => {
    const rows = panelOf(
      plain,
      ready,
      nginx,
      ingress(`ingressClassName: nginx, ${rule(path("/", 8080))}`),
    ).comesIn;
    expect(rows).toMatchObject([{ health: "broken", note: "Service web has no port 8080" }]);
  });

  it("lists what breaks with it once, with the worst of its rules, and nothing while it is healthy", () => {
    const two = ingress(`ingressClassName: nginx, ${rule(`${path("/b")}, ${path("/a")}`)}`);
    expect(panelOf(plain, failing, nginx, two).breaks).toMatchObject([
      { id: "ingress/shop/front", relation: "a.example.com/b", health: "broken" },
    ]);
    expect(panelOf(plain, ready, failing, nginx, two).breaks).toMatchObject([{ health: "partial" }]);
    expect(panelOf(plain, ready, nginx, two).breaks).toEqual([]);
  });

  it("says that a route which is not attached brings nobody", () => {
    const gateway = `{kind: Gateway, apiVersion: gateway.networking.k8s.io/v1, metadata: {name: gw, namespace: shop}, spec: {gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP, hostname: b.example.com}]}}`;
    const route = (parents: string) =>
      `{kind: HTTPRoute, apiVersion: gateway.networking.k8s.io/v1, metadata: {name: r, namespace: shop}, spec: {parentRefs: [${parents}], hostnames: [a.example.com], rules: [{backendRefs: [{name: web, port: 80}]}]}}`;
    expect(panelOf(plain, ready, gateway, route("{name: gw}")).comesIn).toMatchObject([
      {
        id: "http-route/shop/r",
        relation: "HTTPRoute · a.example.com /",
        health: "broken",
        note: expect.stringContaining("not attached"),
      },
    ]);
    expect(
      panelOf(plain, ready, gateway.replace("b.example", "a.example"), route("{name: gw}, {name: nope}"))
        .comesIn,
    ).toMatchObject([{ health: "partial", note: expect.stringContaining("nope") }]);
  });

  it.each([
    [
      "a load balancer with its address",
      service(
        "type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http, nodePort: 30080}]",
        "{loadBalancer: {ingress: [{ip: 203.0.113.7}]}}",
      ),
      { relation: "load balancer 203.0.113.7", health: "ok" },
    ],
    [
      "a load balancer that waits for one",
      service(
        "type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]",
        "{loadBalancer: {}}",
      ),
      {
        relation: "load balancer without an address",
        health: "broken",
        note: expect.stringContaining("no event tells why"),
      },
    ],
    [
      "a node port",
      service("type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http, nodePort: 30080}]"),
      { relation: "node port 30080", health: "ok" },
    ],
    [
      "a node port not yet assigned",
      service("type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http}]"),
      { relation: "node port not assigned yet", health: "ok" },
    ],
  ])("names %s", (_what, yaml, row) => {
    expect(panelOf(yaml, ready).comesIn).toMatchObject([{ id: "internet", ...row }]);
  });

  it("claims no address of a load balancer in manifests", () => {
    const yaml = service("type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]");
    expect(panelIn(factsFromYaml(yaml, "manifests")).comesIn).toMatchObject([
      { relation: "load balancer", health: "ok" },
    ]);
  });
});
