import { describe, expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { node, pod, service } from "#lib/testing/cluster-yaml.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceNoReadyEndpoints } from "./no-ready-endpoints.ts";

const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [serviceNoReadyEndpoints]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only Services without a ready endpoint, and why for each pod", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "service/shop/cart",
      "None of the 2 endpoints of cart is ready: cart-0: CrashLoopBackOff, 12 restarts, last exit 137 (OOMKilled); cart-1: container cart is running but not ready for a few seconds; it has a readiness probe: GET /ready on port 8080",
    ],
    [
      "error",
      "service/shop/search",
      "The only endpoint of search is not ready: search-0: pending: unschedulable: 0/3 nodes are available: 3 Insufficient memory",
    ],
    [
      "error",
      "service/shop/starved",
      "starved has no endpoint: deployment/starved asks for 2 pods, and none that it selects exists",
    ],
    [
      "warning",
      "service/shop/leaving",
      "No endpoint of leaving is ready; 1 endpoint that shuts down still takes its traffic",
    ],
    ["warning", "service/shop/orphan", "orphan has no selector, and no EndpointSlice gives it an endpoint"],
  ]);
});

it("shows on the pods, with the status that says why", () => {
  expect(findings[0]?.touches).toEqual(["pod/shop/cart-0", "pod/shop/cart-1"]);
  expect(findings[0]?.evidence).toContainEqual({
    object: "pod/shop/cart-0",
    path: "status.containerStatuses[cart].state",
    value: "CrashLoopBackOff, ready false",
  });
  expect(findings[0]?.kubectl).toBe("kubectl -n shop get pods -l app=cart -o wide");
});

it("reports pods that all shut down and that no EndpointSlice lists any more", () => {
  const yaml = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: shop, labels: { app: web }, deletionTimestamp: "2026-01-01T00:00:00Z" }
spec: { containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.1.1, conditions: [{ type: Ready, status: "False" }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: []
endpoints: []
`;
  expect(run(yaml).findings.map(({ message }) => message)).toEqual([
    "web has no endpoint: it selects 1 pod, all shutting down",
  ]);
});

it("stays silent about manifests, where nothing runs and nobody has written EndpointSlices", () => {
  const yaml = `
apiVersion: v1
kind: Service
metadata: { name: legacy-db }
spec: { ports: [{ port: 5432 }] }
---
apiVersion: v1
kind: Service
metadata: { name: kafka-0 }
spec: { selector: { statefulset.kubernetes.io/pod-name: kafka-0 }, ports: [{ port: 9092 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: kafka }
spec:
  serviceName: kafka
  selector: { matchLabels: { app: kafka } }
  template:
    metadata: { labels: { app: kafka } }
    spec: { containers: [{ name: kafka, image: registry.k8s.io/pause }] }
`;
  expect(run(yaml, "manifests").findings).toEqual([]);
});

describe("what would explain it", () => {
  const nodes =
    node("node-1", ["192.168.0.1"]) +
    node("node-2", ["192.168.0.2"]).replace(
      "status:",
      'status:\n  conditions: [{ type: Ready, status: "Unknown" }]',
    );
  const dead = pod("shop/web-1", { node: "node-2", ips: ["10.0.2.1"], ready: false });
  const crashing = pod("shop/web-2", {
    node: "node-1",
    ips: ["10.0.1.1"],
    ready: false,
    waiting: "CrashLoopBackOff",
  });
  const follows = (...pods: readonly string[]) =>
    run(nodes + service("shop/web") + pods.join("")).findings.map((finding) => finding.follows);

  it("is the node that keeps every pod from being ready", () => {
    expect(follows(dead)).toEqual([
      [{ object: "node/node-2", checks: ["node/network-unavailable", "node/not-ready"] }],
    ]);
  });

  it("is no node where a pod beside it crashes on its own", () => {
    expect(follows(dead, crashing)).toEqual([[]]);
  });

  const waiting = (spec: string, status: string) => `
---
apiVersion: v1
kind: Pod
metadata: { name: web-9, namespace: shop, labels: { app: web } }
spec: { ${spec} }
status: { ${status} }
`;

  it.each([
    [
      "a probe that may ask a port nobody declares",
      waiting(
        "containers: [{ name: web, image: x, readinessProbe: { httpGet: { port: nope } } }]",
        "phase: Running, podIP: 10.0.1.9, conditions: [{ type: Ready, status: 'False' }], containerStatuses: [{ name: web, ready: false, restartCount: 0, image: x, imageID: '', state: { running: {} } }]",
      ),
      "pod/probe-port-unserved",
    ],
    [
      "a port of the node that another pod has",
      waiting(
        "containers: [{ name: web, image: x, ports: [{ containerPort: 80, hostPort: 80 }] }]",
        "phase: Pending, conditions: [{ type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/1 nodes are available: 1 node(s) have no free ports for the requested pod ports.' }]",
      ),
      "pod/host-port-conflict",
    ],
  ])("is %s", (_, pod, check) => {
    expect(follows(pod)).toEqual([[{ object: "pod/shop/web-9", checks: [check] }]]);
  });
});
