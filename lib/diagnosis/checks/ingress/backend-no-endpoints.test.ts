import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressBackendNoEndpoints } from "./backend-no-endpoints.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [ingressBackendNoEndpoints]);

it("reports each port of a Service once for all paths that lead there, with what is wrong with it", () => {
  expect(findings.map(({ severity, part, message }) => [severity, part, message])).toEqual([
    [
      "error",
      "spec.defaultBackend",
      "Requests for everything else go to pay, which has no endpoint for them: 1 endpoint, not ready: CrashLoopBackOff, 9 restarts",
    ],
    [
      "error",
      "spec.rules[0].http.paths[0].backend",
      "Requests for shop.example.com/api and shop.example.com/v2 go to api, which has no endpoint for them: selects no pod: app=apis",
    ],
    [
      "error",
      "spec.rules[0].http.paths[3].backend",
      "Requests for shop.example.com/admin go to cart, which has no endpoint for them: 1 endpoint serves port 80; no endpoint serves port 8080 → admin, a name that no pod declares",
    ],
    [
      "info",
      "spec.defaultBackend",
      "Requests for everything else go to batch, which has no endpoint for them: scaled to 0: deployment/batch",
    ],
  ]);
});

it("follows from what is found on the Service, unless that is scaled to 0 on purpose", () => {
  expect(findings.map(({ follows }) => follows.map(({ object }) => object))).toEqual([
    ["service/shop/pay"],
    ["service/shop/api"],
    ["service/shop/cart"],
    [],
  ]);
  expect(findings[0]).toMatchObject({
    fix: { text: "Repair the endpoints of pay; what leads there needs no change" },
    kubectl: "kubectl -n shop get pods -l app=pay -o wide",
    touches: ["service/shop/pay", "pod/shop/pay-0"],
  });
});

it("hangs under the Service's finding as one problem", () => {
  const { problems } = runChecks(factsFromYaml(yaml));
  const selector = problems.find(({ root }) => root.code === "NET-101");
  expect(selector?.consequences.map(({ finding }) => finding.code)).toContain("NET-205");
});
