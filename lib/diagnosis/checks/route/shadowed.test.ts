import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { routeShadowed } from "./shadowed.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [routeShadowed]);

it("reports only rules that lose requests to one with the same match, by the Gateway API's precedence", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "http-route/shop/partly",
      "spec.rules[0]",
      "Rule 1 of partly gets only some of its requests: shop.example.com/api on listener http and shop.example.com/api on listener https go to rule 1 of HTTPRoute shop/shop, which is older",
    ],
    [
      "warning",
      "http-route/shop/shop",
      "spec.rules[1]",
      "Rule 2 of shop gets no request: shop.example.com/api goes to rule 1, which comes before it",
    ],
    [
      "warning",
      "http-route/shop/slash",
      "spec.rules[0]",
      "Rule 1 of slash gets no request: docs.example.com/docs goes to rule 2, which comes before it",
    ],
    [
      "warning",
      "http-route/shop/young",
      "spec.rules[0]",
      "Rule 1 of young gets no request: shop.example.com/api goes to rule 1 of HTTPRoute shop/shop, which is older",
    ],
    [
      "warning",
      "tcp-route/shop/db-too",
      "spec.rules[0]",
      "Rule 1 of db-too gets no request: every connection goes to rule 1 of TCPRoute shop/db, which comes before it by namespace and name",
    ],
    [
      "info",
      "http-route/shop/pay",
      "spec.rules[0]",
      "Rule 1 of pay gets only some of its requests: pay.example.com/ on listener http goes to rule 1 of HTTPRoute shop/redirect, which is older",
    ],
  ]);
});

it("takes a rule away only where another of the same route has all of its requests", () => {
  expect(findings.map(({ fix }) => fix.patch?.body)).toEqual([
    undefined,
    '[{"op":"remove","path":"/spec/rules/1"}]',
    '[{"op":"remove","path":"/spec/rules/0"}]',
    undefined,
    undefined,
    undefined,
  ]);
  expect(findings[3]?.touches).toEqual(["http-route/shop/shop"]);
});

it("cannot tell on which listeners a route is where its Gateway is not in the files", () => {
  const [, ...routes] = yaml.split("---");
  const facts = factsFromYaml(routes.slice(0, 2).join("---"), "dump");
  const { findings, cannotTell } = runChecks(facts, [routeShadowed]);
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing.map(({ kind }) => kind)).toContain("gateways");
});
