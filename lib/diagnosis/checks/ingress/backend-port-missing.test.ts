import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { ingressBackendPortMissing } from "./backend-port-missing.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [ingressBackendPortMissing]);

it("reports only ports that the Service does not have, with those that it has", () => {
  expect(findings.map(({ part, message, nearMiss }) => [part, message, nearMiss])).toEqual([
    [
      "spec.rules[0].http.paths[0].backend",
      "Requests for shop.example.com/cart go to port 8080 of cart, which has no such port",
      "it has port 7070 (grpc)",
    ],
    [
      "spec.rules[0].http.paths[1].backend",
      "Requests for shop.example.com/web go to port https of web, which has no such port",
      "it has ports 80 (http) and 9090 (metrics)",
    ],
    [
      "spec.rules[0].http.paths[2].backend",
      "Requests for shop.example.com/admin go to port 8080 of web, which has no such port",
      "it has ports 80 (http) and 9090 (metrics)",
    ],
  ]);
});

it("offers the Service's only port, or one of a nearby name, and otherwise none", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    [
      "Send the requests to port 7070 of cart",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend/service/port","value":{"number":7070}}]',
    ],
    [
      "Send the requests to port 80 of web",
      '[{"op":"replace","path":"/spec/rules/0/http/paths/1/backend/service/port","value":{"name":"http"}}]',
    ],
    ["Name a port that web has, or add the port to web", undefined],
  ]);
  expect(findings[0]?.touches).toEqual(["service/shop/cart"]);
});
