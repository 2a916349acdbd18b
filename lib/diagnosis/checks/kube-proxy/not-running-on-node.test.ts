import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { kubeProxyNotRunningOnNode } from "./not-running-on-node.ts";

const run = (text: string) => runChecks(factsFromYaml(text), [kubeProxyNotRunningOnNode]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports the DaemonSet, with the nodes where it fails and those where it has no pod", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "daemon-set/kube-system/kube-proxy",
      "kube-proxy does not run on 2 of 3 nodes: node-2: CrashLoopBackOff, 4 restarts; no pod of it is on node-3",
    ],
  ]);
  expect(findings[0]?.fix.text).toBe(
    "Repair kube-proxy-2; Services do not follow changes there until it runs",
  );
});

it("stays silent where it is seen nowhere: it is replaced, built in or out of sight", () => {
  const without = fixture.replaceAll("registry.k8s.io/kube-proxy:v1.36.2", "example.com/other:1");
  expect(run(without.replaceAll("name: kube-proxy, image", "name: other, image")).findings).toEqual([]);
});

it("takes a node without it for served where most nodes have none: it is being removed", () => {
  const nodes = [1, 2, 3].map(
    (n) => `
---
apiVersion: v1
kind: Node
metadata: { name: other-${n} }
status: { conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: other-${n}, namespace: shop }
spec: { nodeName: other-${n}, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.5.${n} }
`,
  );
  expect(run(fixture + nodes.join("")).findings.map(({ message }) => message)).toEqual([
    "kube-proxy does not run on 1 of 6 nodes: node-2: CrashLoopBackOff, 4 restarts",
  ]);
});

const staticPod = (on: string, ready: string) => `
---
apiVersion: v1
kind: Node
metadata: { name: ${on} }
status: { conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-${on}, namespace: shop }
spec: { nodeName: ${on}, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.1.1 }
---
apiVersion: v1
kind: Pod
metadata:
  name: kube-proxy-${on}
  namespace: kube-system
  ownerReferences: [{ apiVersion: v1, kind: Node, name: ${on}, uid: u, controller: true }]
spec: { nodeName: ${on}, hostNetwork: true, containers: [{ name: kube-proxy, image: registry.k8s.io/kube-proxy }] }
status: { phase: Running, podIP: 192.0.2.1, conditions: [{ type: Ready, status: "${ready}" }] }
`;

it("reports static pods each by itself, and nodes without one", () => {
  const gone = staticPod("node-3", "True").split("---").slice(0, 3).join("---");
  const { findings } = run(staticPod("node-1", "True") + staticPod("node-2", "False") + gone);
  expect(findings.map(({ subject, message }) => [subject, message])).toEqual([
    [
      "node/node-3",
      "kube-proxy does not run on node-3: no pod of it is there, and nothing that replaces it was found",
    ],
    ["pod/kube-system/kube-proxy-node-2", "kube-proxy does not run on node-2: not ready"],
  ]);
});
