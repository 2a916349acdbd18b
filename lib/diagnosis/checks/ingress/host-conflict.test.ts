import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressHostConflict } from "./host-conflict.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [ingressHostConflict]);

it("reports claims that another one of the class, or at the same address, has, and routes for the same", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "ingress/next/young",
      "spec.rules[0]",
      "Ingress shop/shop, which comes before young, claims Shop.example.com/cart too, and the same controller serves both",
    ],
    [
      "warning",
      "ingress/shop/inside",
      "spec.rules[0]",
      "Ingress shop/shop claims shop.example.com/ as inside does, at the same address",
    ],
    [
      "info",
      "ingress/shop/shop",
      "spec.rules[0]",
      "HTTPRoute shop/shop claims shop.example.com/ as shop does, at another address: DNS decides which of them gets the requests",
    ],
  ]);
});

it("names both claims, and shows on the other", () => {
  expect(findings[0]?.evidence).toEqual([
    { object: "ingress/next/young", path: "spec.rules[0].http.paths[0]", value: "Prefix /cart" },
    { object: "ingress/shop/shop", path: "spec.rules[0].http.paths[1]", value: "/cart" },
  ]);
  expect(findings[0]?.touches).toEqual(["ingress/shop/shop"]);
  expect(findings[0]?.kubectl).toBe("kubectl get ingresses -A --sort-by=.metadata.creationTimestamp");
});

it("takes a route at the same address for a rival", () => {
  const shared = yaml.replace("value: 198.51.100.20", "value: 198.51.100.10");
  const [finding] = runChecks(factsFromYaml(shared), [ingressHostConflict]).findings.filter(
    ({ subject }) => subject === "ingress/shop/shop",
  );
  expect(finding).toMatchObject({
    severity: "warning",
    message: "HTTPRoute shop/shop claims shop.example.com/ as shop does, at the same address",
  });
});
