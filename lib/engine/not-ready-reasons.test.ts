import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { buildIndex } from "./build-index.ts";
import { notReadyReasons } from "./not-ready-reasons.ts";

const now = Date.parse("2026-05-04T10:00:00Z");

interface Given {
  readonly spec?: string;
  readonly meta?: string;
  readonly phase?: string;
  readonly node?: string;
  readonly ready?: string;
  readonly containersReady?: string;
  readonly scheduled?: string;
  readonly containers?: string;
  readonly init?: string;
  readonly more?: string;
  readonly beside?: string;
}

function reasonsOf(given: Given): readonly string[] {
  const {
    ready = 'status: "False", lastTransitionTime: "2026-05-04T09:56:00Z"',
    containersReady = 'status: "False"',
  } = given;
  const yaml = `
apiVersion: v1
kind: Pod
metadata: { name: web-1, namespace: shop, ${given.meta ?? ""} }
spec:
  ${given.node === "" ? "" : `nodeName: ${given.node ?? "node-1"}`}
  ${given.spec ?? "containers: [{ name: web, image: web:1 }]"}
status:
  phase: ${given.phase ?? "Running"}
  ${given.more ?? ""}
  containerStatuses: [${given.containers ?? ""}]
  initContainerStatuses: [${given.init ?? ""}]
  conditions:
    - { type: Ready, ${ready} }
    - { type: ContainersReady, ${containersReady} }
    - { type: PodScheduled, ${given.scheduled ?? 'status: "True"'} }
---
apiVersion: v1
kind: Node
metadata: { name: node-1 }
status: { conditions: [{ type: Ready, status: "True" }] }
${given.beside ?? ""}`;
  const snapshot = snapshotFromYaml(yaml);
  const [pod] = snapshot.objects.pods ?? [];
  return pod === undefined
    ? ["no pod"]
    : notReadyReasons(snapshot, buildIndex(snapshot), now)(pod).map(({ text }) => text);
}

const event = (reason: string, message: string, more = "") => `
---
apiVersion: v1
kind: Event
metadata: { name: ${reason.toLowerCase()}, namespace: shop }
type: Warning
reason: ${reason}
message: ${JSON.stringify(message)}
involvedObject: { apiVersion: v1, kind: Pod, name: web-1, namespace: shop }
firstTimestamp: "2026-05-04T09:56:00Z"
lastTimestamp: "2026-05-04T09:59:50Z"
${more}`;

const unconnected = `
---
apiVersion: v1
kind: Node
metadata: { name: node-2 }
status:
  conditions:
    - { type: Ready, status: "True" }
    - { type: NetworkUnavailable, status: "True", reason: CalicoIsDown, lastTransitionTime: "2026-05-04T09:48:00Z" }`;

const waiting = (reason: string, more = "", restarts = 0) =>
  `{ name: web, ready: false, restartCount: ${restarts}, state: { waiting: { reason: ${reason} ${more} } } }`;
const running = `{ name: web, ready: false, restartCount: 0, state: { running: { startedAt: "2026-05-04T09:00:00Z" } } }`;
const readyContainer = `{ name: web, ready: true, restartCount: 0, state: { running: {} } }`;
const probed =
  "containers: [{ name: web, image: web:1, readinessProbe: { httpGet: { path: /healthz, port: 8080 } } }]";

