import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { nodeNotReady } from "./not-ready.ts";

const run = (text: string, as?: "dump") => runChecks(factsFromYaml(text, as), [nodeNotReady]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only nodes whose kubelets say so or say nothing any more, with what hangs on them", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "node/node-2",
      "node-2 stopped reporting: NodeStatusUnknown, Kubelet stopped posting node status; 1 pod hangs on it, and 1 Service has an endpoint there",
    ],
    [
      "error",
      "node/node-3",
      "node-3 is not ready: KubeletNotReady, container runtime network not ready: cni plugin not initialized; 1 pod hangs on it, and shop/ledger has endpoints nowhere else",
    ],
    [
      "warning",
      "node/node-4",
      "node-4 is not ready: KubeletNotReady, node is shutting down; nothing but DaemonSets' pods is on it",
    ],
  ]);
});

it("follows from the network plugin only where the kubelet says that it is the network", () => {
  expect(findings.map(({ follows }) => follows)).toEqual([
    [],
    [{ object: "daemon-set/kube-system/calico-node", checks: ["cni/not-running-on-node"] }],
    [],
  ]);
});

it("shows on the pods and on the Services in front of them", () => {
  expect(findings[0]?.touches).toEqual(["pod/shop/cart-0", "service/shop/cart"]);
});

it.each([
  ["gives a node that has just joined its time", "False", 0],
  ["does not wait for one that stopped reporting", "Unknown", 1],
])("%s", (_, status, count) => {
  const yaml = `
apiVersion: v1
kind: Node
metadata: { name: n, uid: u, creationTimestamp: "2026-01-01T00:00:00Z" }
status: { conditions: [{ type: Ready, status: "${status}", lastTransitionTime: "2026-01-01T00:02:00Z" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: default, uid: u }
spec: { nodeName: n, containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Pending }
`;
  expect(run(yaml, "dump").findings).toHaveLength(count);
});
