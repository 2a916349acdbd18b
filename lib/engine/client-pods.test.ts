import { expect, it } from "vitest";
import { pod } from "#lib/testing/cluster-yaml.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { clientPods, leftWithout } from "./client-pods.ts";

const yaml = [
  pod("shop/web-1", { node: "node-1" }),
  pod("shop/web-2", { node: "node-2" }),
  pod("shop/web-3", { node: "node-2", ready: false }),
  pod("pay/api-1", { node: "node-3" }),
  pod("kube-system/coredns-1", { node: "node-4" }),
  // None of these calls anyone.
  pod("shop/job-1", { node: "node-5", phase: "Succeeded" }),
  pod("shop/new-1", { phase: "Pending" }),
  pod("shop/old-1", { node: "node-5", meta: 'deletionTimestamp: "2026-01-01T00:00:00Z"' }),
  pod("shop/agent-1", { node: "node-5", spec: "hostNetwork: true" }),
].join("");
const clients = clientPods(snapshotFromYaml(yaml).objects.pods ?? [], ({ nodeName }) => nodeName);

it("counts pods that may send, by where they run: all but the system's, or those of one namespace", () => {
  expect(clients()).toEqual({
    places: ["node-1", "node-2", "node-3"],
    counts: new Map([
      ["node-1", 1],
      ["node-2", 2],
      ["node-3", 1],
    ]),
    total: 4,
  });
  expect(clients("kube-system").places).toEqual(["node-4"]);
  expect(clients("nowhere")).toEqual({ places: [], counts: new Map(), total: 0 });
});

it("tells what is left without some places", () => {
  expect(leftWithout(clients(), new Set(["node-2", "node-9"]))).toEqual({
    places: 2,
    pods: 2,
    first: ["node-1", "node-3"],
  });
  expect(leftWithout(clients("shop"), new Set(["node-1", "node-2"]))).toEqual({
    places: 0,
    pods: 0,
    first: [],
  });
});
