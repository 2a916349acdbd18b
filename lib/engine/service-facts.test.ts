import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "./compile-facts.ts";

const now = "2026-05-04T10:00:00Z";

const service = (spec: string, more = "") => `
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ${spec} }
${more}`;

const selecting = (ports = "{ port: 80, targetPort: 8080 }", more = "") =>
  service(`selector: { app: web }, ports: [${ports}]${more}`);

interface PodGiven {
  readonly ready?: boolean;
  readonly ports?: string;
  readonly labels?: string;
  readonly status?: string;
  readonly meta?: string;
  readonly sidecar?: string;
}

const pod = (
  name: string,
  { ready = true, ports = "", labels = "app: web", status = "", meta = "", sidecar }: PodGiven = {},
) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { ${labels} }, ${meta} }
spec:
  nodeName: node-1
  containers: [{ name: web, image: web, ports: [${ports}] }]
  initContainers: [${sidecar === undefined ? "" : `{ name: proxy, image: proxy, ${sidecar} }`}]
status:
  phase: Running
  podIP: 10.0.0.${name.length}
  conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }]
  ${status}`;

const workload = (kind: string, spec: string, labels = "app: web") => `
---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: web, namespace: shop }
spec:
  ${spec}
  selector: { matchLabels: { ${labels} } }
  template: { metadata: { labels: { ${labels} } }, spec: { containers: [{ name: web, image: web }] } }`;

const slice = (endpoints: string, ports = "[{ port: 8080, protocol: TCP }]") => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-x, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: ${ports}
endpoints: [${endpoints}]`;

function facts(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const [first] = compileFacts(snapshotFromYaml(yaml, as), now).services.values();
  if (first === undefined) throw new Error("the YAML holds no Service");
  return first;
}

const crash =
  "containerStatuses: [{ name: web, ready: false, restartCount: 12, state: { waiting: { reason: CrashLoopBackOff } } }]";

