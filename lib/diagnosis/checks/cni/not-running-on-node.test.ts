import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { cniNotRunningOnNode } from "./not-running-on-node.ts";

const run = (text: string, as?: "dump" | "manifests") =>
  runChecks(factsFromYaml(text, as), [cniNotRunningOnNode]);
const { findings } = run(checkFixture(import.meta.url));

it("reports the DaemonSet, with the nodes where it fails and those where it has no pod", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "daemon-set/kube-system/calico-node",
      "calico-node does not run on 2 of 3 nodes: node-2: CrashLoopBackOff, 7 restarts; no pod of it is on node-3",
    ],
  ]);
  expect(findings[0]?.touches).toEqual(["node/node-2", "node/node-3", "pod/kube-system/calico-node-2"]);
  expect(findings[0]?.evidence).toContainEqual({
    object: "node/node-3",
    path: "spec.taints",
    value: "dedicated",
  });
  expect(findings[0]?.kubectl).toBe("kubectl -n kube-system get pods -l k8s-app=calico-node -o wide");
});

interface Made {
  readonly node?: string;
  readonly agent?: string;
  readonly meta?: string;
  readonly ready?: "True" | "False";
}

/** node-1 with a pod that needs the network, and a DaemonSet of this image with a pod there, unless it is "none". */
const made = ({ node = "True", agent = "quay.io/calico/node:v3.31.0", meta = "", ready = "False" }: Made) => `
apiVersion: v1
kind: Node
metadata: { name: node-1 }
status: { conditions: [{ type: Ready, status: "${node}", message: disk is full }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: shop, uid: u, creationTimestamp: "2026-01-01T00:10:00Z" }
spec: { nodeName: node-1, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.1.1 }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: kube-system }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { hostNetwork: true, containers: [{ name: agent, image: "${agent}" }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: agent-1
  namespace: kube-system
  ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: u, controller: true }]
  ${meta}
spec: { nodeName: node-1, hostNetwork: true, containers: [{ name: agent, image: "${agent}" }] }
status: { phase: Running, podIP: 192.0.2.1, conditions: [{ type: Ready, status: "${ready}" }] }
`;

it.each([
  ["one that fails for long", made({}), 1],
  ["one that is replaced", made({ meta: 'deletionTimestamp: "2026-01-01T00:10:00Z"' }), 0],
  ["one that has just started", made({ meta: 'creationTimestamp: "2026-01-01T00:09:00Z"' }), 0],
  ["one that is ready", made({ ready: "True" }), 0],
  ["a program that has nothing to do with the network", made({ agent: "example.com/node-exporter:1" }), 0],
  ["a policy agent", made({ agent: "mcr.microsoft.com/containernetworking/azure-npm:v1.5" }), 1],
])("looks at %s", (_, yaml, count) => {
  expect(run(yaml, "dump").findings).toHaveLength(count);
});

it("follows from a node that is not ready for another reason", () => {
  expect(run(made({ node: "False" })).findings.map(({ follows }) => follows)).toEqual([
    [{ object: "node/node-1", checks: ["node/not-ready"] }],
  ]);
});

it("warns only, where no pod of the plugin is on a node that does not complain", () => {
  const other = made({ ready: "True" }).replaceAll("node-1", "node-2").replaceAll("agent-1", "agent-2");
  const without = made({}).split("---").slice(0, 2).join("---");
  expect(run(`${other}---${without}`).findings.map(({ severity, message }) => [severity, message])).toEqual([
    ["warning", "agent (Calico) does not run on 1 of 2 nodes: no pod of it is on node-1"],
  ]);
});

it("takes a node without it for another plugin's, where most nodes have none", () => {
  const without = [1, 2].map((n) =>
    made({})
      .split("---")
      .slice(0, 2)
      .join("---")
      .replaceAll("node-1", `other-${n}`)
      .replace("web-0", `web-${n}`),
  );
  expect(run([made({ ready: "True" }), ...without].join("---")).findings).toEqual([]);
});

it("says nothing of manifests, where nothing runs", () => {
  expect(run(made({}), "manifests").findings).toEqual([]);
});
