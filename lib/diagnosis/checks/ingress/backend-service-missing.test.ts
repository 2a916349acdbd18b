import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressBackendServiceMissing } from "./backend-service-missing.ts";

const run = (text: string, as?: "manifests") =>
  runChecks(factsFromYaml(text, as), [ingressBackendServiceMissing]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only paths to Services that do not exist, the default backend among them", () => {
  expect(findings.map(({ subject, part, message, nearMiss }) => [subject, part, message, nearMiss])).toEqual([
    [
      "ingress/shop/fallback",
      "spec.defaultBackend",
      "Requests for everything else go to the Service sorry, which does not exist in shop",
      undefined,
    ],
    [
      "ingress/shop/shop",
      "spec.rules[0].http.paths[1].backend",
      "Requests for shop.example.com/home go to the Service frontends, which does not exist in shop",
      "there is a Service frontend in shop",
    ],
    [
      "ingress/shop/shop",
      "spec.rules[0].http.paths[2].backend",
      "Requests for shop.example.com/invoices go to the Service invoices, which does not exist in shop",
      "there is a Service invoices in namespace backoffice",
    ],
  ]);
});

it("offers the Service of a nearby name, and shows on the missing one", () => {
  expect(findings[1]?.fix).toEqual({
    text: "Send the requests to the Service frontend instead",
    patch: {
      object: "ingress/shop/shop",
      type: "json",
      body: '[{"op":"replace","path":"/spec/rules/0/http/paths/1/backend/service/name","value":"frontend"}]',
    },
  });
  expect(findings[1]?.touches).toEqual(["service/shop/frontends"]);
  expect(findings[1]?.kubectl).toBe("kubectl -n shop get service frontends");
});

it("cannot tell from manifests that hold no Service of the namespace", () => {
  const { findings, cannotTell } = run(
    `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
`,
    "manifests",
  );
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "services", why: "The manifests hold none of namespace shop." },
  ]);
});