describe("a Service's health and sentence", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["every endpoint serves", selecting() + pod("a"), "ok", "1 endpoint serves port 80 (→ 8080)"],
    ["of several, all", selecting() + pod("a") + pod("bb"), "ok", "2 of 2 endpoints serve port 80 (→ 8080)"],
    [
      "some are not ready",
      selecting() + pod("a") + pod("bb", { ready: false }),
      "partial",
      "1 of 2 endpoints serve port 80 (→ 8080)",
    ],
    [
      "the port is not translated",
      selecting("{ port: 7070, targetPort: 7070 }") + pod("a"),
      "ok",
      "1 endpoint serves port 7070",
    ],
    [
      "there are several ports",
      selecting("{ name: http, port: 80, targetPort: 8080 }, { name: dns, port: 53, protocol: UDP }") +
        pod("a"),
      "ok",
      "1 endpoint serves ports 80 (→ 8080) and 53/UDP",
    ],
    [
      "none is ready",
      selecting() + pod("a", { ready: false, status: crash }),
      "broken",
      "1 endpoint, not ready: CrashLoopBackOff, 12 restarts",
    ],
    [
      "none of several is ready, for different reasons",
      selecting() +
        pod("a", { ready: false, status: crash }) +
        pod("bb", { ready: false, status: crash }) +
        pod("ccc", { ready: false }),
      "broken",
      "3 endpoints, none ready: CrashLoopBackOff, 12 restarts (2 of them)",
    ],
    [
      "the selector matches nothing",
      selecting() + pod("a", { labels: "app: api" }),
      "broken",
      "selects no pod: app=web",
    ],
    [
      "all selected pods have finished",
      selecting() + pod("a", { status: "phase: Succeeded" }).replace("phase: Running", ""),
      "broken",
      "selects no pod: app=web",
    ],
    [
      "its workload is scaled to 0",
      selecting() + workload("Deployment", "replicas: 0"),
      "idle",
      "scaled to 0: deployment/web",
    ],
    [
      "its workload should have pods and has none",
      selecting() + workload("Deployment", "replicas: 2"),
      "broken",
      "selects no pod: app=web is for deployment/web, which has none",
    ],
    [
      "it is for one pod of a StatefulSet that is scaled below it",
      service("selector: { statefulset.kubernetes.io/pod-name: web-2 }, ports: [{ port: 80 }]") +
        workload("StatefulSet", "replicas: 2"),
      "idle",
      "statefulset/web is scaled to 2, so there is no pod web-2",
    ],
    [
      "it is for one pod of a StatefulSet that should be there",
      service("selector: { statefulset.kubernetes.io/pod-name: web-1 }, ports: [{ port: 80 }]") +
        workload("StatefulSet", "replicas: 2"),
      "broken",
      "selects no pod: statefulset.kubernetes.io/pod-name=web-1 is for statefulset/web, which has none",
    ],
    [
      "it is headless without ports",
      service("selector: { app: web }, clusterIP: None") + pod("a"),
      "ok",
      "1 endpoint is ready",
    ],
    [
      "it is headless, so that no port can fail to land",
      service("selector: { app: web }, clusterIP: None, ports: [{ port: 80, targetPort: http }]") +
        pod("a") +
        pod("bb", { ready: false }),
      "partial",
      "1 of 2 endpoints are ready; port 80 → http, a name that no pod declares",
    ],
    [
      "its named port resolves on some pods only",
      selecting("{ port: 80, targetPort: http }") +
        pod("a", { ports: "{ name: http, containerPort: 8080 }" }) +
        pod("bb"),
      "partial",
      "1 of 2 endpoints serve port 80 (→ 8080); port 80 → http: 8080 on 1 pod and not declared on 1",
    ],
    [
      "only a terminating pod serves",
      selecting() + pod("a", { ready: false }) + pod("bb", { meta: `deletionTimestamp: "${now}"` }),
      "partial",
      "1 endpoint on the way out still serves port 80 (→ 8080); none of web is ready",
    ],
    [
      "terminating pods beside ready ones do not count",
      selecting() + pod("a") + pod("bb", { meta: `deletionTimestamp: "${now}"` }),
      "ok",
      "1 endpoint serves port 80 (→ 8080)",
    ],
    [
      "it is an ExternalName",
      service("type: ExternalName, externalName: db.example.com"),
      "ok",
      "an alias of db.example.com",
    ],
    [
      "it is an ExternalName of nothing",
      service("type: ExternalName"),
      "broken",
      "an ExternalName without a name",
    ],
    [
      "it has no selector and slices",
      service("ports: [{ port: 80 }]") +
        slice('{ addresses: ["192.0.2.1"] }', '[{ name: "", port: 8080, protocol: TCP }]'),
      "ok",
      "1 endpoint serves port 80 (→ 8080)",
    ],
    [
      "it has no selector and no slice",
      service("ports: [{ port: 80 }]"),
      "broken",
      "no selector and no EndpointSlice names an address",
    ],
    [
      "hand-written slices open another port name",
      service("ports: [{ name: http, port: 80 }]") +
        slice('{ addresses: ["192.0.2.1"] }', "[{ name: web, port: 8080, protocol: TCP }]"),
      "broken",
      "1 endpoint ready, but none serves port 80 (http), which no EndpointSlice opens",
    ],
  ];
  it.each(cases)("when %s", (_, yaml, health, sentence) => {
    const { health: actual, sentence: said } = facts(yaml);
    expect([actual, said]).toEqual([health, sentence]);
  });

  it("cannot tell when what it needs was not read", () => {
    expect(facts(selecting(), "dump")).toMatchObject({
      health: "unknown",
      sentence: "neither pods nor EndpointSlices could be read",
    });
    expect(facts(service("ports: [{ port: 80 }]"), "dump")).toMatchObject({
      health: "unknown",
      sentence: "no selector, and EndpointSlices could not be read",
    });
  });

  it("cannot tell from manifests who writes a selectorless Service's slices, or what labels controllers add", () => {
    expect(facts(service("ports: [{ port: 80 }]"), "manifests").health).toBe("unknown");
    const onePod = service(
      "selector: { app: web, statefulset.kubernetes.io/pod-name: web-0 }, ports: [{ port: 80 }]",
    );
    expect(facts(onePod + workload("StatefulSet", "replicas: 2"), "manifests").health).toBe("unknown");
  });

  it("cannot tell from manifests without any pods of the namespace", () => {
    expect(facts(selecting(), "manifests").health).toBe("unknown");
    expect(facts(selecting() + workload("Deployment", "replicas: 1", "app: api"), "manifests").health).toBe(
      "broken",
    );
  });

  it("offers what the selector nearly matched", () => {
    expect(facts(selecting() + pod("a", { labels: "app: webb" })).nearMiss?.differs).toEqual([
      { key: "app", wanted: "web", actual: "webb" },
    ]);
    expect(facts(selecting() + pod("a")).nearMiss).toBeUndefined();
  });
});

