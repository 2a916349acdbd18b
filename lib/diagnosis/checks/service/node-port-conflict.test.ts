import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceNodePortConflict } from "./node-port-conflict.ts";

const yaml = checkFixture(import.meta.url);
const run = (as?: "manifests") => runChecks(factsFromYaml(yaml, as), [serviceNodePortConflict]).findings;

it("reports only claims of a number and protocol that an older Service has", () => {
  expect(run().map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "service/pay/copy",
      "spec.ports[1].nodePort",
      "Node port 30443/TCP of copy (port 8443) is claimed by shop/front as well (port 443)",
    ],
    [
      "error",
      "service/pay/health",
      "spec.healthCheckNodePort",
      "Node port 30080/TCP of health (its health check) is claimed by shop/front as well (port 80)",
    ],
    [
      "error",
      "service/shop/twice",
      "spec.ports[1].nodePort",
      "Node port 30090/TCP of twice (port 81) is claimed by itself as well (port 80)",
    ],
  ]);
});

it("lets another be chosen, which a health check's port does not allow", () => {
  expect(run().map(({ fix }) => fix.patch?.body)).toEqual([
    '[{"op":"remove","path":"/spec/ports/1/nodePort"}]',
    undefined,
    '[{"op":"remove","path":"/spec/ports/1/nodePort"}]',
  ]);
});

it("warns of manifests, the second of which the API server would refuse", () => {
  expect(new Set(run("manifests").map(({ severity }) => severity))).toEqual(new Set(["warning"]));
});
