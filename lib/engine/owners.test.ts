import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { buildIndex } from "./build-index.ts";

const owner = (kind: string, name: string) =>
  `ownerReferences: [{ apiVersion: apps/v1, kind: ${kind}, name: ${name}, uid: u, controller: true }]`;

const pod = (name: string, meta: string) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, ${meta} }
spec: { containers: [{ name: web, image: web }] }`;

const workload = (kind: string, name: string, meta = "") => `
---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop, ${meta} }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }`;

function ownerOf(yaml: string, as: "cluster" | "dump", name: string) {
  const snapshot = snapshotFromYaml(yaml, as);
  const found = snapshot.objects.pods?.find((candidate) => candidate.name === name);
  return found === undefined ? undefined : buildIndex(snapshot).ownerOf.get(found.id);
}

const hashed = `labels: { app: web, pod-template-hash: abc }, ${owner("ReplicaSet", "web-abc")}`;

describe("a pod's top-level owner", () => {
  it.each([
    [
      "the Deployment behind its ReplicaSet",
      workload("Deployment", "web") +
        workload("ReplicaSet", "web-abc", owner("Deployment", "web")) +
        pod("web-abc-1", hashed),
      "deployment/shop/web",
    ],
    [
      "a ReplicaSet that stands alone",
      workload("ReplicaSet", "web-abc") + pod("web-abc-1", hashed),
      "replica-set/shop/web-abc",
    ],
    [
      "the ReplicaSet where its owner is of a kind that is not read",
      workload("ReplicaSet", "web-abc", owner("Rollout", "web")) + pod("web-abc-1", hashed),
      "replica-set/shop/web-abc",
    ],
    ["the pod itself when nothing owns it", pod("web-abc-1", "labels: { app: web }"), "pod/shop/web-abc-1"],
    [
      "the pod itself when its owner is gone",
      pod("web-abc-1", owner("StatefulSet", "web")),
      "pod/shop/web-abc-1",
    ],
    ["the pod itself when a node owns it", pod("web-abc-1", owner("Node", "node-1")), "pod/shop/web-abc-1"],
  ])("is %s", (_, yaml, expected) => {
    expect(ownerOf(yaml, "cluster", "web-abc-1")).toBe(expected);
  });

  it("is the Deployment when ReplicaSets were not read, told by the pod's template hash", () => {
    expect(ownerOf(workload("Deployment", "web") + pod("web-abc-1", hashed), "dump", "web-abc-1")).toBe(
      "deployment/shop/web",
    );
    expect(ownerOf(pod("web-abc-1", hashed), "dump", "web-abc-1")).toBe("deployment/shop/web");
  });

  it("is the ReplicaSet that the pod names when Deployments were read and there is none of that name", () => {
    const yaml = workload("Deployment", "api") + pod("web-abc-1", hashed);
    expect(ownerOf(yaml, "dump", "web-abc-1")).toBe("replica-set/shop/web-abc");
  });

  it("is taken at the pod's word when its kind was not read", () => {
    expect(ownerOf(pod("db-0", owner("StatefulSet", "db")), "dump", "db-0")).toBe("stateful-set/shop/db");
  });

  it("is taken at the pod's word when its kind was read in part, where it may be in the other part", () => {
    const snapshot = snapshotFromYaml(
      workload("StatefulSet", "other") + pod("db-0", owner("StatefulSet", "db")),
    );
    const part = {
      ...snapshot,
      unread: { statefulSets: { reason: "forbidden", message: "only namespace shop" } as const },
    };
    const [found] = [...buildIndex(part).ownerOf.values()];
    expect(found).toBe("stateful-set/shop/db");
  });

  it("ends at the first owner where references go round in a circle", () => {
    const yaml = workload("ReplicaSet", "web-abc", owner("ReplicaSet", "web-abc")) + pod("web-abc-1", hashed);
    expect(ownerOf(yaml, "cluster", "web-abc-1")).toBe("replica-set/shop/web-abc");
  });
});
