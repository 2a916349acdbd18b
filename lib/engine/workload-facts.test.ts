import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";

const workload = (kind: string, spec: string, meta = "") => `
---
apiVersion: ${kind === "Job" ? "batch/v1" : "apps/v1"}
kind: ${kind}
metadata: { name: web, namespace: shop, ${meta} }
spec:
  ${spec}
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }`;

const cronJob = `
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: web, namespace: shop }
spec:
  schedule: "* * * * *"
  jobTemplate: { spec: { template: { spec: { containers: [{ name: web, image: web }] } } } }`;

interface PodGiven {
  readonly owner?: string;
  readonly ready?: boolean;
  readonly phase?: string;
  readonly meta?: string;
}

const pod = (name: string, { owner, ready = true, phase = "Running", meta = "" }: PodGiven = {}) => `
---
apiVersion: v1
kind: Pod
metadata:
  { name: ${name}, namespace: shop, labels: { app: web }, ${meta} ${owner === undefined ? "" : `ownerReferences: [{ kind: ${owner}, name: web, controller: true }]`} }
spec: { containers: [{ name: web, image: web }] }
status: { phase: ${phase}, podIP: 10.0.0.1, conditions: [{ type: Ready, status: "${ready ? "True" : "False"}", message: probing }] }`;

const terminating = { meta: "deletionTimestamp: 2026-01-01T00:00:00Z," };

function only(yaml: string, as: "cluster" | "dump" | "manifests" = "cluster") {
  const all = [...factsFromYaml(yaml, as).workloads.values()];
  expect(all).toHaveLength(1);
  return all[0];
}

describe("a workload's health and sentence", () => {
  const set = { owner: "StatefulSet" };
  const cases: readonly (readonly [string, string, string])[] = [
    [
      workload("StatefulSet", "replicas: 2") + pod("web-0", set) + pod("web-1", set),
      "ok",
      "2 of 2 pods ready",
    ],
    [
      workload("StatefulSet", "replicas: 2") + pod("web-0", set) + pod("web-1", { ...set, ready: false }),
      "partial",
      "1 of 2 pods ready: not ready: probing",
    ],
    [
      workload("StatefulSet", "replicas: 1") + pod("web-0", { ...set, ready: false }),
      "broken",
      "0 of 1 pods ready: not ready: probing",
    ],
    // Wanted and not there.
    [
      workload("StatefulSet", "replicas: 3") + pod("web-0", set),
      "partial",
      "1 of 3 pods ready: 2 of them not created",
    ],
    [workload("StatefulSet", "replicas: 3"), "broken", "0 of 3 pods ready: 3 of them not created"],
    [
      workload("StatefulSet", "replicas: 1") + pod("web-0", set) + pod("web-1", { ...set, ...terminating }),
      "ok",
      "1 of 1 pods ready",
    ],
    [
      workload("StatefulSet", "replicas: 0") + pod("web-0", { ...set, ...terminating }),
      "idle",
      "scaled to 0, its last pods are terminating",
    ],
    [workload("Deployment", "replicas: 0"), "idle", "scaled to 0"],
    [workload("DaemonSet", "") + pod("web-a", { owner: "DaemonSet" }), "ok", "1 of 1 pods ready"],
    [workload("DaemonSet", ""), "idle", "no pod, on no node"],
    [workload("Job", "parallelism: 3") + pod("web-a", { owner: "Job" }), "ok", "1 of 1 pods ready"],
    [workload("Job", "") + pod("web-a", { owner: "Job", phase: "Succeeded" }), "idle", "finished"],
    [workload("Job", "suspend: true"), "idle", "suspended"],
    [cronJob, "idle", "no run at the moment"],
    [pod("web"), "ok", "1 of 1 pods ready"],
    [pod("web", { phase: "Succeeded" }), "idle", "finished"],
    [pod("web", { phase: "Failed" }), "idle", "finished (Failed)"],
  ];
  it.each(cases)("%s is %s: %s", (yaml, health, sentence) => {
    const facts = only(yaml);
    expect([facts?.health, facts?.sentence]).toEqual([health, sentence]);
  });

  it("counts a template's pods as that many, ready", () => {
    expect(only(workload("Deployment", "replicas: 3"), "manifests")).toMatchObject({
      health: "ok",
      ready: 3,
      total: 3,
    });
  });

  it("cannot tell when pods were not read", () => {
    expect(only(workload("Deployment", "replicas: 3"), "dump")).toMatchObject({
      health: "unknown",
      sentence: "its pods could not be read",
    });
  });
});

describe("which workloads there are", () => {
  it("are top-level owners only, with their pods, finished ones aside", () => {
    const owned = "ownerReferences: [{ kind: Deployment, name: web, controller: true }]";
    const yaml =
      workload("Deployment", "replicas: 1") +
      workload("ReplicaSet", "replicas: 1", owned) +
      pod("web-b", { owner: "ReplicaSet" }) +
      pod("web-a", { owner: "ReplicaSet" }) +
      pod("web-c", { owner: "ReplicaSet", phase: "Failed" });
    expect(only(yaml)).toMatchObject({
      id: "deployment/shop/web",
      kind: "deployment",
      namespace: "shop",
      name: "web",
    });
    expect(only(yaml)?.pods.map((each) => each.name)).toEqual(["web-a", "web-b"]);
  });

  it("include owners of which only their pods tell", () => {
    expect(only(pod("web-0", { owner: "StatefulSet" }), "dump")).toMatchObject({
      id: "stateful-set/shop/web",
      kind: "stateful-set",
      labels: { app: "web" },
      health: "ok",
    });
  });
});

it("names the policies that bind its pods, by direction", () => {
  const policy = (name: string, types: string, label: string) => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { podSelector: { matchLabels: { app: ${label} } }, policyTypes: [${types}] }`;
  const yaml =
    pod("web") +
    policy("b", "Ingress", "web") +
    policy("a", "Ingress, Egress", "web") +
    policy("c", "Ingress", "api");
  expect(only(yaml)?.policies).toEqual({
    ingress: ["network-policy/shop/a", "network-policy/shop/b"],
    egress: ["network-policy/shop/a"],
  });
});
