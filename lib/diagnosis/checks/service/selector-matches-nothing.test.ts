import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceSelectorMatchesNothing } from "./selector-matches-nothing.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") =>
  runChecks(factsFromYaml(text, as), [serviceSelectorMatchesNothing]);
const { findings } = run(yaml);

it("reports only Services that select nothing, with what nearly matches", () => {
  expect(findings.map(({ subject, message, nearMiss }) => [subject, message, nearMiss])).toEqual([
    [
      "service/shop/api",
      "No pod in shop carries the labels that api selects: app=api, track=stable",
      "1 label differs: the selector asks track=stable, pods of pod/api carry no track",
    ],
    [
      "service/shop/cart",
      "No pod in shop carries the labels that cart selects: app=cart",
      "1 label differs: the selector asks app=cart, pods of deployment/carts carry app=carts",
    ],
    [
      "service/shop/checkout",
      "No pod in shop carries the labels that checkout selects: app=checkout, tier=web",
      "1 label differs: the selector asks tier=web, pods of pod/checkout carry no tier",
    ],
    [
      "service/shop/search",
      "No pod in shop carries the labels that search selects: component=elasticsearch",
      "pods of pod/elasticsearch-0 in namespace logging carry these labels, but a selector only sees its own namespace, shop",
    ],
  ]);
});

it("offers the smallest patch, and none that would let other pods in", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    ["Give the pods of pod/api the label track=stable, or change the selector", undefined],
    [
      "In the selector of service/cart set app=carts, to match the pods of deployment/carts",
      '{"spec":{"selector":{"app":"carts"}}}',
    ],
    [
      "In the selector of service/checkout drop tier, to match the pods of pod/checkout",
      '{"spec":{"selector":{"tier":null}}}',
    ],
    ["Move service/search to namespace logging, or change its selector", undefined],
  ]);
});

it("shows on the workload that nearly matches, with a line that shows the empty selection", () => {
  expect(findings[1]?.touches).toEqual(["deployment/shop/carts"]);
  expect(findings[1]?.kubectl).toBe("kubectl -n shop get pods -l app=cart --show-labels");
  expect(findings[1]?.evidence).toEqual([
    { object: "service/shop/cart", path: "spec.selector", value: "app=cart" },
    { object: "deployment/shop/carts", path: "spec.template.metadata.labels", value: "app=carts" },
  ]);
});

const service = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
`;

it("cannot tell from manifests that hold no workload of the namespace", () => {
  const { findings, cannotTell } = run(service, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing).toEqual([
    { kind: "pods", why: "The manifests hold none of namespace shop." },
  ]);
});

it("reports a Service of manifests beside the workload that it misses", () => {
  const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: webb } }
  template:
    metadata: { labels: { app: webb } }
    spec: { containers: [{ name: web, image: registry.k8s.io/pause }] }
`;
  expect(run(service + deployment, "manifests").findings.map(({ nearMiss }) => nearMiss)).toEqual([
    "1 label differs: the selector asks app=web, pods of deployment/web carry app=webb",
  ]);
});
