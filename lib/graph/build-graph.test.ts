import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Finding } from "#lib/model/finding.ts";
import type { Graph, GraphEdge, GraphNode } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { buildGraph } from "./build-graph.ts";
import { withPods } from "./workload-pods.ts";

type Given = Parameters<typeof factsFromYaml>[1];

function graphOf(yaml: string, as: Given = "cluster", findings: readonly Finding[] = []): Graph {
  return withPods(buildGraph(factsFromYaml(yaml, as), findings));
}

function node(graph: Graph, id: string): GraphNode | undefined {
  return graph.nodes.find((one) => one.id === id);
}

function edge(graph: Graph, source: string, target: string): GraphEdge | undefined {
  return graph.edges.find((one) => one.source === source && one.target === target);
}

const service = (name: string, spec: string, status = "") => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
${status}
---`;

const deployment = (name: string, replicas: number, label = name) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${label} } }
  template:
    metadata: { labels: { app: ${label} } }
    spec: { containers: [{ name: main, image: "example.com/main:1", ports: [{ name: http, containerPort: 8080 }] }] }
---`;

/** A pod of a StatefulSet, so that no ReplicaSet is needed between. */
const pod = (owner: string, at: number, ready: boolean) => `
apiVersion: v1
kind: Pod
metadata:
  name: ${owner}-${at}
  namespace: shop
  labels: { app: ${owner} }
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: ${owner}, uid: u, controller: true }]
spec: { containers: [{ name: main, image: "example.com/main:1", ports: [{ name: http, containerPort: 8080 }] }] }
status:
  phase: Running
  podIP: 10.0.0.${at + 1}
  conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }]
---`;

const statefulSet = (name: string, ready: readonly boolean[]) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: ${ready.length}
  serviceName: ${name}
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main, image: "example.com/main:1" }] } }
---${ready.map((one, at) => pod(name, at, one)).join("")}`;

const ingressClass = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---`;

const ingress = (
  name: string,
  paths: readonly (readonly [host: string, service: string, port: number])[],
  more = "",
) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop }
spec:
  ingressClassName: nginx
  ${more}
  rules:
${paths
  .map(
    ([host, backend, port]) => `
    - host: ${host}
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${backend}, port: { number: ${port} } } } }] }`,
  )
  .join("")}
