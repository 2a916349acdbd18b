import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyConflictingTiers } from "./conflicting-tiers.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string) => runChecks(factsFromYaml(text), [policyConflictingTiers]).findings;
const findings = run(yaml);

it("reports only policies whose order is not defined and counts, and rules of which a tier leaves nothing", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "warning",
      "admin-network-policy/ops",
      "spec.ingress[0]",
      "AdminNetworkPolicy ops and AdminNetworkPolicy security have the same priority 10, and differ about ingress of shop/front-0 from monitoring/prometheus-0 on 9000/TCP: Allow and Deny",
    ],
    [
      "warning",
      "baseline-admin-network-policy/default",
      "spec.egress[0]",
      "BaselineAdminNetworkPolicy default and ClusterNetworkPolicy base are of the Baseline tier, which has no order among them, and differ about egress of shop/front-0 to data/db-0 on 5432/TCP: Deny and Accept",
    ],
    [
      "warning",
      "network-policy/data/db-from-web",
      "spec.ingress[0]",
      "db-from-web rule 1 admits pods with app=web of namespaces with tier=app (5432/TCP) in vain: AdminNetworkPolicy later rule 1 denies all of it first",
    ],
  ]);
});

it("shows both rules", () => {
  expect(findings[0]?.evidence.map(({ object, value }) => [object, value])).toEqual([
    [
      "admin-network-policy/ops",
      "Allow every pod of namespaces with kubernetes.io/metadata.name=monitoring, priority 10",
    ],
    [
      "admin-network-policy/security",
      "Deny every pod of namespaces with kubernetes.io/metadata.name=monitoring, priority 10",
    ],
  ]);
  expect(findings[0]?.touches).toEqual(["admin-network-policy/security"]);
});

it("stays silent where a policy before both decides", () => {
  const before = `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: first }
spec:
  priority: 1
  subject: { namespaces: {} }
  ingress: [{ action: Allow, from: [{ namespaces: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }] }]
`;
  expect(run(yaml + before).map(({ subject }) => subject)).not.toContain("admin-network-policy/ops");
});

it("stays silent about rules of which something is left", () => {
  const more = `
---
apiVersion: v1
kind: Pod
metadata: { name: web-1, namespace: test, labels: { app: web } }
spec: { containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.9.1 }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-from-any-web, namespace: data }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: web } } }], ports: [{ port: 5432 }] }]
`;
  expect(run(yaml + more).map(({ subject }) => subject)).not.toContain("network-policy/data/db-from-any-web");
});
