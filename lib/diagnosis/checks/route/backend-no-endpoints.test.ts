import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { routeBackendNoEndpoints } from "./backend-no-endpoints.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [routeBackendNoEndpoints]);

it("reports each port of a Service once for all rules that lead there, less severely where others share them", () => {
  expect(findings.map(({ subject, severity, part, message }) => [subject, severity, part, message])).toEqual([
    [
      "http-route/shop/shop",
      "error",
      "spec.rules[0].backendRefs[0]",
      "Requests for shop.example.com/api and shop.example.com/v2 go to api, which has no endpoint for them: selects no pod: app=apis",
    ],
    [
      "http-route/shop/shop",
      "warning",
      "spec.rules[2].backendRefs[1]",
      "Requests for shop.example.com/both go to pay, which has no endpoint for them: 1 endpoint, not ready: CrashLoopBackOff, 9 restarts",
    ],
    [
      "grpc-route/shop/night",
      "info",
      "spec.rules[0].backendRefs[0]",
      "Requests for night.example.com/ go to batch, which has no endpoint for them: scaled to 0: deployment/batch",
    ],
  ]);
});

it("follows from what is found on the Service", () => {
  expect(findings[0]?.follows).toEqual([
    {
      object: "service/shop/api",
      checks: [
        "service/endpoints-drift",
        "service/no-ready-endpoints",
        "service/selector-matches-nothing",
        "service/target-port-name-unresolved",
      ],
    },
  ]);
  const { problems } = runChecks(factsFromYaml(yaml));
  const selector = problems.find(({ root }) => root.code === "NET-101");
  expect(selector?.consequences.map(({ finding }) => finding.code)).toContain("NET-306");
});

it("cannot tell from manifests that hold no pods of the Service's namespace", () => {
  const part = yaml.split("---").slice(0, 3).join("---");
  const { findings, cannotTell } = runChecks(factsFromYaml(part, "manifests"), [routeBackendNoEndpoints]);
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "pods", why: "The manifests hold none of namespace shop." },
  ]);
});
