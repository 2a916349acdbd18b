import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { dnsEgressBlocked } from "./egress-blocked.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests" | "dump") =>
  runChecks(factsFromYaml(text, as), [dnsEgressBlocked]);
const { findings } = run(yaml);

it("reports only policies that let something out and not DNS, once for all of their pods", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "network-policy/reports/same-namespace",
      "same-namespace keeps pod/daily-0 and pod/weekly-0 from asking DNS (5353/UDP and 5353/TCP), so names do not resolve there",
    ],
    [
      "error",
      "network-policy/shop/cart-egress",
      "cart-egress keeps pod/cart-0 from asking DNS (5353/UDP and 5353/TCP), so names do not resolve there",
    ],
    [
      "error",
      "network-policy/shop/payment-egress",
      "payment-egress keeps pod/payment-0 and pod/payment-1 from asking DNS (5353/UDP and 5353/TCP), so names do not resolve there",
    ],
    [
      "warning",
      "network-policy/shop/mail-egress",
      "mail-egress keeps pod/mail-0 from asking DNS (5353/UDP and 5353/TCP), so names do not resolve there",
    ],
    [
      "info",
      "network-policy/shop/search-egress",
      "search-egress lets pod/search-0 ask DNS by UDP and not by TCP (5353/TCP): answers that are too long for UDP are lost",
    ],
  ]);
});

it("opens DNS by both protocols and to the DNS pods alone, on their own port", () => {
  const toDns =
    '"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"k8s-app":"kube-dns"}}}]';
  const rule = `[{"op":"add","path":"/spec/egress/-","value":{${toDns},"ports":[{"protocol":"UDP","port":5353},{"protocol":"TCP","port":5353}]}}]`;
  expect(findings.map(({ fix }) => fix.patch?.body)).toEqual([
    rule,
    '[{"op":"replace","path":"/spec/egress/0/ports/0/port","value":5353},{"op":"replace","path":"/spec/egress/0/ports/1/port","value":5353}]',
    rule,
    rule,
    '[{"op":"add","path":"/spec/egress/0/ports/-","value":{"protocol":"TCP","port":5353}}]',
  ]);
});

it("follows from a rule that was meant for DNS and misses it", () => {
  expect(findings[1]).toMatchObject({
    nearMiss:
      "cart-egress rule 1 lets out 53/UDP, 53/TCP: 53 is the Service's port, policies see the pods' own, 5353",
    follows: [{ object: "network-policy/shop/cart-egress", checks: ["policy/port-matches-nothing"] }],
  });
  expect(findings[2]?.follows).toEqual([]);
});

const shop = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web-egress, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Egress]
  egress: `;
const toDb = "{ to: [{ podSelector: { matchLabels: { app: db } } }], ports: [{ port: 5432 }] }";

it.each([
  ["forgets DNS", `[${toDb}]`, ["error"]],
  [
    "names kube-dns",
    `[${toDb}, { to: [{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }] }]`,
    [],
  ],
  // The pods of another cluster's DNS, or of a Service with other ports, may be meant.
  [
    "names other DNS pods",
    `[${toDb}, { to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: coredns } } }] }]`,
    [],
  ],
  [
    "names the port",
    `[${toDb}, { to: [{ namespaceSelector: { matchLabels: { team: ops } } }], ports: [{ port: 53, protocol: UDP }] }]`,
    [],
  ],
])("of manifests without DNS asks whether the usual one is let out to: %s", (_, egress, severities) => {
  expect(run(shop + egress, "manifests").findings.map(({ severity }) => severity)).toEqual(severities);
});

it("stays silent where NodeLocal DNSCache answers on the node, and cannot tell where it may", () => {
  const cache = `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-local-dns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: node-local-dns } }
  template:
    metadata: { labels: { k8s-app: node-local-dns } }
    spec: { hostNetwork: true, containers: [{ name: node-cache, image: registry.k8s.io/dns/k8s-dns-node-cache }] }
`;
  expect(run(yaml + cache).findings).toEqual([]);
  const withoutDaemonSets = yaml.slice(0, yaml.indexOf("---\n# What enforces policies here."));
  const dump = run(withoutDaemonSets, "dump");
  expect(dump.findings).toEqual([]);
  expect(dump.cannotTell[0]?.missing.map(({ kind }) => kind)).toContain("daemonSets");
});

it("names the rule of a tier that denies DNS", () => {
  const tier = `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: lockdown }
spec:
  priority: 1
  subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: orders } } } }
  egress: [{ action: Deny, to: [{ namespaces: {} }] }]
`;
  const found = run(yaml + tier).findings.find(({ subject }) => subject === "admin-network-policy/lockdown");
  expect(found?.message).toBe(
    "lockdown keeps pod/orders-0 from asking DNS (5353/UDP and 5353/TCP), so names do not resolve there",
  );
});
