import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceHintsStarveZone } from "./hints-starve-zone.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceHintsStarveZone]);

it("reports only zones with far too few endpoints for the pods there, and those without any", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "service/shop/catalog",
      "spec.trafficDistribution",
      "Hints leave catalog 1 of 6 ready endpoints for zone-a, where 8 of 13 pods run (trafficDistribution PreferClose)",
    ],
    [
      "info",
      "service/shop/pair",
      "spec.trafficDistribution",
      "Hints leave pair no endpoint for zone-c (trafficDistribution PreferSameZone)",
    ],
    [
      "info",
      "service/shop/rated",
      "metadata.annotations[service.kubernetes.io/topology-mode]",
      "Hints leave rated no endpoint for zone-c (annotation service.kubernetes.io/topology-mode)",
    ],
  ]);
});

it("gives the hints of its EndpointSlices as evidence", () => {
  expect(findings[0]?.evidence).toContainEqual({
    object: "endpoint-slice/shop/catalog-1",
    path: "endpoints[].hints.forZones",
    value: "zone-a: 1, zone-b: 3, zone-c: 2",
  });
});

it("offers to do without hints", () => {
  expect(findings.map(({ fix }) => fix.patch?.body)).toEqual([
    '{"spec":{"trafficDistribution":null}}',
    '{"spec":{"trafficDistribution":null}}',
    '{"metadata":{"annotations":{"service.kubernetes.io/topology-mode":null}}}',
  ]);
});
