import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceOverlappingSelectors } from "./overlapping-selectors.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceOverlappingSelectors]);

it("tells only of ports that lead to two places, and of pods that another Service is for", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "service/shop/shop",
      "spec.selector",
      "shop sends port 80 to 1 pod of deployment/worker as well, which does not declare 8080 and which worker is for",
    ],
    [
      "info",
      "service/shop/front-old",
      "spec.ports[0].targetPort",
      "front-old and front both select 2 pods, and port 80 leads to 8081 by the one and to 8080 by the other",
    ],
  ]);
});

it("narrows a selector that is too wide by a label that only its own pods carry", () => {
  expect(findings[0]?.fix).toEqual({
    text: "Add app=shop to the selector of shop",
    patch: {
      object: "service/shop/shop",
      type: "merge",
      body: '{"spec":{"selector":{"app":"shop"}}}',
    },
  });
  expect(findings[0]?.touches).toEqual(["deployment/shop/worker", "service/shop/worker"]);
});

it.each([
  ["one label of the same pods each", "app: front", "tier: web", 1],
  ["a label that every object merely seems to have", "constructor: a", "app: front", 1],
  ["labels that no pod can have both of", "app: front", "app: back", 0],
])("holds two Services against each other by %s", (_, one, other, told) => {
  const service = (name: string, selector: string, targetPort: number) => `kind: Service
apiVersion: v1
metadata: { name: ${name}, namespace: shop }
spec: { selector: { ${selector} }, ports: [{ port: 80, targetPort: ${targetPort} }] }`;
  const pod = (name: string, app: string) => `kind: Pod
apiVersion: v1
metadata: { name: ${name}, namespace: shop, labels: { app: ${app}, tier: web, constructor: a } }
spec: { containers: [{ name: main, image: registry.k8s.io/pause, ports: [{ containerPort: 8080 }, { containerPort: 8081 }] }] }
status: { phase: Running, conditions: [{ type: Ready, status: "True" }] }`;
  const yaml = [
    service("one", one, 8080),
    service("other", other, 8081),
    pod("front-0", "front"),
    pod("back-0", "back"),
  ];
  const facts = factsFromYaml(yaml.join("\n---\n"));
  expect(runChecks(facts, [serviceOverlappingSelectors]).findings).toHaveLength(told);
});
