import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policySelectsNothing } from "./selects-nothing.ts";

const run = (text: string, as?: "manifests") => runChecks(factsFromYaml(text, as), [policySelectsNothing]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only policies without a pod; in a namespace without pods as worth knowing", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "warning",
      "network-policy/shop/cart-access",
      "cart-access selects no pod in shop, so it has no effect: name=cart",
      "1 label differs: the selector asks name=cart, pods of pod/carts-0 carry name=carts",
    ],
    [
      "warning",
      "network-policy/shop/search-access",
      "search-access selects no pod in shop, so it has no effect: component in (elasticsearch, opensearch)",
      undefined,
    ],
    [
      "info",
      "network-policy/new/early",
      "early selects no pod in new, so it has no effect: app=web",
      undefined,
    ],
  ]);
});

it("offers the selector that matches, and quotes a selector for the shell", () => {
  expect(findings[0]?.fix).toEqual({
    text: "In the selector of networkpolicy/cart-access set name=carts, to match the pods of pod/carts-0",
    patch: {
      object: "network-policy/shop/cart-access",
      type: "merge",
      body: '{"spec":{"podSelector":{"matchLabels":{"name":"carts"}}}}',
    },
  });
  expect(findings[1]?.kubectl).toBe(
    "kubectl -n shop get pods -l 'component in (elasticsearch,opensearch)' --show-labels",
  );
});

it("stays silent about pods on the host network: they are selected, whatever a plugin makes of it", () => {
  const yaml = `
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: shop, labels: { app: agent } }
spec: { hostNetwork: true, containers: [{ name: agent, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 192.0.2.1 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: agent, namespace: shop }
spec: { podSelector: { matchLabels: { app: agent } } }
`;
  expect(run(yaml).findings).toEqual([]);
});

it("cannot tell from manifests that hold policies and no workload of the namespace", () => {
  const { findings, cannotTell } = run(
    `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } } }
`,
    "manifests",
  );
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "pods", why: "The manifests hold none of namespace shop." },
  ]);
});
