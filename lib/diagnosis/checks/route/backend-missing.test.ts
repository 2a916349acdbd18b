import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { routeBackendMissing } from "./backend-missing.ts";

const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [routeBackendMissing]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only backends that do not exist; a share of a rule's requests is a warning", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "error",
      "http-route/shop/empty",
      "Requests for empty.example.com/ meet a rule of empty that names no backend",
      undefined,
    ],
    [
      "error",
      "http-route/shop/gone",
      "Requests for shop.example.com/old go to the Service legacy, which does not exist",
      undefined,
    ],
    [
      "error",
      "http-route/shop/port",
      "Requests for port.example.com/ go to port 8080 of web, which has no such port",
      "it has port 80",
    ],
    [
      "warning",
      "http-route/shop/partly",
      "Requests for canary.example.com/ go to the Service web-canary, which does not exist",
      "there is a Service web in shop",
    ],
  ]);
});

it("offers the Service's only port", () => {
  expect(findings[2]?.fix).toEqual({
    text: "Send the requests to port 80 of web",
    patch: {
      object: "http-route/shop/port",
      type: "json",
      body: '[{"op":"add","path":"/spec/rules/0/backendRefs/0/port","value":80}]',
    },
  });
  expect(findings[2]?.kubectl).toBe("kubectl -n shop get service web -o yaml");
});

it("cannot tell from manifests that hold no Service of the namespace", () => {
  const { findings, cannotTell } = run(
    `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec: { parentRefs: [{ name: public }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
`,
    "manifests",
  );
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "services", why: "The manifests hold none of namespace shop." },
  ]);
});