---`;

describe("a Service's card", () => {
  const ports = "ports: [{ port: 80, targetPort: 8080 }]";
  it.each([
    [
      "its port and how many endpoints are ready",
      service("web", `{ selector: { app: web }, ${ports} }`),
      ":80 → 8080 · 2 of 3 ready",
      "partial",
    ],
    [
      "one port where both numbers are the same",
      service("web", "{ selector: { app: web }, ports: [{ port: 8080 }] }"),
      ":8080 · 2 of 3 ready",
      "partial",
    ],
    [
      "the protocol unless it is TCP, and how many more ports",
      service(
        "web",
        "{ selector: { app: web }, ports: [{ name: a, port: 53, protocol: UDP, targetPort: 5353 }, { name: b, port: 54 }] }",
      ),
      ":53/UDP → 5353 +1 · 2 of 3 ready",
      "partial",
    ],
    [
      "that it is headless",
      service("web", `{ clusterIP: None, selector: { app: web }, ${ports} }`),
      "headless · 2 of 3 ready",
      "partial",
    ],
    [
      "the label that nobody carries",
      service("web", `{ selector: { app: wob }, ${ports} }`),
      "selects no pod · app=wob?",
      "broken",
    ],
    [
      "where an ExternalName points",
      service("web", "{ type: ExternalName, externalName: db.example.com }"),
      "ExternalName · db.example.com",
      "ok",
    ],
    [
      "a target port that no container declares",
      service("web", "{ selector: { app: web }, ports: [{ port: 80, targetPort: grpc }] }"),
      ":80 → grpc · no such container port",
      "broken",
    ],
    [
      "that a load balancer has no address yet",
      service(
        "web",
        `{ type: LoadBalancer, selector: { app: web }, ${ports} }`,
        "status: { loadBalancer: {} }",
      ),
      ":80 → 8080 · no address yet · 2 of 3 ready",
      "partial",
    ],
  ])("tells %s", (_, yaml, line, health) => {
    const graph = graphOf(yaml + statefulSet("web", [true, false, true]));
    expect(node(graph, "service/shop/web")).toMatchObject({
      line,
      health,
      lane: "service",
      namespace: "shop",
    });
  });

  it("says 3 of 3 when all is well", () => {
    const graph = graphOf(
      service("web", `{ selector: { app: web }, ${ports} }`) + statefulSet("web", [true, true, true]),
    );
    expect(node(graph, "service/shop/web")).toMatchObject({
      line: ":80 → 8080 · 3 of 3",
      health: "ok",
      pods: { ready: 3, total: 3 },
    });
  });
});

describe("a workload's card", () => {
  it.each([
    [[true, true], "StatefulSet · 2 pods", "ok"],
    [[true], "StatefulSet · 1 pod", "ok"],
    [[true, false, false], "1 of 3 ready", "partial"],
    [[false], "0 of 1 ready", "broken"],
    [[], "StatefulSet · scaled to 0", "idle"],
  ])("of pods ready %j says %s", (ready, line, health) => {
    expect(node(graphOf(statefulSet("db", ready)), "stateful-set/shop/db")).toMatchObject({
      line,
      health,
      lane: "workload",
    });
  });

  it("stands for a pod that nothing owns", () => {
    const bare = pod("db", 0, true).replace(/ {2}ownerReferences.*\n/, "");
    const graph = graphOf(bare + service("db", "{ selector: { app: db }, ports: [{ port: 80 }] }"));
    expect(node(graph, "pod/shop/db-0")).toMatchObject({
      kind: "pod",
      lane: "workload",
      line: "Pod · 10.0.0.1",
    });
    expect(edge(graph, "service/shop/db", "pod/shop/db-0")).toMatchObject({
      kind: "service-selects-pod",
      health: "ok",
    });
  });

  it("says in which directions policies isolate it", () => {
    const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
---`;
    expect(node(graphOf(policy + statefulSet("db", [true])), "stateful-set/shop/db")?.isolated).toEqual([
      "ingress",
    ]);
  });
});

