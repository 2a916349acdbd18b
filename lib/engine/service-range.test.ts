import { expect, it } from "vitest";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { parseCidr } from "./cidr.ts";
import { firstGivenIn, serviceRange } from "./service-range.ts";

const range = (ips: readonly string[], family: 4 | 6 = 4) => {
  const yaml = ips.map(
    (ip, at) =>
      `{ apiVersion: v1, kind: Service, metadata: { name: s${at} }, spec: { clusterIPs: ["${ip}"], ports: [{ port: 80 }] } }`,
  );
  return serviceRange(snapshotFromYaml(yaml.join("\n---\n")).objects.services ?? [], family);
};

it.each([
  [["10.96.0.1", "10.96.0.10", "10.96.135.119"], "10.96.0.0/16"],
  [["10.96.0.1", "10.103.4.5"], "10.96.0.0/13"],
  [["10.43.0.1"], "10.43.0.1/32"],
  // No range is as large as this: there are two, and what lies between them belongs to nobody.
  [["10.96.0.1", "172.20.0.1"], undefined],
  [["None"], undefined],
])("is at least what holds the addresses %j", (ips, expected) => {
  expect(range(ips).atLeast?.text).toBe(expected);
});

it("keeps the families apart", () => {
  const ips = ["10.96.0.1", "fd00:96::1", "fd00:96::a"];
  expect(range(ips, 6).given.map(({ service }) => service.name)).toEqual(["s1", "s2"]);
  expect(range(ips, 6).atLeast?.text).toBe("fd00:96::1/124");
});

it.each([
  ["10.96.0.0/24", "s0"],
  ["10.96.1.0/24", "s1"],
  ["10.96.2.0/24", undefined],
  ["10.95.0.0/16", undefined],
])("finds the first address given out in %s", (block, expected) => {
  const cidr = parseCidr(block);
  if (cidr === undefined) throw new Error(block);
  expect(firstGivenIn(range(["10.96.0.1", "10.96.1.7", "10.96.1.9"]), cidr)?.name).toBe(expected);
});
