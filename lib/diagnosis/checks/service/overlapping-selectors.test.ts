import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceOverlappingSelectors } from "./overlapping-selectors.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceOverlappingSelectors]);

it("tells only of ports that lead to two places, and of pods that another Service is for", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "service/shop/shop",
      "spec.selector",
      "shop sends port 80 to 1 pod of deployment/worker as well, which does not declare 8080 and which worker is for",
    ],
    [
      "info",
      "service/shop/front-old",
      "spec.ports[0].targetPort",
      "front-old and front both select 2 pods, and port 80 leads to 8081 by the one and to 8080 by the other",
    ],
  ]);
});

it("narrows a selector that is too wide by a label that only its own pods carry", () => {
  expect(findings[0]?.fix).toEqual({
    text: "Add app=shop to the selector of shop",
    patch: {
      object: "service/shop/shop",
      type: "merge",
      body: '{"spec":{"selector":{"app":"shop"}}}',
    },
  });
  expect(findings[0]?.touches).toEqual(["deployment/shop/worker", "service/shop/worker"]);
});