describe("an edge from a Service", () => {
  const web = service("web", "{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }");

  it("says why it exists", () => {
    const graph = graphOf(web + statefulSet("web", [true]));
    expect(edge(graph, "service/shop/web", "stateful-set/shop/web")).toMatchObject({
      kind: "service-selects-workload",
      health: "ok",
      note: "",
      count: 1,
      because: { object: "service/shop/web", path: "spec.selector", value: "app=web" },
    });
  });

  it.each([
    [[true, false], "partial", /^1 of 2 endpoints are ready/],
    [[false, false], "broken", /^None of 2 endpoints is ready/],
    [[false], "broken", /^Its only endpoint is not ready/],
    [[], "idle", /^No pod to send to: scaled to 0/],
  ])("to pods ready %j is %s", (ready, health, note) => {
    const found = edge(graphOf(web + statefulSet("web", ready)), "service/shop/web", "stateful-set/shop/web");
    expect(found?.health).toBe(health);
    expect(found?.note).toMatch(note);
  });

  it("leads, broken, to the workload that it nearly selects", () => {
    const graph = graphOf(
      service("email", "{ selector: { app: emails }, ports: [{ port: 80 }] }") + deployment("email", 1),
      "manifests",
    );
    const found = edge(graph, "service/shop/email", "deployment/shop/email");
    expect(found).toMatchObject({
      health: "broken",
      because: { path: "spec.selector", value: "app=emails" },
    });
    expect(found?.note).toContain("app=email");
    expect(node(graph, "deployment/shop/email")?.line).toBe("Deployment · app=email");
  });

  it("is broken where no container declares the target port's name", () => {
    const named = service("web", "{ selector: { app: web }, ports: [{ port: 80, targetPort: grpc }] }");
    const found = edge(
      graphOf(named + statefulSet("web", [true])),
      "service/shop/web",
      "stateful-set/shop/web",
    );
    expect(found).toMatchObject({ health: "broken", note: "Port 80 → grpc, a name that no pod declares" });
  });

  it("is partial where a pod on its way out, of an older template, does not declare the port's name", () => {
    const old = pod("web", 1, true)
      .replace("name: http", "name: old")
      .replace("ownerReferences", "deletionTimestamp: 2026-01-01T00:00:00Z\n  ownerReferences");
    const named = service("web", "{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }");
    const graph = graphOf(`${named}${statefulSet("web", [true])}${old}`);
    expect(edge(graph, "service/shop/web", "stateful-set/shop/web")?.health).toBe("partial");
  });

  it("cannot tell where pods and EndpointSlices were not read, and follows the template", () => {
    const graph = graphOf(web + deployment("web", 2), "dump");
    expect(edge(graph, "service/shop/web", "deployment/shop/web")?.health).toBe("unknown");
    expect(node(graph, "service/shop/web")?.health).toBe("unknown");
  });

  it("leads outside for an ExternalName and for a hand-written address that no pod has", () => {
    const slice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: legacy-1, namespace: shop, labels: { kubernetes.io/service-name: legacy } }
addressType: IPv4
ports: [{ port: 5432, protocol: TCP }]
endpoints: [{ addresses: [192.0.2.7], conditions: { ready: true } }]
---`;
    const graph = graphOf(
      service("db", "{ type: ExternalName, externalName: db.example.com }") +
        service("legacy", "{ ports: [{ port: 5432 }] }") +
        slice,
    );
    expect(edge(graph, "service/shop/db", "external/db.example.com")).toMatchObject({
      kind: "service-points-outside",
      health: "ok",
    });
    expect(edge(graph, "service/shop/legacy", "external/192.0.2.7")).toMatchObject({
      health: "ok",
      because: { object: "endpoint-slice/shop/legacy-1", path: "endpoints", value: "192.0.2.7" },
    });
    expect(node(graph, "external/192.0.2.7")).toMatchObject({
      lane: "outside",
      line: "written by hand",
    });
  });
});

describe("a way in", () => {
  const web =
    service("web", "{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }") +
    deployment("web", 1);

  it("is named by its host and says its class and TLS", () => {
    const tls = "tls: [{ hosts: [shop.example.com], secretName: shop-tls }]";
    const graph = graphOf(
      ingressClass +
        web +
        ingress(
          "www",
          [
            ["shop.example.com", "web", 80],
            ["b.example.com", "web", 80],
          ],
          tls,
        ),
      "manifests",
    );
    expect(node(graph, "ingress/shop/www")).toMatchObject({
      name: "shop.example.com +1",
      line: "Ingress www · nginx · TLS",
      health: "ok",
    });
    expect(edge(graph, "internet", "ingress/shop/www")).toMatchObject({
      kind: "internet-reaches-ingress",
      health: "ok",
    });
    expect(edge(graph, "ingress/shop/www", "service/shop/web")).toMatchObject({ health: "ok", note: "" });
    expect(node(graph, "internet")?.line).toBe("1 way in");
  });

  it("leads to a Service that is missing, as a broken card", () => {
    const graph = graphOf(
      ingressClass + web + ingress("admin", [["admin.example.com", "adminservice", 80]]),
      "manifests",
    );
    expect(node(graph, "ingress/shop/admin")).toMatchObject({
      line: "Ingress · Service missing",
      health: "broken",
    });
    expect(node(graph, "service/shop/adminservice")).toMatchObject({
      missing: true,
      health: "broken",
      line: "no such Service",
      lane: "service",
    });
    expect(edge(graph, "ingress/shop/admin", "service/shop/adminservice")).toMatchObject({
      health: "broken",
      because: {
        object: "ingress/shop/admin",
        path: "spec.rules[0].http.paths[0].backend",
        value: "adminservice:80",
      },
    });
  });

  it("is partly broken towards a Service that only some of its paths reach", () => {
    const graph = graphOf(
      ingressClass +
        web +
        ingress("www", [
          ["a.example.com", "web", 80],
          ["b.example.com", "web", 81],
        ]),
      "manifests",
    );
    const found = edge(graph, "ingress/shop/www", "service/shop/web");
    expect(found?.health).toBe("partial");
    expect(found?.note).toMatch(/^On 1 of 2 paths: /);
  });

  it("is broken from the internet on where its class does not exist", () => {
    const other = ingressClass.replace("name: nginx", "name: traefik");
    const graph = graphOf(other + web + ingress("www", [["a.example.com", "web", 80]]));
    expect(edge(graph, "internet", "ingress/shop/www")).toMatchObject({
      health: "broken",
      because: { path: "spec.ingressClassName", value: "nginx" },
    });
    expect(node(graph, "ingress/shop/www")?.line).toBe("Ingress · no class nginx");
  });

  it.each([
    [
      "a node port",
      "{ type: NodePort, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }",
      "",
      "ok",
      "Open on port 30080 of every node",
    ],
    [
      "a load balancer with an address",
      "{ type: LoadBalancer, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }",
      "status: { loadBalancer: { ingress: [{ ip: 192.0.2.1 }] } }",
      "ok",
      "",
    ],
    [
      "a load balancer without one, over node ports",
      "{ type: LoadBalancer, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }",
      "status: { loadBalancer: {} }",
      "partial",
      "No load balancer address, only the nodes' port 30080: ",
    ],
    [
      "a load balancer without one, without node ports",
      "{ type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }",
      "status: { loadBalancer: {} }",
      "broken",
      "No load balancer address: ",
    ],
  ])("reaches a Service by %s", (_, spec, status, health, note) => {
    const graph = graphOf(service("web", spec, status) + statefulSet("web", [true]));
    const found = edge(graph, "internet", "service/shop/web");
    expect(found).toMatchObject({ kind: "internet-reaches-service", health });
    expect(found?.note.startsWith(note)).toBe(true);
  });

  it("is not drawn where nothing is exposed", () => {
    expect(node(graphOf(web, "manifests"), "internet")).toBeUndefined();
  });
});

describe("routes and Gateways", () => {
  const gateway = `
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
  listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Same } } }]
