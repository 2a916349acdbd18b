import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyBlocksMetrics } from "./blocks-metrics.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string) => runChecks(factsFromYaml(text), [policyBlocksMetrics]).findings;
const findings = run(yaml);

it("reports only metrics that no Prometheus may take, once for each policy", () => {
  expect(
    findings.map(({ severity, subject, message, nearMiss }) => [severity, subject, message, nearMiss]),
  ).toEqual([
    [
      "warning",
      "network-policy/batch/default-deny",
      "default-deny keeps pod/prometheus-0 from the metrics of pod/daily-0 and pod/weekly-0 (9102/TCP)",
      undefined,
    ],
    [
      "warning",
      "network-policy/shop/api",
      "api keeps pod/prometheus-0 from the metrics of pod/api-0 (8080/TCP)",
      "api rule 1 admits 9090/TCP; the packet arrives on 8080/TCP",
    ],
    [
      "warning",
      "network-policy/shop/web",
      "web keeps pod/prometheus-0 from the metrics of pod/web-0 (9102/TCP)",
      undefined,
    ],
    // Only the port's name says that there are metrics, and nobody may want them.
    [
      "info",
      "network-policy/shop/db",
      "db keeps pod/prometheus-0 from the metrics of pod/db-0 (9187/TCP)",
      undefined,
    ],
  ]);
});

it("says what asks for them", () => {
  expect(
    findings.map(({ evidence }) => evidence.slice(1).map(({ object, value }) => [object, value])),
  ).toEqual([
    [
      ["pod/batch/daily-0", "prometheus.io/scrape, port 9102"],
      ["pod/batch/weekly-0", "prometheus.io/scrape, port 9102"],
    ],
    [["pod/shop/api-0", "prometheus.io/scrape, port 8080"]],
    [["pod/shop/web-0", "prometheus.io/scrape, port 9102"]],
    [["pod/shop/db-0", "http-metrics: 9187"]],
  ]);
});

it("opens a default deny by a policy beside it, and others by a rule", () => {
  expect(findings.map(({ fix }) => fix.text)).toEqual([
    "Create a NetworkPolicy in batch for every pod that admits pods with app.kubernetes.io/name=prometheus of monitoring on 9102/TCP",
    "Add port 8080/TCP to shop/api rule 1",
    "Add a rule to shop/web that admits pods with app.kubernetes.io/name=prometheus of monitoring on 9102/TCP",
    "Add a rule to shop/db that admits pods with app.kubernetes.io/name=prometheus of monitoring on 9187/TCP",
  ]);
  expect(findings[0]?.fix.manifest).toMatch(/"podSelector": {}/);
});

it("stays silent in a cluster without Prometheus", () => {
  expect(run(yaml.replace("quay.io/prometheus/prometheus:v3.5.0", "registry.k8s.io/pause"))).toEqual([]);
});

it("stays silent where another Prometheus gets the metrics", () => {
  const second = `
---
apiVersion: v1
kind: Pod
metadata: { name: agent-0, namespace: shop, labels: { app: api } }
spec: { containers: [{ name: agent, image: docker.io/victoriametrics/vmagent:v1.120.0 }] }
status: { phase: Running, podIP: 10.0.1.20 }
`;
  expect(run(yaml + second).map(({ subject }) => subject)).toEqual([
    "network-policy/batch/default-deny",
    "network-policy/shop/api",
    "network-policy/shop/db",
  ]);
});

it("names the policy of Prometheus where its own egress leaves them out", () => {
  const egress = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: prometheus, namespace: monitoring }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 443 }] }]
`;
  const found = run(yaml + egress).find(({ subject }) => subject === "network-policy/monitoring/prometheus");
  expect(found?.message).toBe(
    "prometheus keeps pod/prometheus-0 from the metrics of pod/cart-0 and pod/open-0 (8080/TCP)",
  );
});
