import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyPeerMatchesNothing } from "./peer-matches-nothing.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") =>
  runChecks(factsFromYaml(text, as), [policyPeerMatchesNothing]);
const { findings } = run(yaml);

it("reports only peers that match no pod: a warning with a near miss, else worth knowing", () => {
  expect(
    findings.map(({ severity, subject, part, message, nearMiss }) => [
      severity,
      subject,
      part,
      message,
      nearMiss,
    ]),
  ).toEqual([
    [
      "warning",
      "network-policy/shop/carts-db-access",
      "spec.ingress[0].from[0]",
      "carts-db-access allows traffic from pods with name=cart in shop, and there are none",
      "1 label differs: the selector asks name=cart, pods of pod/carts-0 carry name=carts",
    ],
    [
      "warning",
      "network-policy/shop/from-ingress",
      "spec.ingress[0].from[0]",
      "from-ingress allows traffic from pods in namespaces with name=ingress-nginx, and there are none",
      "no namespace carries name=ingress-nginx; namespace ingress-nginx carries kubernetes.io/metadata.name=ingress-nginx",
    ],
    [
      "warning",
      "network-policy/shop/from-monitoring",
      "spec.egress[0].to[0]",
      "from-monitoring allows traffic to pods with app=promotheus in namespaces with kubernetes.io/metadata.name=monitoring, and there are none",
      "1 label differs: the selector asks app=promotheus, pods of pod/prometheus-0 carry app=prometheus",
    ],
    [
      "warning",
      "network-policy/shop/queue-from-boutique",
      "spec.ingress[0].from[0]",
      "queue-from-boutique allows traffic from pods with app=checkout in shop, and there are none",
      "pods with these labels exist in namespace boutique; the peer has no namespaceSelector, so it only sees shop",
    ],
    [
      "info",
      "network-policy/shop/from-nobody",
      "spec.ingress[0].from[0]",
      "from-nobody allows traffic from pods with role=backup in shop, and there are none",
      undefined,
    ],
  ]);
});

it("offers a patch of the peer in its place", () => {
  expect(findings.map(({ fix }) => fix.patch?.body)).toEqual([
    '[{"op":"replace","path":"/spec/ingress/0/from/0/podSelector/matchLabels/name","value":"carts"}]',
    '[{"op":"replace","path":"/spec/ingress/0/from/0/namespaceSelector","value":{"matchLabels":{"kubernetes.io/metadata.name":"ingress-nginx"}}}]',
    '[{"op":"replace","path":"/spec/egress/0/to/0/podSelector/matchLabels/app","value":"prometheus"}]',
    '[{"op":"add","path":"/spec/ingress/0/from/0/namespaceSelector","value":{"matchLabels":{"kubernetes.io/metadata.name":"boutique"}}}]',
    undefined,
  ]);
});

it("gives a line that looks where the peer looks", () => {
  expect(findings.map(({ kubectl }) => kubectl)).toEqual([
    "kubectl -n shop get pods -l name=cart --show-labels",
    "kubectl get namespaces -l name=ingress-nginx --show-labels",
    "kubectl get pods -A -l app=promotheus --show-labels",
    "kubectl -n shop get pods -l app=checkout --show-labels",
    "kubectl -n shop get pods -l role=backup --show-labels",
  ]);
});

it("offers no patch when the pods meant may be in any of several namespaces", () => {
  const another = `
---
apiVersion: v1
kind: Pod
metadata: { name: checkout-0, namespace: monitoring, labels: { app: checkout } }
spec: { containers: [{ name: checkout, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.3.2 }
`;
  const found = run(yaml + another).findings.find(({ subject }) => subject.endsWith("queue-from-boutique"));
  expect(found?.nearMiss).toBe(
    "pods with these labels exist in namespaces boutique and monitoring; the peer has no namespaceSelector, so it only sees shop",
  );
  expect(found?.fix.patch).toBeUndefined();
});

it.each([
  [{ name: "monitoring" }, "name=monitoring", "kubernetes.io/metadata.name=monitoring"],
  [
    { "kubernetes.io/metadata.name": "monitorin" },
    "kubernetes.io/metadata.name=monitorin",
    "kubernetes.io/metadata.name=monitoring",
  ],
  [{ team: "platfrom" }, "team=platfrom", "team=platform"],
  [{ team: "platform", stage: "prod" }, "stage=prod", "stage=prd"],
])("names the namespace that %j means", (matchLabels, asked, carried) => {
  const monitoring = `
apiVersion: v1
kind: Namespace
metadata: { name: monitoring, labels: { team: platform, stage: prd } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: scrape, namespace: shop }
spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: ${JSON.stringify(matchLabels)} } }] }] }
`;
  expect(run(monitoring).findings.map(({ nearMiss }) => nearMiss)).toEqual([
    `no namespace carries ${asked}; namespace monitoring carries ${carried}`,
  ]);
});

it("stays silent about manifests whose peers are in other namespaces, which are kept elsewhere", () => {
  const manifests = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
`;
  const { findings, cannotTell } = run(manifests, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell).toHaveLength(1);
});
