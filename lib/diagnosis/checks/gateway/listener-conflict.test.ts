import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { gatewayListenerConflict } from "./listener-conflict.ts";

const yaml = checkFixture(import.meta.url);
const { findings } = runChecks(factsFromYaml(yaml), [gatewayListenerConflict]);

it("reports listeners that their configuration or their controller says are not in force, and no others", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "gateway/edge/public",
      "spec.listeners[2]",
      "Listener twin of Gateway public asks for port 80 and *.Example.com, which listener http has already",
    ],
    [
      "error",
      "gateway/edge/public",
      "spec.listeners[3]",
      "Listener tls of Gateway public asks for port 80 with HTTPS, which listener http has with HTTP",
    ],
    [
      "error",
      "gateway/edge/refused",
      "status.conditions[Accepted]",
      "Gateway refused is not accepted: InvalidParameters: no such EnvoyProxy",
    ],
    [
      "error",
      "gateway/edge/told",
      "spec.listeners[0]",
      "Listener odd of Gateway told is not in force: UnsupportedProtocol",
    ],
    [
      "error",
      "gateway/edge/told",
      "spec.listeners[3]",
      "Listener taken of Gateway told is not in force: HostnameConflict",
    ],
    [
      "error",
      "listener-set/edge/alone",
      "spec.parentRef",
      "ListenerSet alone adds listeners to Gateway edge/publik, which does not exist",
    ],
    [
      "error",
      "listener-set/edge/more",
      "spec.listeners[0]",
      "Listener own of ListenerSet more asks for port 80 and shop.example.com, which listener shop of Gateway public has already",
    ],
    [
      "warning",
      "gateway/edge/told",
      "spec.listeners[1]",
      "Listener kinds of Gateway told has references that do not resolve: InvalidRouteKinds: TCPRoute is not supported",
    ],
    [
      "warning",
      "gateway/edge/waiting",
      "status.conditions[Accepted]",
      "No controller has accepted Gateway waiting yet, though its class envoy is accepted",
    ],
  ]);
});

it("shows both listeners of a conflict, and says which one to change", () => {
  expect(findings[0]).toMatchObject({
    evidence: [
      { object: "gateway/edge/public", path: "spec.listeners[2]", value: "twin: HTTP 80 *.Example.com" },
      { object: "gateway/edge/public", path: "spec.listeners[0]", value: "http: HTTP 80 *.example.com" },
    ],
    fix: { text: "Give listener twin another port or hostname, or take it away" },
    kubectl: "kubectl -n edge describe gateway public",
  });
  expect(findings[6]?.touches).toEqual(["gateway/edge/public"]);
});

it("does not miss the Gateway of a ListenerSet in manifests, where it is seldom kept with it", () => {
  const set = yaml.split("---").find((each) => each.includes("publik")) ?? "";
  expect(runChecks(factsFromYaml(set, "manifests"), [gatewayListenerConflict]).findings).toEqual([]);
});
