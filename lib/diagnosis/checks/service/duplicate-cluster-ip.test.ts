import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceDuplicateClusterIp } from "./duplicate-cluster-ip.ts";

const yaml = checkFixture(import.meta.url);
const run = (as?: "manifests") => runChecks(factsFromYaml(yaml, as), [serviceDuplicateClusterIp]).findings;

it("reports the younger of Services with one address: an error where they share a port", () => {
  expect(run().map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "service/pay/copy",
      "spec.clusterIPs[0]",
      "copy has the cluster IP 10.96.0.20, which shop/original has as well, and both take port 80",
    ],
    [
      "error",
      "service/shop/six",
      "spec.clusterIPs[1]",
      "six has the cluster IP fd00:0:0:0::21, which shop/five has as well, and both take port 53/UDP",
    ],
    [
      "warning",
      "service/pay/apart",
      "spec.clusterIPs[0]",
      "apart has the cluster IP 10.96.0.20, which shop/original has as well",
    ],
  ]);
});

it("warns of manifests, the second of which the API server would refuse", () => {
  expect(new Set(run("manifests").map(({ severity }) => severity))).toEqual(new Set(["warning"]));
  expect(run("manifests")[0]?.fix.text).toBe("Leave clusterIP out of apart, so that a free one is chosen");
});
