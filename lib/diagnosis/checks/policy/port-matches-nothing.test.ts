import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyPortMatchesNothing } from "./port-matches-nothing.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") =>
  runChecks(factsFromYaml(text, as), [policyPortMatchesNothing]);
const { findings } = run(yaml);

it("reports only ports that no pod of the rule has: the Service's, a name, another protocol", () => {
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
      "network-policy/shop/front-by-service-name",
      "spec.ingress[0].ports[0]",
      "front-by-service-name rule 1 admits the port named http (TCP), and none of the pods that it selects declares it",
      "http is the name of a port of Service front, which leads to the pods' 8079",
    ],
    [
      "warning",
      "network-policy/shop/front-ingress",
      "spec.ingress[0].ports[0]",
      "front-ingress rule 1 admits 80/TCP, the port of Service front: policies see the pods' own, 8079",
      "Service port 80 leads to the pods' 8079",
    ],
    [
      "warning",
      "network-policy/shop/front-typo",
      "spec.ingress[0].ports[0]",
      "front-typo rule 1 admits the port named wed (TCP), and none of the pods that it selects declares it",
      "the pods declare the port name web",
    ],
    [
      "warning",
      "network-policy/shop/statsd",
      "spec.ingress[0].ports[0]",
      "statsd rule 1 admits 8125/TCP, and the pods that it selects declare 8125 for UDP only",
      "the pods declare 8125 for UDP; TCP is what a policy means where it names no protocol",
    ],
    [
      "warning",
      "network-policy/shop/to-cart",
      "spec.egress[0].ports[0]",
      "to-cart rule 1 lets out to 80/TCP, the port of Service cart: policies see the pods' own, 7070",
      "Service port 80 leads to the pods' 7070",
    ],
    [
      "warning",
      "network-policy/shop/to-cart-names",
      "spec.egress[0].ports[0]",
      "to-cart-names rule 1 lets out to the port named grpc (TCP), and none of the pods that it is about declares it",
      "none of these pods names a port",
    ],
    [
      "info",
      "network-policy/shop/any-name",
      "spec.ingress[0].ports[1]",
      "any-name rule 1 admits the port named metrics (TCP), and none of the pods that it selects declares it",
      "the pods declare the port names statsd and web",
    ],
  ]);
});

it("offers the port or the protocol that the pods have", () => {
  expect(findings.map(({ fix }) => fix.patch?.body)).toEqual([
    '[{"op":"replace","path":"/spec/ingress/0/ports/0/port","value":8079}]',
    '[{"op":"replace","path":"/spec/ingress/0/ports/0/port","value":8079}]',
    '[{"op":"replace","path":"/spec/ingress/0/ports/0/port","value":"web"}]',
    '[{"op":"add","path":"/spec/ingress/0/ports/0/protocol","value":"UDP"}]',
    '[{"op":"replace","path":"/spec/egress/0/ports/0/port","value":7070}]',
    undefined,
    undefined,
  ]);
});

it("shows the Service whose port it is, and the pods' ports where there is none", () => {
  expect(findings[1]).toMatchObject({
    evidence: [
      { object: "network-policy/shop/front-ingress", value: "80/TCP" },
      { object: "service/shop/front", path: "spec.ports[0]", value: "port 80, targetPort web" },
    ],
    touches: ["pod/shop/front-0", "service/shop/front"],
    kubectl: "kubectl -n shop describe service front",
  });
  expect(findings[2]?.kubectl).toBe(
    "kubectl -n shop get pods -l app=front -o 'jsonpath={.items[*].spec.containers[*].ports}'",
  );
});

it("names no port where the pods listen on several", () => {
  const another = `
---
apiVersion: v1
kind: Pod
metadata: { name: front-1, namespace: shop, labels: { app: front } }
spec: { containers: [{ name: front, image: registry.k8s.io/pause, ports: [{ name: web, containerPort: 9079 }] }] }
status: { phase: Running, podIP: 10.0.1.9 }
`;
  const found = run(yaml + another).findings.find(({ subject }) => subject.endsWith("/front-ingress"));
  expect(found?.message).toMatch(/the pods' own, 8079 and 9079$/);
  expect(found?.fix.patch).toBeUndefined();
});

it("stays silent about manifests whose pods may be in other files", () => {
  const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: namespace-wide, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{ ports: [{ port: metrics }] }]
  egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: dns, protocol: UDP }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress: [{ ports: [{ port: htttp }] }]
`;
  expect(run(manifests, "manifests").findings.map(({ subject }) => subject)).toEqual([
    "network-policy/shop/web",
  ]);
});
