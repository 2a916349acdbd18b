import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { Node } from "#lib/model/objects.ts";
import { readObject } from "./read-object.ts";

function node(yaml: string): Node {
  const outcome = readObject(load(yaml));
  if (outcome.kind !== "object" || outcome.object.kind !== "node") throw new Error(JSON.stringify(outcome));
  return outcome.object;
}

describe("readNode", () => {
  it("reads a node that nobody has reported on yet", () => {
    expect(node("{ apiVersion: v1, kind: Node, metadata: { name: node-1 } }")).toMatchObject({
      addresses: [],
      podCIDRs: [],
      unschedulable: false,
      taints: [],
      conditions: [],
    });
  });

  it("keeps the keys of taints, and the ranges of both families", () => {
    const read = node(`
      apiVersion: v1
      kind: Node
      metadata: { name: node-1 }
      spec:
        podCIDR: 10.244.1.0/24
        podCIDRs: [10.244.1.0/24, "fd00:10:244:1::/64"]
        taints: [{ key: virtual-kubelet.io/provider, value: azure, effect: NoSchedule }]
    `);
    expect(read.taints).toEqual(["virtual-kubelet.io/provider"]);
    expect(read.podCIDRs).toEqual(["10.244.1.0/24", "fd00:10:244:1::/64"]);
  });
});