describe("ports", () => {
  const http = "{ name: http, containerPort: 8080 }";
  const named = selecting("{ port: 80, targetPort: http }");

  it.each<[string, string, object]>([
    [
      "a name that a container declares",
      named + pod("a", { ports: http }),
      {
        health: "ok",
        unresolved: 0,
        sentence: "80 → 8080 (container web declares it as http)",
        targets: [{ number: 8080, container: "web", portName: "http", declared: true, pods: 1 }],
      },
    ],
    [
      "a number that nobody declares, which is no fault",
      selecting() + pod("a"),
      { health: "ok", unresolved: 0, sentence: "80 → 8080 (no container declares it)" },
    ],
    [
      "a name on a sidecar",
      named + pod("a", { sidecar: `restartPolicy: Always, ports: [${http}]` }),
      { health: "ok", sentence: "80 → 8080 (container proxy declares it as http)" },
    ],
    [
      "no name of an init container that ends",
      named + pod("a", { sidecar: `ports: [${http}]` }),
      {
        health: "broken",
        unresolved: 1,
        sentence: "80 → http, a name that no pod declares",
        nearMiss: "pods declare no ports",
      },
    ],
    [
      "a name with different numbers on different pods",
      named +
        pod("a", { ports: http }) +
        pod("bb", { ports: http }) +
        pod("ccc", { ports: "{ name: http, containerPort: 9090 }" }),
      { health: "ok", sentence: "80 → http: 8080 on 2 pods and 9090 on 1 pod" },
    ],
    [
      "a name that only some pods declare",
      named +
        pod("a", { ports: http }) +
        pod("bb", { ports: "{ name: htp, containerPort: 8080 }, { name: metrics, containerPort: 9090 }" }),
      {
        health: "partial",
        unresolved: 1,
        sentence: "80 → http: 8080 on 1 pod and not declared on 1",
        nearMiss: "pods declare the port names htp and metrics; htp is the closest",
      },
    ],
    [
      "a name declared for the other protocol",
      selecting("{ port: 53, protocol: UDP, targetPort: http }") + pod("a", { ports: http }),
      {
        health: "broken",
        sentence: "53/UDP → http, a name that no pod declares for UDP",
        nearMiss: "pods declare the port name http for TCP, the Service asks UDP",
      },
    ],
    [
      "a number declared for the other protocol, which is no fault as far as we can see",
      selecting("{ port: 8080, protocol: UDP }") + pod("a", { ports: http }),
      {
        health: "ok",
        nearMiss: "container web declares 8080 for TCP, the Service asks UDP",
        targets: [{ declared: false }],
      },
    ],
  ])("resolve %s", (_, yaml, port) => {
    expect(facts(yaml).ports[0]).toMatchObject(port);
  });

  it("make the Service partial when one of them lands nowhere, broken when none does", () => {
    const one = facts(
      selecting("{ name: a, port: 80, targetPort: http }, { name: b, port: 81, targetPort: admin }") +
        pod("a", { ports: http }),
    );
    expect([one.health, one.sentence]).toEqual([
      "partial",
      "1 endpoint serves port 80 (→ 8080); no endpoint serves port 81 → admin, a name that no pod declares",
    ]);
    const none = facts(named + pod("a"));
    expect([none.health, none.sentence]).toEqual([
      "broken",
      "1 endpoint ready, but none serves port 80 → http, a name that no pod declares",
    ]);
  });

  it("serve nothing through a slice that lists endpoints without the port", () => {
    const endpoint =
      '{ addresses: ["10.0.0.1"], conditions: { ready: true }, targetRef: { kind: Pod, name: a, namespace: shop } }';
    const { health, ports, drift } = facts(named + pod("a") + slice(endpoint, "null"));
    expect([health, ports[0]?.health, ports[0]?.unresolved, drift]).toEqual(["broken", "broken", 1, []]);
  });

  it("are idle with their Service, and unknown with it", () => {
    expect(facts(selecting() + workload("Deployment", "replicas: 0")).ports[0]?.health).toBe("idle");
    expect(facts(selecting(), "dump").ports[0]?.health).toBe("unknown");
  });
});

describe("load balancers", () => {
  const balanced = (status: string) =>
    service(
      "type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }]",
      `status: { loadBalancer: ${status} }`,
    ) + pod("a");

  it("have the addresses of their status", () => {
    expect(
      facts(balanced("{ ingress: [{ ip: 198.51.100.1 }, { hostname: lb.example.com }] }")),
    ).toMatchObject({
      health: "ok",
      loadBalancer: { addresses: ["198.51.100.1", "lb.example.com"], pendingWhy: undefined },
    });
  });

  it("are partial while they wait for one, since traffic inside still works, with why where an event tells", () => {
    const event = `
---
apiVersion: v1
kind: Event
metadata: { name: e, namespace: shop }
type: Warning
reason: SyncLoadBalancerFailed
message: quota exceeded
involvedObject: { apiVersion: v1, kind: Service, name: web, namespace: shop }`;
    expect(facts(balanced("{}"))).toMatchObject({
      health: "partial",
      sentence: "1 endpoint serves port 80; its load balancer has no address yet",
    });
    expect(facts(balanced("{}") + event).loadBalancer?.pendingWhy).toBe(
      "SyncLoadBalancerFailed: quota exceeded",
    );
  });

  it("are not asked about in manifests, which have no status", () => {
    expect(facts(balanced("{}"), "manifests").loadBalancer).toBeUndefined();
  });
});

it("gives DNS names, the fullest first", () => {
  expect(facts(selecting()).dnsNames).toEqual([
    "web.shop.svc.cluster.local",
    "web.shop.svc",
    "web.shop",
    "web",
  ]);
});
