import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { podDuplicateIp } from "./duplicate-ip.ts";

const run = (text: string) => runChecks(factsFromYaml(text), [podDuplicateIp]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only live pods that share an address of their own", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "pod/ops/backup-0",
      "backup-0 and data/db-0 have the same address, 10.244.1.6: a packet to it reaches only one of them",
    ],
    [
      "error",
      "pod/shop/cart-1",
      "cart-1 and cart-0 have the same address, 10.244.1.5 and fd00:10:244:1::5: a packet to it reaches only one of them",
    ],
    [
      "warning",
      "pod/shop/reader-0",
      "reader-0 and reader-1 have the same address, 10.244.3.9: a packet to it reaches only one of them; node-3 stopped reporting, so that its pod may be gone",
    ],
  ]);
});

it("shows on both pods, their workloads and the Services in front of them", () => {
  expect(findings[1]?.touches).toEqual(["stateful-set/shop/cart", "service/shop/cart", "pod/shop/cart-0"]);
});

it("finds both pods by their address", () => {
  expect(findings[0]?.kubectl).toBe("kubectl get pods -A -o wide --field-selector status.podIP=10.244.1.6");
});

const onNodes = (first: string, second: string) => `
apiVersion: v1
kind: Node
metadata: { name: node-1 }
spec: { podCIDRs: [${first}] }
---
apiVersion: v1
kind: Node
metadata: { name: node-2 }
spec: { podCIDRs: [${second}] }
---
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { nodeName: node-1, containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.1.9 }
---
apiVersion: v1
kind: Pod
metadata: { name: b }
spec: { nodeName: node-2, containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.1.9 }
`;

it("follows from nodes whose ranges overlap, or from an address that is not of its node's range", () => {
  const checks = (yaml: string) => run(yaml).findings[0]?.follows;
  expect(checks(onNodes("10.0.1.0/24", "10.0.0.0/16"))).toEqual([
    { object: "node/node-1", checks: ["node/cidr-overlap"] },
    { object: "node/node-2", checks: ["node/cidr-overlap"] },
  ]);
  expect(checks(onNodes("10.0.1.0/24", "10.0.2.0/24"))).toEqual([
    { object: "node/node-1", checks: ["node/cidr-overlap"] },
    { object: "node/node-2", checks: ["pod/ip-outside-pod-cidr"] },
  ]);
});

it("reports each pod but the oldest, where more than two share an address", () => {
  const pod = (name: string, minute: number) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, creationTimestamp: "2026-01-01T00:0${minute}:00Z" }
spec: { containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.9 }
`;
  const { findings } = run([pod("a", 2), pod("b", 1), pod("c", 3)].join("---\n"));
  expect(findings.map(({ message }) => message.split(":")[0])).toEqual([
    "a, b and 1 other pod have the same address, 10.0.0.9",
    "c, b and 1 other pod have the same address, 10.0.0.9",
  ]);
});

it("is not sure of a pod on a virtual node, which may be in another network", () => {
  const { findings } = run(`
apiVersion: v1
kind: Node
metadata: { name: virtual, labels: { type: virtual-kubelet } }
---
apiVersion: v1
kind: Pod
metadata: { name: burst }
spec: { nodeName: virtual, containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.9 }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: c, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.9 }
`);
  expect(findings.map(({ severity }) => severity)).toEqual(["warning"]);
});
