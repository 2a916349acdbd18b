import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Node } from "#lib/model/objects.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { contains, parseAddress, parseCidr } from "../cidr.ts";
import { nodeRanges } from "./ranges.ts";

function nodesOf(ranges: Readonly<Record<string, string>>): readonly Node[] {
  const yaml = Object.entries(ranges).map(
    ([name, cidrs]) =>
      `{ apiVersion: v1, kind: Node, metadata: { name: ${name} }, spec: { podCIDRs: [${cidrs}] } }`,
  );
  return snapshotFromYaml(yaml.join("\n---\n")).objects.nodes ?? [];
}

const held = (ranges: Readonly<Record<string, string>>, address: string) => {
  const parsed = parseAddress(address);
  if (parsed === undefined) throw new Error(address);
  return nodeRanges(nodesOf(ranges)).holding(parsed)?.node.name;
};

const overlapping = (ranges: Readonly<Record<string, string>>) =>
  [...nodeRanges(nodesOf(ranges)).overlaps()]
    .map(([range, other]) => `${range.node.name} ${other.node.name}`)
    .sort();

describe("the node in whose range an address lies", () => {
  it.each([
    ["10.244.1.7", "b"],
    ["10.244.2.7", undefined],
    ["fd00:10:244:1::7", "b"],
    // The smallest of two that nest.
    ["10.245.0.7", "d"],
    ["10.245.1.7", "c"],
  ])("is found for %s", (address, node) => {
    const ranges = {
      a: "10.244.0.0/24",
      b: '10.244.1.0/24, "fd00:10:244:1::/64"',
      c: "10.245.0.0/16",
      d: "10.245.0.0/24",
    };
    expect(held(ranges, address)).toBe(node);
  });
});

describe("ranges that overlap another node's", () => {
  it.each([
    ["apart", { a: "10.244.0.0/24", b: "10.244.1.0/24" }, []],
    ["of two families", { a: "10.244.0.0/24", b: '"fd00::/64"' }, []],
    ["alike", { a: "10.244.0.0/24", b: "10.244.0.0/24", c: "10.244.0.0/24" }, ["a b", "b a", "c a"]],
    ["one in the other", { a: "10.244.0.0/16", b: "10.244.7.0/24", c: "10.245.0.0/24" }, ["a b", "b a"]],
    ["in one that is another's", { a: "10.244.7.0/24", b: "10.244.0.0/16" }, ["a b", "b a"]],
  ])("are none, or named with the first of the others: %s", (_, ranges, expected) => {
    expect(overlapping(ranges)).toEqual(expected);
  });

  it("are those that comparing every two finds", () => {
    const block = fc
      .tuple(fc.constantFrom(14, 16, 20, 24), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 31 }))
      .map(([length, a, b]) => `10.${a}.${b}.0/${length}`);
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
        const ranges = Object.fromEntries(
          blocks.map((each, at) => [`n${String(at).padStart(2, "0")}`, each]),
        );
        const parsed = Object.entries(ranges).map(([name, text]) => ({ name, cidr: parseCidr(text) }));
        const expected = parsed.flatMap((range) => {
          const other = parsed.find(
            ({ name, cidr }) =>
              name !== range.name &&
              cidr !== undefined &&
              range.cidr !== undefined &&
              (contains(cidr, range.cidr) || contains(range.cidr, cidr)),
          );
          return other === undefined ? [] : [`${range.name} ${other.name}`];
        });
        expect(overlapping(ranges)).toEqual(expected.sort());
      }),
      { numRuns: 200 },
    );
  });
});