---`;
  const route = (namespace: string, parent: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: www, namespace: ${namespace} }
spec:
  hostnames: [www.example.com]
  parentRefs: [{ name: ${parent}, namespace: shop }]
  rules: [{ backendRefs: [{ name: web, port: 80 }] }]
---`;
  const web =
    service("web", "{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }") +
    deployment("web", 1);

  it("draw the way from the internet through the Gateway and the route to the Service", () => {
    const graph = graphOf(gateway + route("shop", "public") + web, "manifests");
    expect(edge(graph, "internet", "gateway/shop/public")?.kind).toBe("internet-reaches-gateway");
    expect(edge(graph, "gateway/shop/public", "http-route/shop/www")).toMatchObject({
      kind: "gateway-admits-route",
      health: "ok",
    });
    expect(edge(graph, "http-route/shop/www", "service/shop/web")).toMatchObject({
      kind: "route-routes-to-service",
      health: "ok",
    });
    expect(node(graph, "http-route/shop/www")).toMatchObject({
      lane: "route",
      name: "www.example.com",
      line: "HTTPRoute www",
    });
    expect(node(graph, "gateway/shop/public")?.line).toMatch(/^1 listener/);
  });

  it("break the edge to a route that no listener admits", () => {
    const graph = graphOf(gateway + route("other", "public") + web, "manifests");
    expect(edge(graph, "gateway/shop/public", "http-route/other/www")?.health).toBe("broken");
    expect(node(graph, "http-route/other/www")?.line).toBe("HTTPRoute · not attached");
  });

  it("stand a missing Gateway where the route looks for it", () => {
    const graph = graphOf(gateway + route("shop", "private") + web);
    expect(node(graph, "gateway/shop/private")).toMatchObject({
      missing: true,
      line: "no such Gateway",
      lane: "entry",
    });
    expect(edge(graph, "gateway/shop/private", "http-route/shop/www")?.health).toBe("broken");
  });

  it("draw a ListenerSet's routes from its Gateway, whose listeners it adds to", () => {
    const set = `
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: { name: more, namespace: shop }
spec:
  parentRef: { name: public }
  listeners: [{ name: extra, port: 8081, protocol: HTTP }]
---`;
    const toSet = route("shop", "more").replace(
      "parentRefs: [{",
      "parentRefs: [{ group: gateway.networking.k8s.io, kind: ListenerSet,",
    );
    const graph = graphOf(gateway + set + toSet + web, "manifests");
    expect(edge(graph, "gateway/shop/public", "http-route/shop/www")).toBeDefined();
    expect(node(graph, "gateway/shop/public")?.line).toMatch(/^2 listeners/);
  });
});

