import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { gatewayNoAddress } from "./no-address.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [gatewayNoAddress]);

it("reports only Gateways whose status has no address, with the reason that is given", () => {
  expect(findings.map(({ subject, severity, message }) => [subject, severity, message])).toEqual([
    [
      "gateway/edge/exhausted",
      "warning",
      "exhausted has no address: AddressNotUsable: 198.51.100.9 is taken",
    ],
    [
      "gateway/edge/pending",
      "warning",
      "pending has no address: the load balancer of its Service envoy-gateway-system/envoy-edge-pending has none",
    ],
    ["gateway/edge/refused", "warning", "refused has no address"],
    ["gateway/edge/nodes", "info", "nodes has no address: its Service edge/nodes is of type NodePort"],
  ]);
});

it("follows from the Service that waits, or from what keeps the Gateway from being accepted", () => {
  expect(findings.map(({ follows }) => follows.map(({ object }) => object))).toEqual([
    [],
    ["service/envoy-gateway-system/envoy-edge-pending"],
    ["gateway-class/envyo", "gateway/edge/refused"],
    [],
  ]);
  expect(findings[1]).toMatchObject({
    fix: { text: "Give the Service envoy-edge-pending its address; pending has it by itself then" },
    kubectl: "kubectl -n envoy-gateway-system describe service envoy-edge-pending",
    touches: ["service/envoy-gateway-system/envoy-edge-pending"],
  });
});

it("hangs under the Service's finding, and under the class that does not exist", () => {
  const { problems } = runChecks(factsFromYaml(yaml));
  const under = (code: string) =>
    problems
      .filter(({ root }) => root.code === code)
      .flatMap(({ consequences }) => consequences.map(({ finding }) => finding.subject));
  expect(under("NET-105")).toEqual(["gateway/edge/pending"]);
  expect(under("NET-310")).toEqual(["gateway/edge/refused"]);
});
