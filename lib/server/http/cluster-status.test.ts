import { describe, expect, it } from "vitest";
import { type ClusterStatus, clusterStatusSchema } from "#lib/protocol/cluster.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { answersOf, engine } from "../session/answers.ts";
import type { SessionState } from "../session/state.ts";
import { clusterStatus, clusterView } from "./cluster-status.ts";

const live: SessionState = { kind: "live", checkedAt: "2026-01-01T00:00:00Z" };
const summary = { id: "prod", name: "Prod", kind: "kube", isDefault: true, state: live } as const;

const yaml = `kind: Service
apiVersion: v1
metadata: {name: broken, namespace: shop}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
kind: Pod
apiVersion: v1
metadata: {name: web, namespace: edge}
spec: {containers: []}
`;

function statusOf(
  change: Partial<ReturnType<typeof snapshotFromYaml>> = {},
  as: "cluster" | "manifests" = "cluster",
): ClusterStatus {
  const snapshot = { ...snapshotFromYaml(yaml, as), ...change };
  const answers = { ...answersOf(snapshot, "2026-01-01T00:00:00Z", engine), version: 7, etag: "x" };
  const status = clusterStatus(summary, answers);
  expect(clusterStatusSchema.parse(JSON.parse(JSON.stringify(status)))).toEqual(status);
  return status;
}

describe("a cluster's status", () => {
  it("counts what there is", () => {
    expect(statusOf()).toMatchObject({
      id: "prod",
      answers: 7,
      counts: { pods: 1, services: 1, workloads: 1, namespaces: 2 },
    });
  });

  it("counts a template as its pods", () => {
    const deployment = `kind: Deployment
apiVersion: apps/v1
metadata: {name: web, namespace: shop}
spec: {replicas: 5, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
`;
    expect(statusOf(snapshotFromYaml(deployment, "manifests"), "manifests").counts.pods).toBe(5);
  });

  it("names what was not read as the API spells it, and leaves out what is not served", () => {
    const unread = {
      networkPolicies: { reason: "forbidden", message: "no", remedy: "a rule" },
      grpcRoutes: { reason: "not-served", message: "no such kind" },
    } as const;
    expect(statusOf({ unread }).unread).toEqual([
      { kind: "NetworkPolicy", reason: "forbidden", message: "no", remedy: "a rule" },
    ]);
  });

  it("names what nobody asked to be read, and does not count it as unknown", () => {
    const unread = { secrets: { reason: "switched-off", message: "off" } } as const;
    const ingress = `kind: Ingress
apiVersion: networking.k8s.io/v1
metadata: {name: web, namespace: shop}
spec: {tls: [{hosts: [a.example.com], secretName: web}]}
`;
    const snapshot = snapshotFromYaml(`${yaml}---\n${ingress}`);
    const objects = { ...snapshot.objects, secrets: undefined };
    const status = statusOf({ objects, unread });
    expect(status.unread).toMatchObject([{ kind: "Secret", reason: "switched-off" }]);
    expect(status.counts.unknown).toBe(0);
  });

  it("tells kinds apart that are spelled alike", () => {
    const unread = { calicoNetworkPolicies: { reason: "forbidden", message: "no" } } as const;
    expect(statusOf({ unread }).unread).toMatchObject([{ kind: "NetworkPolicy (crd.projectcalico.org)" }]);
  });

  it("counts policies of every kind", () => {
    const policies = `kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: {name: p, namespace: shop}
spec: {podSelector: {}}
---
kind: EgressFirewall
apiVersion: k8s.ovn.org/v1
metadata: {name: default, namespace: shop}
spec: {egress: []}
`;
    expect(statusOf(snapshotFromYaml(policies)).counts.policies).toBe(2);
  });

  it("gives at most 200 problems and counts all of them", () => {
    const problems = Array.from(
      { length: 300 },
      (_, i) => ({ kind: "invalid", where: `f:${i}`, why: "w" }) as const,
    );
    expect(statusOf({ problems })).toMatchObject({ problems: { length: 200 }, problemCount: 300 });
  });

  it("spells the kind that is read now as the API does", () => {
    const state: SessionState = { kind: "syncing", done: 1, of: 28, objects: 9, reading: "networkPolicies" };
    expect(clusterView({ ...summary, state }).state).toEqual({ ...state, reading: "NetworkPolicy" });
    const nothing: SessionState = { kind: "syncing", done: 0, of: 28, objects: 0 };
    expect(clusterView({ ...summary, state: nothing }).state).toEqual(nothing);
  });
});
