import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyPodUnprotected } from "./pod-unprotected.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string) => runChecks(factsFromYaml(text), [policyPodUnprotected]).findings;
const findings = run(yaml);

it("reports only workloads that are left out where nearly all of their neighbours are limited", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "info",
      "pod/shop/carts-0",
      "No policy for ingress or egress selects pod/carts-0, so nothing limits who may reach it and where it may send; 5 of 7 workloads of shop have one",
      "cart selects no pod: 1 label differs: the selector asks app=cart, pods of pod/carts-0 carry app=carts",
    ],
    [
      "info",
      "replica-set/shop/search",
      "No policy for ingress selects 1 pod of replicaset/search, so nothing limits who may reach it; 5 of 7 workloads of shop have one",
      undefined,
    ],
  ]);
});

it("follows from a policy that was meant for the workload and misses it", () => {
  expect(findings[0]?.follows).toEqual([
    { object: "network-policy/shop/cart", checks: ["policy/selects-nothing"] },
  ]);
  expect(findings[1]?.follows).toEqual([]);
});

it("shows the labels of a pod that is left out", () => {
  expect(findings[1]).toMatchObject({
    evidence: [{ object: "pod/shop/search-1", value: "app=search, track=canary" }],
    kubectl: "kubectl -n shop get pods -l app=search,track=canary --show-labels",
  });
});

it("stays silent once more than a third of the namespace has no policy", () => {
  const more = ["x", "y", "z"].map(
    (name, i) => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}-0, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: app, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.8.${i} }
`,
  );
  expect(run(yaml + more.join(""))).toEqual([]);
});
