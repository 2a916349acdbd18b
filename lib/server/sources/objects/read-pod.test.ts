import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { Pod } from "#lib/model/objects.ts";
import { readObject } from "./read-object.ts";

function pod(yaml: string): Pod {
  const outcome = readObject(load(yaml));
  if (outcome.kind !== "object" || outcome.object.kind !== "pod") throw new Error(JSON.stringify(outcome));
  return outcome.object;
}

describe("readPod", () => {
  it("reads a manifest with the API server's defaults, as waiting to be picked up", () => {
    const read = pod(`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: web
            ports: [{containerPort: 80, name: http}]
            readinessProbe: {httpGet: {port: http}}
    `);
    expect(read).toMatchObject({
      phase: "Pending",
      ips: [],
      dnsPolicy: "ClusterFirst",
      hostNetwork: false,
      conditions: [],
    });
    expect(read.containers).toEqual([
      {
        name: "web",
        role: "main",
        ports: [{ name: "http", containerPort: 80, protocol: "TCP" }],
        readinessProbe: { type: "http", port: "http", path: "/", periodSeconds: 10, failureThreshold: 3 },
        state: { kind: "unreported" },
        restartCount: 0,
        ready: false,
      },
    ]);
  });

  it("tells sidecars from init containers, and puts them where the kubelet starts them", () => {
    const read = pod(`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
          - {name: setup}
          - {name: proxy, restartPolicy: Always, ports: [{containerPort: 15001}]}
        containers: [{name: web}]
      status:
        phase: Running
        initContainerStatuses:
          - {name: setup, ready: true, restartCount: 0, state: {terminated: {exitCode: 0, reason: Completed}}}
          - {name: proxy, ready: true, restartCount: 2, state: {running: {}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}
        containerStatuses:
          - {name: web, ready: false, restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}}
    `);
    expect(
      read.containers.map(({ name, role, state, ready, restartCount }) => [
        name,
        role,
        state.kind,
        ready,
        restartCount,
      ]),
    ).toEqual([
      ["setup", "init", "terminated", true, 0],
      ["proxy", "sidecar", "running", true, 2],
      ["web", "main", "waiting", false, 5],
    ]);
    expect(read.containers[1]?.lastEnd).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  });

  it.each([
    ["tcpSocket: {port: 5432}", { type: "tcp", port: 5432 }],
    ["grpc: {port: 9000}", { type: "grpc", port: 9000 }],
    ["exec: {command: [ls]}", { type: "exec" }],
    ["httpGet: {port: 80, host: example.com}", { type: "http", port: 80, host: "example.com" }],
  ])("reads the probe %s", (handler, probe) => {
    const read = pod(
      `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, readinessProbe: {${handler}}}]}}`,
    );
    expect(read.containers[0]?.readinessProbe).toMatchObject(probe);
  });

  it("reads all three kinds of probes", () => {
    const read = pod(`
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
          - name: a
            readinessProbe: {httpGet: {port: 80}}
            livenessProbe: {tcpSocket: {port: 81}}
            startupProbe: {grpc: {port: 82}}
    `);
    const [container] = read.containers;
    expect([
      container?.readinessProbe?.port,
      container?.livenessProbe?.port,
      container?.startupProbe?.port,
    ]).toEqual([80, 81, 82]);
  });

  it.each([
    ["hostIP: 192.0.2.1", "192.0.2.1"],
    ["hostIP: 0.0.0.0", undefined],
    ["", undefined],
  ])("reads on which of the node's addresses a port with %s is open", (hostIP, expected) => {
    const read = pod(
      `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, ports: [{containerPort: 80, hostPort: 8080, ${hostIP}}]}]}}`,
    );
    expect(read.containers[0]?.ports[0]).toMatchObject({ hostPort: 8080, hostIP: expected });
  });

  it("keeps of a container's environment the names of the cluster, and nothing else", () => {
    const read = pod(`
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
          - name: web
            env:
              - {name: CART_URL, value: "http://user:s3cret@cart.shop.svc:8080/x"}
              - {name: PASSWORD, value: hunter2}
              - {name: PORT, value: 8080}
              - {name: TOKEN, valueFrom: {secretKeyRef: {name: token, key: token}}}
    `);
    expect(read.containers[0]?.envNames).toEqual([{ variable: "CART_URL", host: "cart.shop.svc" }]);
    expect(JSON.stringify(read)).not.toMatch(/s3cret|hunter2|PASSWORD|TOKEN/);
  });

  it("opens a container's ports on the node when the pod is on the host's network", () => {
    const read = pod(
      `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: true, containers: [{name: a, ports: [{containerPort: 80}]}]}}`,
    );
    expect(read.containers[0]?.ports[0]?.hostPort).toBe(80);
  });

  it("keeps a pod whose phase or conditions say something new", () => {
    const read = pod(
      `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}, status: {phase: Napping, conditions: [{type: Ready, status: Maybe}]}}`,
    );
    expect(read).toMatchObject({ phase: "Unknown", conditions: [{ type: "Ready", status: "Unknown" }] });
  });

  it("reads both address families, the primary first, and the single address of old dumps", () => {
    const spec = "apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {}";
    expect(
      pod(`{${spec}, status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}}`).ips,
    ).toEqual(["10.0.0.1", "fd00::1"]);
    expect(pod(`{${spec}, status: {podIP: 10.0.0.1}}`).ips).toEqual(["10.0.0.1"]);
  });
});