describe("why a pod takes no traffic", () => {
  it("says nothing of a pod that is ready", () => {
    expect(
      reasonsOf({ ready: 'status: "True"', containersReady: 'status: "True"', containers: readyContainer }),
    ).toEqual([]);
  });

  const cases: readonly (readonly [string, Given, string])[] = [
    ["a crash loop", { containers: waiting("CrashLoopBackOff", "", 12) }, "CrashLoopBackOff, 12 restarts"],
    [
      "how a crash loop last ended",
      {
        containers:
          "{ name: web, ready: false, restartCount: 12, state: { waiting: { reason: CrashLoopBackOff } }, lastState: { terminated: { exitCode: 137, reason: OOMKilled } } }",
      },
      "CrashLoopBackOff, 12 restarts, last exit 137 (OOMKilled)",
    ],
    [
      "no more than the number where the reason is only Error",
      {
        containers:
          "{ name: web, ready: false, restartCount: 1, state: { waiting: { reason: CrashLoopBackOff } }, lastState: { terminated: { exitCode: 1, reason: Error } } }",
      },
      "CrashLoopBackOff, 1 restart, last exit 1",
    ],
    [
      "an image that cannot be pulled, with the message",
      { phase: "Pending", containers: waiting("ErrImagePull", ', message: "web:1: not found"') },
      "ErrImagePull: web:1: not found",
    ],
    [
      "the image where there is no message",
      { phase: "Pending", containers: waiting("ImagePullBackOff") },
      "ImagePullBackOff: web:1",
    ],
    [
      "a configuration that is missing",
      {
        phase: "Pending",
        containers: waiting("CreateContainerConfigError", ', message: configmap "web" not found'),
      },
      'CreateContainerConfigError: configmap "web" not found',
    ],
    [
      "a container in creation",
      { phase: "Pending", containers: waiting("ContainerCreating") },
      "ContainerCreating for 4 min",
    ],
    [
      "what keeps a container in creation",
      {
        phase: "Pending",
        containers: waiting("ContainerCreating"),
        beside: event("FailedMount", 'secret "tls" not found'),
      },
      'ContainerCreating for 4 min: FailedMount: secret "tls" not found',
    ],
    [
      "a container that has ended",
      {
        containers:
          "{ name: web, ready: false, restartCount: 3, state: { terminated: { exitCode: 2, reason: Error } } }",
      },
      "its container ended with exit 2, 3 restarts",
    ],
    [
      "a failing readiness probe, from its event",
      {
        spec: probed,
        containers: running,
        beside: event(
          "Unhealthy",
          "Readiness probe failed: HTTP probe failed with statuscode: 503",
          "count: 48",
        ),
      },
      "readiness probe failing for 4 min: HTTP 503, 48 times",
    ],
    [
      "a probe that nobody answers",
      {
        spec: probed,
        containers: running,
        beside: event(
          "Unhealthy",
          'Readiness probe failed: Get "http://10.0.0.1:8080/healthz": dial tcp 10.0.0.1:8080: connect: connection refused',
        ),
      },
      "readiness probe failing for 4 min: connection refused",
    ],
    [
      "a startup probe that fails",
      { spec: probed, containers: running, beside: event("Unhealthy", "Startup probe failed: not yet") },
      "startup probe failing for 4 min: not yet",
    ],
    [
      "the probe itself where no event tells its answer",
      {
        spec: probed,
        containers: running,
        beside: event("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
      },
      "container web is running but not ready for 4 min; it has a readiness probe: GET /healthz on port 8080",
    ],
    [
      "a container not ready without a probe",
      { containers: running },
      "container web is running but not ready for 4 min",
    ],
    [
      "an init container that still runs, rather than the containers that wait for it",
      {
        phase: "Pending",
        spec: "initContainers: [{ name: migrate, image: web:1 }]\n  containers: [{ name: web, image: web:1 }]",
        init: '{ name: migrate, ready: false, restartCount: 0, state: { running: { startedAt: "2026-05-04T09:58:00Z" } } }',
        containers: waiting("PodInitializing"),
      },
      "init container migrate has been running for 2 min",
    ],
    [
      "an init container in a crash loop",
      {
        phase: "Pending",
        spec: "initContainers: [{ name: migrate, image: web:1 }]\n  containers: [{ name: web, image: web:1 }]",
        init: "{ name: migrate, ready: false, restartCount: 4, state: { waiting: { reason: CrashLoopBackOff } } }",
        containers: waiting("PodInitializing"),
      },
      "init container migrate: CrashLoopBackOff, 4 restarts",
    ],
    [
      "which of several containers it is",
      {
        spec: "containers: [{ name: web, image: web:1 }, { name: proxy, image: proxy:1 }]",
        containers: `${waiting("CrashLoopBackOff", "", 2)}, { name: proxy, ready: true, restartCount: 0, state: { running: {} } }`,
      },
      "container web: CrashLoopBackOff, 2 restarts",
    ],
    [
      "why it cannot be scheduled, by the condition",
      {
        node: "",
        phase: "Pending",
        scheduled:
          'status: "False", reason: Unschedulable, message: "0/3 nodes are available: 3 Insufficient cpu."',
      },
      "pending: unschedulable: 0/3 nodes are available: 3 Insufficient cpu",
    ],
    [
      "why it cannot be scheduled, by the event",
      {
        node: "",
        phase: "Pending",
        scheduled: 'status: "False"',
        beside: event("FailedScheduling", "0/3 nodes are available"),
      },
      "pending: unschedulable: 0/3 nodes are available",
    ],
    [
      "scheduling gates",
      { node: "", phase: "Pending", scheduled: 'status: "False", reason: SchedulingGated' },
      "pending: held by its scheduling gates",
    ],
    [
      "a readiness gate",
      {
        containers: readyContainer,
        containersReady: 'status: "True"',
        ready:
          'status: "False", reason: ReadinessGatesNotReady, message: \'the status of pod readiness gate "lb" is not "True", but False\'',
      },
      'a readiness gate is not true: the status of pod readiness gate "lb" is not "True", but False',
    ],
    [
      "a node that stopped reporting",
      {
        node: "node-2",
        containers: readyContainer,
        containersReady: 'status: "True"',
        beside: `
---
apiVersion: v1
kind: Node
metadata: { name: node-2 }
status: { conditions: [{ type: Ready, status: Unknown, lastTransitionTime: "2026-05-04T09:48:00Z" }] }`,
      },
      "its node node-2 stopped reporting (Ready Unknown for 12 min), so the pod was marked not ready",
    ],
    [
      "a node that is gone",
      { node: "node-9", containers: readyContainer, containersReady: 'status: "True"' },
      "its node node-9 is gone",
    ],
    [
      "a node without a network, where the sandbox cannot be made",
      {
        node: "node-2",
        containers: waiting("ContainerCreating"),
        beside: `${unconnected}${event("FailedCreatePodSandBox", "failed to set up network")}`,
      },
      "the network of its node node-2 is unavailable (CalicoIsDown) for 12 min",
    ],
    [
      "a node without a network, where a probe fails",
      { node: "node-2", spec: probed, containers: running, beside: unconnected },
      "the network of its node node-2 is unavailable (CalicoIsDown) for 12 min",
    ],
    [
      "a crash before its node's network, which may have nothing to do with it",
      { node: "node-2", containers: waiting("CrashLoopBackOff", "", 3), beside: unconnected },
      "CrashLoopBackOff, 3 restarts",
    ],
    [
      "a probe that is answered, whatever its node says of its network",
      {
        node: "node-2",
        spec: probed,
        containers: running,
        beside: `${unconnected}${event("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")}`,
      },
      "readiness probe failing for 4 min: HTTP 503",
    ],
    [
      "a node that came back, while the pod was never marked ready again",
      {
        containers: readyContainer,
        containersReady: 'status: "True"',
        ready: 'status: "False", lastTransitionTime: "2026-05-04T07:59:06Z"',
        beside: event("NodeNotReady", "Node is not ready"),
      },
      "containers are ready, but the pod was marked not ready at 07:59 UTC (event NodeNotReady) and has not been marked ready since",
    ],
    [
      "eviction",
      { phase: "Failed", more: "reason: Evicted\n  message: The node was low on resource memory." },
      "Evicted: The node was low on resource memory",
    ],
    [
      "what the condition says where nothing else explains it",
      {
        containers: readyContainer,
        ready:
          'status: "False", message: "containers with unready status: [web]", lastTransitionTime: "2026-05-04T09:56:00Z"',
      },
      "not ready for 4 min: containers with unready status: [web]",
    ],
  ];
  it.each(cases)("names %s", (_, given, text) => {
    expect(reasonsOf(given)[0]).toBe(text);
  });

  it("puts the cause before what merely waits, whatever the order of containers", () => {
    const given = {
      spec: "containers: [{ name: web, image: web:1 }, { name: proxy, image: proxy:1 }]",
      containers: `${running}, { name: proxy, ready: false, restartCount: 3, state: { waiting: { reason: CrashLoopBackOff } } }`,
    };
    expect(reasonsOf(given)).toEqual([
      "container proxy: CrashLoopBackOff, 3 restarts",
      "container web is running but not ready for 4 min",
    ]);
  });

  it("says of a terminating pod whether it still serves, and how its grace period stands", () => {
    const ready = { containers: readyContainer, ready: 'status: "True"', containersReady: 'status: "True"' };
    expect(reasonsOf({ ...ready, meta: 'deletionTimestamp: "2026-05-04T10:00:20Z"' })[0]).toBe(
      "terminating, still serving; its grace period ends in 20 s",
    );
    expect(reasonsOf({ containers: running, meta: 'deletionTimestamp: "2026-05-04T09:57:00Z"' })[0]).toBe(
      "terminating, no longer serving; its grace period ended 3 min ago",
    );
  });

  it("does not call a node gone where nodes were not read", () => {
    const yaml = `
apiVersion: v1
kind: Pod
metadata: { name: web-1, namespace: shop }
spec: { nodeName: node-9, containers: [{ name: web, image: web }] }
status: { phase: Running, conditions: [{ type: Ready, status: "False" }] }`;
    const snapshot = snapshotFromYaml(yaml, "dump");
    const [pod] = snapshot.objects.pods ?? [];
    expect(snapshot.objects.nodes).toBeUndefined();
    expect(pod && notReadyReasons(snapshot, buildIndex(snapshot), now)(pod).map(({ text }) => text)).toEqual([
      "not ready",
    ]);
  });
});
