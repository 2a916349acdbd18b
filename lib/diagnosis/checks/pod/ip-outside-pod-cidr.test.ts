import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { podIpOutsidePodCidr } from "./ip-outside-pod-cidr.ts";

const run = (text: string) => runChecks(factsFromYaml(text), [podIpOutsidePodCidr]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);
const flannel = "ghcr.io/flannel-io/flannel:v0.27.0";

it("reports each node with pods outside its range, and each pod that has a Service's address", () => {
  expect(findings.map(({ subject, message, nearMiss }) => [subject, message, nearMiss])).toEqual([
    [
      "node/node-1",
      "kube-system/coredns-0 (10.88.0.2) has an address outside the range of node-1, 10.244.1.0/24 and fd00:10:244:1::/64, so that no route leads there",
      undefined,
    ],
    [
      "node/node-2",
      "shop/web-1 (10.244.1.9) and shop/web-2 (10.244.1.10) have addresses outside the range of node-2, 10.244.2.0/24, so that no route leads there",
      "10.244.1.9 lies in the range of node-1, 10.244.1.0/24: packets to it go there",
    ],
    [
      "pod/shop/taken-0",
      "taken-0 has the address 10.96.7.7, which is the cluster IP of Service shop/cart: packets to it go to the Service",
      undefined,
    ],
  ]);
});

it("shows on the pods and the Services in front of them", () => {
  expect(findings[0]?.touches).toEqual(["pod/kube-system/coredns-0", "service/kube-system/kube-dns"]);
});

it.each([
  ["keeps its own ranges", "quay.io/calico/node:v3.31.0"],
  ["keeps its own ranges, by default", "quay.io/cilium/cilium:v1.18.0"],
  ["takes addresses from the cloud's network", "602401143452.dkr.ecr.amazonaws.com/amazon-k8s-cni:v1.19.0"],
  ["is not known", "example.com/cni:1"],
])("takes no address for outside where a plugin %s", (_, image) => {
  expect(run(fixture.replace(flannel, image)).findings.map(({ subject }) => subject)).toEqual([
    "pod/shop/taken-0",
  ]);
});

it("goes by the nodes' ranges in Canal, where Calico only enforces policies", () => {
  const canal = fixture.replace(
    `{ name: flannel, image: "${flannel}" }`,
    `{ name: calico, image: "calico/node:v3" }, { name: flannel, image: "${flannel}" }`,
  );
  expect(run(canal).findings).toHaveLength(3);
});

it("takes no address for outside where Multus lets pods choose their network", () => {
  const multus = `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: kube-multus-ds, namespace: kube-system }
spec:
  selector: { matchLabels: { app: multus } }
  template:
    metadata: { labels: { app: multus } }
    spec: { containers: [{ name: multus, image: "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2" }] }
`;
  expect(run(fixture + multus).findings).toHaveLength(1);
});
