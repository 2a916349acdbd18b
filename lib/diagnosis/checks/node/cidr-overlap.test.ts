import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { nodeCidrOverlap } from "./cidr-overlap.ts";

const run = (text: string) => runChecks(factsFromYaml(text), [nodeCidrOverlap]);
const { findings } = run(checkFixture(import.meta.url));

it("reports ranges that overlap each other, a node or the Service range", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "node/node-2",
      "spec.podCIDRs[0]",
      "The pods' range of node-2, 10.244.1.0/24, overlaps that of node-1, 10.244.1.0/24: two pods may get one address, and routes lead to one of the nodes",
    ],
    [
      "error",
      "node/node-3",
      "spec.podCIDRs[0]",
      "The pods' range of node-3, 10.244.0.0/22, overlaps that of node-1, 10.244.1.0/24: two pods may get one address, and routes lead to one of the nodes",
    ],
    [
      "error",
      "node/node-4",
      "status.addresses[0]",
      "The address of node-4, 10.244.1.200, lies in the range of the pods of node-1, 10.244.1.0/24: pods cannot reach the node",
    ],
    [
      "error",
      "service/default/kubernetes",
      "IPv4",
      "The Service range, 10.96.0.0/19 at least, overlaps the pods' ranges of node-5 (10.96.7.0/24), and has the addresses of 1 pod in it: shop/web-1; Service shop/cart has an address of a node's pods",
    ],
  ]);
});

const cluster = (podIp: string, address: string) => `
apiVersion: v1
kind: Node
metadata: { name: node-1 }
spec: { podCIDR: 192.168.0.0/24, podCIDRs: [192.168.0.0/24] }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: ${podIp} }
`;

it.each([
  ["says nothing of ranges that no pod has its address from: the plugin keeps its own", "10.0.7.4", 0],
  [
    "goes by the cluster's range, where a plugin cuts it otherwise than the nodes' ranges say",
    "192.168.139.65",
    1,
  ],
])("%s", (_, podIp, count) => {
  expect(run(cluster(podIp, "192.168.0.10")).findings).toHaveLength(count);
});

it("knows a bridge's address in a node's own range from the node's", () => {
  expect(run(cluster("192.168.0.5", "192.168.0.1")).findings).toEqual([]);
});

it("only warns where no Service has an address of the pods' yet", () => {
  const yaml = `
apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 192.168.0.1, clusterIPs: [192.168.0.1], ports: [{ port: 443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 192.168.3.9, clusterIPs: [192.168.3.9], ports: [{ port: 80 }] }
---
${cluster("192.168.1.5", "192.0.2.1").replaceAll("192.168.0.0/24", "192.168.1.0/24")}`;
  expect(run(yaml).findings.map(({ severity }) => severity)).toEqual(["warning"]);
});

const ipv6 = (range: string, address: string) => `
apiVersion: v1
kind: Node
metadata: { name: node-1 }
spec: { podCIDR: "fd00:10:244::/64", podCIDRs: ["fd00:10:244::/64"] }
status: { addresses: [{ type: InternalIP, address: "fd00:20::1" }] }
---
apiVersion: v1
kind: Node
metadata: { name: node-2 }
spec: { podCIDR: "${range}", podCIDRs: ["${range}"] }
status: { addresses: [{ type: InternalIP, address: "${address}" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: "fd00:10:244::5" }
---
apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: "fd00:10:96::1", clusterIPs: ["fd00:10:96::1"], ports: [{ port: 443 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: "fd00:10:96::a1", clusterIPs: ["fd00:10:96::a1"], ports: [{ port: 80 }] }
`;

it.each([
  ["apart", "fd00:10:244:1::/64", "fd00:20::2", []],
  ["two nodes' ranges", "fd00:10:244::/63", "fd00:20::2", ["node/node-2 spec.podCIDRs[0]"]],
  ["a node's address", "fd00:10:244:1::/64", "fd00:10:244::9", ["node/node-2 status.addresses[0]"]],
  ["Services", "fd00:10:96::/64", "fd00:20::2", ["service/default/kubernetes IPv6"]],
])("sees it in IPv6: %s", (_, range, address, expected) => {
  expect(run(ipv6(range, address)).findings.map(({ subject, part }) => `${subject} ${part}`)).toEqual(
    expected,
  );
});

it("tells both families of one node apart", () => {
  const node = (name: string) => `
apiVersion: v1
kind: Node
metadata: { name: ${name} }
spec: { podCIDRs: [10.244.1.0/24, "fd00:10:244:1::/64"] }
---
`;
  const pod = `
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: shop }
spec: { nodeName: a, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.244.1.5 }
`;
  expect(run(node("a") + node("b") + pod).findings.map(({ subject, part }) => `${subject} ${part}`)).toEqual([
    "node/b spec.podCIDRs[0]",
    "node/b spec.podCIDRs[1]",
  ]);
});
