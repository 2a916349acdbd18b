import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceLoadBalancerPending } from "./load-balancer-pending.ts";

const yaml = checkFixture(import.meta.url);
const run = (as?: "manifests" | "dump") => runChecks(factsFromYaml(yaml, as), [serviceLoadBalancerPending]);

it("reports only load balancers without an address, with the cause as events tell it", () => {
  expect(
    run().findings.map(({ severity, subject, message, fix }) => [severity, subject, message, fix.text]),
  ).toEqual([
    [
      "warning",
      "service/shop/front",
      "The load balancer of front has no address: SyncLoadBalancerFailed: Error syncing load balancer: quota exceeded for static addresses",
      "Clear what the event names; front gets its address by itself then",
    ],
    [
      "warning",
      "service/shop/internal",
      "The load balancer of internal has no address: no event tells why; nothing has answered for its load balancer class example.com/internal",
      "Check that a load balancer controller for class example.com/internal runs in this cluster, or make internal a NodePort or ClusterIP Service",
    ],
  ]);
});

it("stays silent about manifests, which have no status to judge by", () => {
  expect(run("manifests").findings).toEqual([]);
});
