import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { routeAllWeightsZero } from "./all-weights-zero.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [routeAllWeightsZero]);

it("reports only rules of which no backend gets a share", () => {
  expect(findings.map(({ subject, part, message }) => [subject, part, message])).toEqual([
    [
      "http-route/shop/shop",
      "spec.rules[0].backendRefs",
      "Requests for shop.example.com/api are sent to nobody by shop: its only backend has weight 0",
    ],
    [
      "http-route/shop/shop",
      "spec.rules[1].backendRefs",
      "Requests for shop.example.com GET /both are sent to nobody by shop: all 2 backends have weight 0",
    ],
    [
      "tcp-route/shop/stream",
      "spec.rules[0].backendRefs",
      "Requests for every connection are sent to nobody by stream: its only backend has weight 0",
    ],
  ]);
});

it("gives the only backend a weight, and leaves the choice between several", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    ["Give api a weight above 0", '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":1}]'],
    ["Give one of blue and green a weight above 0", undefined],
    ["Give db a weight above 0", '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":1}]'],
  ]);
  expect(findings[1]?.touches).toEqual(["service/shop/blue", "service/next/green"]);
});
