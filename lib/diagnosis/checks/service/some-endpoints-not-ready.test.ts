import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { node, pod, service } from "#lib/testing/cluster-yaml.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceSomeEndpointsNotReady } from "./some-endpoints-not-ready.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceSomeEndpointsNotReady]);

it("reports only Services of which a part is not ready, and why", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "warning",
      "service/shop/cart",
      "2 of 3 endpoints of cart take traffic; not ready: cart-2: container cart is running but not ready for a few seconds; it has a readiness probe: TCP connection on port 8080",
    ],
  ]);
});

it("shows on the pods that are not ready, and only on those", () => {
  expect(findings[0]?.touches).toEqual(["pod/shop/cart-2"]);
  expect(findings[0]?.fix.text).toBe("Repair cart-2; the Service cart needs no change");
  expect(findings[0]?.kubectl).toBe("kubectl -n shop get pods -l app=cart -o wide");
});

it("follows from the node that keeps the others from being ready", () => {
  const yaml =
    node("node-2", ["192.168.0.2"]).replace(
      "status:",
      'status:\n  conditions: [{ type: Ready, status: "True" }, { type: NetworkUnavailable, status: "True" }]',
    ) +
    service("shop/web") +
    pod("shop/web-1", { ips: ["10.0.1.1"] }) +
    pod("shop/web-2", { ips: ["10.0.2.1"], node: "node-2", ready: false });
  expect(
    runChecks(factsFromYaml(yaml), [serviceSomeEndpointsNotReady]).findings.map(({ follows }) => follows),
  ).toEqual([[{ object: "node/node-2", checks: ["node/network-unavailable", "node/not-ready"] }]]);
});
