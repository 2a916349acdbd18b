import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressBlockedByPolicy } from "./blocked-by-policy.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [ingressBlockedByPolicy]);

it("reports each backend that no pod of the controller or Gateway may reach, by the policy of either side", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "http-route/shop/api",
      "spec.rules[0].backendRefs[0] from gateway/public",
      "Requests for api.example.com/ stop between pod/public and cart: edge/public lets out no 80/TCP from there",
    ],
    [
      "error",
      "ingress/shop/shop",
      "spec.rules[0].http.paths[0].backend",
      "Requests for shop.example.com/ and shop.example.com/home stop between pod/controller and web: shop/web admits no 8080/TCP from there",
    ],
  ]);
});

it("says which rule is near, and opens the side that is closed", () => {
  expect(findings[1]).toMatchObject({
    nearMiss: "web rule 1 admits 80/TCP: 80 is the Service's port, policies see the pods' own, 8080",
    fix: { text: "Name the pods' port 8080 in shop/web rule 1" },
    kubectl: "kubectl -n shop get networkpolicy web -o yaml",
    touches: ["service/shop/web", "network-policy/shop/web", "pod/shop/web", "pod/edge/controller"],
  });
  expect(findings[0]?.fix.text).toBe(
    "Add a rule to edge/public that lets out to pods with app=cart of shop on 80/TCP",
  );
});

it("hangs under the policy's own finding", () => {
  const { problems } = runChecks(factsFromYaml(yaml));
  const consequences = problems.flatMap((problem) => problem.consequences.map(({ finding }) => finding));
  expect(consequences.filter(({ code }) => code === "NET-208")).toHaveLength(2);
});

it("is worth knowing, and no more, where nothing enforces policies", () => {
  const without = yaml.replace(/---\n# What enforces[\s\S]*?---/, "---");
  const open = runChecks(factsFromYaml(without), [ingressBlockedByPolicy]).findings;
  expect(open.map(({ severity }) => severity)).toEqual(["info", "info"]);
  expect(open[1]?.message).toMatch(/; nothing that enforces policies was found here$/);
});
