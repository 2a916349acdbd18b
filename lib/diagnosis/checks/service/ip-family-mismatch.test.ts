import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceEndpointsDrift } from "./endpoints-drift.ts";
import { serviceIpFamilyMismatch } from "./ip-family-mismatch.ts";
import { serviceNoReadyEndpoints } from "./no-ready-endpoints.ts";

const facts = factsFromYaml(checkFixture(import.meta.url));
const { findings } = runChecks(facts, [serviceIpFamilyMismatch]);

it("reports only families without an endpoint or an address: an error where no other family serves", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "service/shop/six",
      "spec.ipFamilies[0]",
      "six asks for IPv6, and its only endpoint has IPv4 addresses only",
    ],
    [
      "error",
      "service/shop/swapped",
      "spec.clusterIPs[0]",
      "The cluster IP fd00::13 of swapped is an IPv6 address where spec.ipFamilies asks for IPv4",
    ],
    [
      "error",
      "service/shop/swapped",
      "spec.clusterIPs[1]",
      "The cluster IP 10.96.0.13 of swapped is an IPv4 address where spec.ipFamilies asks for IPv6",
    ],
    [
      "error",
      "service/shop/written",
      "spec.ipFamilies[0]",
      "written asks for IPv4, and its only endpoint has IPv6 addresses only",
    ],
    [
      "warning",
      "service/shop/both",
      "spec.ipFamilies[1]",
      "both asks for IPv6, and its only endpoint has IPv4 addresses only",
    ],
    [
      "warning",
      "service/shop/outside",
      "spec.externalIPs[1]",
      "The external IP 2001:db8::14 of outside takes no traffic: the Service has no IPv6",
    ],
  ]);
});

it("gives up the second family, which the first does not allow", () => {
  expect(findings.map(({ subject, fix }) => [subject, fix.patch?.body]).filter(([, body]) => body)).toEqual([
    [
      "service/shop/both",
      '{"spec":{"ipFamilyPolicy":"SingleStack","ipFamilies":["IPv4"],"clusterIPs":["10.96.0.11"]}}',
    ],
    ["service/shop/outside", '[{"op":"remove","path":"/spec/externalIPs/1"}]'],
  ]);
});

it("explains a Service without ready endpoints, and is no drift", () => {
  const { findings } = runChecks(facts, [serviceNoReadyEndpoints, serviceEndpointsDrift]);
  expect(findings.map(({ subject, follows }) => [subject, follows])).toContainEqual([
    "service/shop/six",
    [{ object: "service/shop/six", checks: ["service/ip-family-mismatch"] }],
  ]);
  expect(findings.filter(({ code }) => code === "NET-108")).toEqual([]);
});
