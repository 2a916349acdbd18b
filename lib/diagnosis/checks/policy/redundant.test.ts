import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyRedundant } from "./redundant.ts";

const run = (yaml: string) => runChecks(factsFromYaml(yaml), [policyRedundant]).findings;
const findings = run(checkFixture(import.meta.url));

it("reports only policies that others make superfluous in every direction that they isolate", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "info",
      "network-policy/open/deny",
      "deny changes nothing: allow-all isolates the same pods and allows all that it allows",
    ],
    [
      "info",
      "network-policy/shop/deny-both",
      "deny-both changes nothing: all-egress and all-ingress isolate the same pods and allow all that it allows",
    ],
    [
      "info",
      "network-policy/shop/metrics",
      "metrics changes nothing: metrics-for-all isolates the same pods and allows all that it allows",
    ],
    [
      "info",
      "network-policy/shop/web-again",
      "web-again changes nothing: web isolates the same pods and allows all that it allows",
    ],
    [
      "info",
      "network-policy/shop/web-narrow",
      "web-narrow changes nothing: web isolates the same pods and allows all that it allows",
    ],
  ]);
});

it("shows both policies, and their line", () => {
  expect(findings[4]).toMatchObject({
    evidence: [
      { object: "network-policy/shop/web-narrow", value: "selects app=web, track=stable; ingress 1 rule" },
      { object: "network-policy/shop/web", value: "selects app=web; ingress 1 rule" },
    ],
    touches: ["network-policy/shop/web"],
    kubectl: "kubectl -n shop get networkpolicy web-narrow web -o yaml",
  });
});

const twins = (names: readonly string[]) =>
  names
    .map(
      (name) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 80 }] }] }`,
    )
    .join("\n---");

it("leaves one of several that say the same", () => {
  expect(run(twins(["a", "b", "c"])).map(({ subject }) => subject)).toEqual([
    "network-policy/shop/b",
    "network-policy/shop/c",
  ]);
});

it("takes two thousand policies of one namespace in a moment", () => {
  const yaml = Array.from(
    { length: 2000 },
    (_, i) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p${i}, namespace: shop }
spec: { podSelector: { matchLabels: { app: web-${i} } }, ingress: [{ ports: [{ port: 80 }] }] }`,
  ).join("\n---");
  const facts = factsFromYaml(yaml);
  const start = performance.now();
  expect(runChecks(facts, [policyRedundant]).findings).toEqual([]);
  expect(performance.now() - start).toBeLessThan(1000);
});
