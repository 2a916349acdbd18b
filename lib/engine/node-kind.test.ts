import { expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { nodeKind } from "./node-kind.ts";

it.each([
  ["ordinary", "labels: { kubernetes.io/os: linux }", ""],
  ["ordinary", "labels: { node-role.kubernetes.io/control-plane: '' }", ""],
  ["windows", "labels: { kubernetes.io/os: windows }", ""],
  ["windows", "labels: { beta.kubernetes.io/os: windows }", ""],
  ["virtual", "labels: { type: virtual-kubelet, kubernetes.io/os: linux }", ""],
  ["virtual", "", "taints: [{ key: virtual-kubelet.io/provider, value: azure, effect: NoSchedule }]"],
  ["virtual", "labels: { eks.amazonaws.com/compute-type: fargate }", ""],
  ["virtual", "labels: { liqo.io/type: virtual-node }", ""],
  ["managed", "labels: { eks.amazonaws.com/compute-type: auto }", ""],
  ["managed", "labels: { node-role.kubernetes.io/edge: '' }", ""],
])("tells a node that is %s by %s %s", (kind, labels, taints) => {
  const { snapshot } = factsFromYaml(
    `{ apiVersion: v1, kind: Node, metadata: { name: n, ${labels} }, spec: { ${taints} } }`,
  );
  expect(snapshot.objects.nodes?.map(nodeKind)).toEqual([kind]);
});
