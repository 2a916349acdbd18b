import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { nodeNetworkUnavailable } from "./network-unavailable.ts";

const run = (text: string, as?: "dump") => runChecks(factsFromYaml(text, as), [nodeNetworkUnavailable]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only nodes that say so, with what hangs on them", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "node/node-2",
      "Pods on node-2 have no network: CalicoIsDown, Calico is shutting down on this node; 2 pods hang on it, and shop/cart has endpoints nowhere else",
    ],
    [
      "warning",
      "node/node-3",
      "Pods on node-3 have no network: NoRouteCreated, Node created without a route; no pod that needs it is there",
    ],
  ]);
});

it("shows on the pods, on the Services in front of them and on the plugin's DaemonSet, which explains it", () => {
  expect(findings[0]?.touches).toEqual([
    "pod/shop/cart-0",
    "pod/shop/web-0",
    "service/shop/cart",
    "service/shop/web",
    "daemon-set/kube-system/calico-node",
  ]);
  expect(findings[0]?.follows).toEqual([
    { object: "daemon-set/kube-system/calico-node", checks: ["cni/not-running-on-node"] },
  ]);
  expect(findings[0]?.fix.text).toBe(
    "Repair Calico on node-2, where calico-node-2 is not ready; the condition goes away once it runs",
  );
});

it("asks the cloud for a route where the plugin runs", () => {
  expect(findings[1]?.follows).toEqual([]);
  expect(findings[1]?.fix.text).toBe(
    "Look at the cloud provider's route controller: it has made no route to the pods of node-3",
  );
});

const joined = (age: string, pod = "") => `
apiVersion: v1
kind: Node
metadata: { name: n, uid: u, creationTimestamp: "2026-01-01T00:0${age}:00Z" }
status:
  conditions:
    - { type: NetworkUnavailable, status: "True", reason: NoRouteCreated, lastTransitionTime: "2026-01-01T00:00:00Z" }
---
apiVersion: v1
kind: Event
metadata: { name: e, namespace: default, uid: u, creationTimestamp: "2026-01-01T00:09:00Z" }
involvedObject: { kind: Node, name: other }
${pod}`;

const running = `---
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: default, uid: u }
spec: { nodeName: n, containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.1 }
`;

it.each([
  ["has just joined", joined("7", running.replace("Running", "Pending")), 0],
  ["joined a while ago", joined("1"), 1],
  ["has just joined and runs pods", joined("7", running), 1],
])("gives a node that %s its time", (_, yaml, count) => {
  expect(run(yaml, "dump").findings).toHaveLength(count);
});