describe("findings", () => {
  const finding = (
    subject: string,
    severity: Finding["severity"],
    touches: readonly string[] = [],
  ): Finding => {
    const id = (text: string) => {
      const [kind, namespace, name = ""] = text.split("/");
      return objectId(
        kind === "pod" ? "pod" : kind === "service" ? "service" : "stateful-set",
        namespace,
        name,
      );
    };
    return {
      code: "NET-101",
      check: "service/selector-matches-nothing",
      severity,
      subject: id(subject),
      message: "",
      evidence: [],
      fix: { text: "" },
      kubectl: "",
      touches: touches.map(id),
      follows: [],
    };
  };

  it("are counted on their subject and on what they touch, once each", () => {
    const graph = graphOf(
      service("db", "{ selector: { app: db }, ports: [{ port: 80 }] }") + statefulSet("db", [true]),
      "cluster",
      [
        finding("service/shop/db", "error", ["stateful-set/shop/db", "stateful-set/shop/db"]),
        finding("service/shop/db", "warning"),
      ],
    );
    expect(node(graph, "service/shop/db")?.findings).toEqual({ error: 1, warning: 1, info: 0 });
    expect(node(graph, "stateful-set/shop/db")?.findings).toEqual({ error: 1, warning: 0, info: 0 });
  });

  it("about a pod show on its workload, where its card is not drawn", () => {
    const graph = graphOf(statefulSet("db", [true, true]), "cluster", [
      finding("pod/shop/db-0", "info"),
      finding("pod/shop/db-1", "info", ["pod/shop/db-0"]),
    ]);
    expect(node(graph, "pod/shop/db-0")?.findings.info).toBe(2);
    expect(node(graph, "stateful-set/shop/db")?.findings.info).toBe(2);
  });
});

describe("the graph", () => {
  it("is the same for objects in any order", () => {
    const parts = [
      ingressClass,
      service("web", "{ selector: { app: web }, ports: [{ port: 80 }] }"),
      statefulSet("web", [true, false]),
      ingress("www", [["a.example.com", "web", 80]]),
    ];
    expect(graphOf([...parts].reverse().join(""))).toEqual(graphOf(parts.join("")));
  });

  const dump = "../shared/real-input/faulty.yaml";
  it.skipIf(!existsSync(dump))(`finds the faults of a real dump (needs ${dump})`, () => {
    const graph = graphOf(readFileSync(dump, "utf8"), "dump");
    const health = (source: string, target: string) => edge(graph, source, target)?.health;
    expect(health("service/boutique/emailservice", "deployment/boutique/emailservice")).toBe("broken");
    expect(
      health("service/boutique/recommendationservice", "deployment/boutique/recommendationservice"),
    ).toBe("broken");
    expect(health("ingress/boutique/admin", "service/boutique/adminservice")).toBe("broken");
    expect(health("ingress/boutique/admin", "service/boutique/cartservice")).toBe("broken");
    expect(health("gateway/edge/public", "http-route/boutique/shop")).toBe("broken");
    expect(health("http-route/sock-shop/checkout", "service/boutique/checkoutservice")).toBe("broken");
    expect(health("internet", "service/sock-shop/front-end")).toBe("partial");
    expect(node(graph, "service/boutique/adminservice")?.missing).toBe(true);
    expect(node(graph, "external/203.0.113.9")?.lane).toBe("outside");
  });
});
