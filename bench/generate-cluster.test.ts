import { describe, expect, it } from "vitest";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import { assembleSnapshot } from "#lib/server/sources/assemble-snapshot.ts";
import { readObject } from "#lib/server/sources/objects/read-object.ts";
import type { ApiObject } from "./cluster/api-object.ts";
import { type ClusterOptions, generateCluster } from "./generate-cluster.ts";

const small: ClusterOptions = { pods: 300, namespaces: 8, nodes: 10 };

function named(objects: readonly ApiObject[], kind: string): readonly ApiObject[] {
  return objects.filter((object) => object.kind === kind);
}

function findingsIn(options: ClusterOptions) {
  const objects: ClusterObject[] = [];
  for (const object of generateCluster(options)) {
    const outcome = readObject(object);
    if (outcome.kind === "object") objects.push(outcome.object);
  }
  const takenAt = "2026-11-21T08:00:00Z";
  const snapshot = assembleSnapshot({ objects, origin: "dump", takenAt, complete: true });
  return runChecks(compileFacts(snapshot, takenAt)).findings;
}

describe("generateCluster", () => {
  const objects = [...generateCluster(small)];

  it("gives the same objects for the same options, and others for another seed", () => {
    expect(JSON.stringify([...generateCluster(small)])).toBe(JSON.stringify(objects));
    expect(JSON.stringify([...generateCluster({ ...small, seed: 2 })])).not.toBe(JSON.stringify(objects));
  });

  it.each([
    [1, {}],
    [30, {}],
    [300, small],
    [2_000, { namespaces: 50 }],
  ])("has exactly %i pods, and the namespaces and nodes that were asked for", (pods, options) => {
    const made = [...generateCluster({ ...options, pods })];
    expect(named(made, "Pod")).toHaveLength(pods);
    const defaultCount = Math.ceil(pods / 40);
    const { namespaces = defaultCount, nodes = defaultCount }: Partial<ClusterOptions> = options;
    expect(named(made, "Node")).toHaveLength(nodes);
    // default, edge and kube-system come on top.
    expect(named(made, "Namespace")).toHaveLength(namespaces + 3);
  });

  it("refuses more pods than its nodes have addresses for", () => {
    expect(() => [...generateCluster({ pods: 600, nodes: 1 })]).toThrow(RangeError);
  });

  it.each(["left-out", "written"] as const)("makes only what is read, managed fields %s", (managedFields) => {
    const unread = [...generateCluster({ ...small, managedFields })]
      .map((object) => readObject(object))
      .filter((outcome) => outcome.kind !== "object");
    expect(unread).toEqual([]);
  });

  it("gives no id and no pod address twice", () => {
    const ids = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
    const ips = named(objects, "Pod").map(
      (pod) => JSON.stringify(readObject(pod)).match(/"ips":\["([^"]+)"\]/)?.[1],
    );
    expect(ips).not.toContain(undefined);
    expect(new Set(ips).size).toBe(ips.length);
  });

  it.each([
    ["written", 9_000, 11_000],
    ["left-out", 4_500, 6_000],
  ] as const)("makes pods that weigh what real ones do, managed fields %s", (managedFields, least, most) => {
    const pods = named([...generateCluster({ ...small, managedFields })], "Pod");
    const mean = pods.reduce((sum, pod) => sum + JSON.stringify(pod).length, 0) / pods.length;
    expect(mean).toBeGreaterThan(least);
    expect(mean).toBeLessThan(most);
  });

  it("is broken in every way that it means to be", () => {
    const found = new Set(findingsIn({ pods: 3_500, namespaces: 20 }).map((finding) => finding.check));
    const meant = [
      "ingress/backend-port-missing",
      "ingress/backend-service-missing",
      "policy/peer-matches-nothing",
      "policy/selects-nothing",
      "route/backend-missing",
      "route/not-attached",
      "route/reference-not-permitted",
      "service/load-balancer-pending",
      "service/no-ready-endpoints",
      "service/selector-matches-nothing",
      "service/some-endpoints-not-ready",
      "service/target-port-name-unresolved",
    ];
    expect(meant.filter((check) => !found.has(check))).toEqual([]);
  });

  it("is broken about as much as it is asked to be", () => {
    const size = { pods: 2_000, namespaces: 8, nodes: 10 };
    const services = named([...generateCluster(size)], "Service").length;
    const errors = findingsIn({ ...size, broken: 0.1 }).filter(({ severity }) => severity === "error");
    // A policy that selects nothing and a probe that fails on one pod are no errors: eight faults of twelve are.
    const share = new Set(errors.map(({ subject }) => subject)).size / services;
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.13);
  });
});
