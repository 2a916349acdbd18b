import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceUnprotectedExposure } from "./unprotected-exposure.ts";

const run = (yaml: string, as?: "manifests") =>
  runChecks(factsFromYaml(yaml, as), [serviceUnprotectedExposure]);
const { findings } = run(checkFixture(import.meta.url));

it("tells only of what neither source ranges nor a policy limit, and what is not there to be open", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "info",
      "service/shop/door",
      "Whoever reaches a node reaches door by node port 30081/TCP: no policy stands in front of its pods",
    ],
    [
      "info",
      "service/shop/dual",
      "The load balancer of dual takes port 80 from everybody: its source ranges do not limit IPv6, and no policy stands in front of its pods",
    ],
    [
      "info",
      "service/shop/front",
      "The load balancer of front takes port 80 from everybody: it has no source ranges, and no policy stands in front of its pods",
    ],
    [
      "info",
      "service/shop/greeted",
      "The load balancer of greeted takes port 80 from everybody: it has no source ranges, and the policies in front of its pods let everybody in",
    ],
    [
      "info",
      "service/shop/wide",
      "The load balancer of wide takes port 80 from everybody: its source ranges do not limit IPv4, and no policy stands in front of its pods",
    ],
  ]);
});

const manifest = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }
`;

it("cannot tell of manifests without a policy of the namespace, which may be in other files", () => {
  const { findings, cannotTell } = run(manifest, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell.flatMap(({ missing }) => missing.map(({ why }) => why))).toContain(
    "The manifests hold none of namespace shop.",
  );
});

it("tells of a load balancer in manifests beside policies that leave it open", () => {
  const policy = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: other, namespace: shop }
spec: { podSelector: { matchLabels: { app: other } }, policyTypes: [Ingress] }
`;
  expect(run(manifest + policy, "manifests").findings.map(({ subject }) => subject)).toEqual([
    "service/shop/web",
  ]);
});
