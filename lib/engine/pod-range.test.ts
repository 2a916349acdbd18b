import { describe, expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { podRange } from "./pod-range.ts";

function rangeOf(...cidrs: readonly string[]) {
  const yaml = cidrs.map(
    (cidr, i) => `
apiVersion: v1
kind: Node
metadata: { name: node-${i} }
spec: { podCIDR: ${cidr}, podCIDRs: [${cidr}] }`,
  );
  return podRange(snapshotFromYaml(yaml.join("\n---")).objects.nodes);
}

describe("podRange", () => {
  it.each([
    [["10.244.0.0/24", "10.244.1.0/24"], "10.244.9.9", true],
    [["10.244.0.0/24", "10.244.1.0/24"], "10.245.0.1", false],
    [["10.42.0.0/24"], "10.42.7.1", true],
    [["10.244.0.0/24", "10.246.0.0/24"], "10.245.0.1", true],
    [["10.244.0.0/24"], "fd00::1", false],
    [["10.244.0.0/24"], "db.example.com", false],
  ])("of nodes %j holds %s: %s", (cidrs, address, holds) => {
    expect(rangeOf(...cidrs)?.holds(address)).toBe(holds);
  });

  it("holds only the nodes' own ranges where machines have addresses beside them", () => {
    const yaml = `
apiVersion: v1
kind: Node
metadata: { name: node-0 }
spec: { podCIDR: 10.0.1.0/24 }
status: { addresses: [{ type: InternalIP, address: 10.0.200.4 }, { type: Hostname, address: node-0 }] }`;
    const range = podRange(snapshotFromYaml(yaml).objects.nodes);
    expect(["10.0.1.7", "10.0.9.9"].map((address) => range?.holds(address))).toEqual([true, false]);
  });

  it("cannot tell when nodes have no range, or ranges that have nothing in common", () => {
    expect(podRange(undefined)).toBeUndefined();
    expect(podRange([])).toBeUndefined();
    expect(rangeOf("10.244.0.0/24", "192.168.0.0/24")).toBeUndefined();
    expect(rangeOf("fd00:1::/64")).toBeUndefined();
  });
});
