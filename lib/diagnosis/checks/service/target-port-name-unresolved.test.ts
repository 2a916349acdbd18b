import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceTargetPortNameUnresolved } from "./target-port-name-unresolved.ts";

const run = (yaml: string) => runChecks(factsFromYaml(yaml), [serviceTargetPortNameUnresolved]).findings;
const findings = run(checkFixture(import.meta.url));

it("reports only names that pods do not declare: an error on all of them, a warning on some", () => {
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
      "error",
      "service/shop/cart",
      "spec.ports[1].targetPort",
      "Port 7070 of cart leads to the port name grpc-web, which none of its 2 pods declare",
      "pods declare the port name grpc",
    ],
    [
      "error",
      "service/shop/metrics",
      "spec.ports[0].targetPort",
      "Port 9102 of metrics leads to the port name statsd, which its only pod does not declare",
      "pods declare the port name statsd for TCP, the Service asks UDP",
    ],
    [
      "error",
      "service/shop/search",
      "spec.ports[0].targetPort",
      "Port 80 of search leads to the port name http, which its only pod does not declare",
      "pods declare ports without names: 9200",
    ],
    [
      "warning",
      "service/shop/web",
      "spec.ports[0].targetPort",
      "Port 80 of web leads to the port name http, which 1 of its 2 pods does not declare",
      "pods declare ports without names: 8080",
    ],
  ]);
});

it("offers a port that every selected pod declares, by name where it has one", () => {
  expect(findings.map(({ fix }) => [fix.text, fix.patch?.body])).toEqual([
    [
      "Set targetPort to grpc, which all pods declare",
      '[{"op":"replace","path":"/spec/ports/1/targetPort","value":"grpc"}]',
    ],
    [
      "Name the container port statsd in the pod template, or set targetPort to a port that the pods declare",
      undefined,
    ],
    [
      "Set targetPort to 9200, which the pod declares",
      '[{"op":"replace","path":"/spec/ports/0/targetPort","value":9200}]',
    ],
    [
      "Set targetPort to 8080, which all pods declare",
      '[{"op":"replace","path":"/spec/ports/0/targetPort","value":8080}]',
    ],
  ]);
});

it("offers no patch when the pods declare several ports and none is near", () => {
  const yaml = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: grpc }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  containers:
    - name: web
      image: registry.k8s.io/pause
      ports: [{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }]
`;
  expect(run(yaml).map(({ fix }) => fix.patch)).toEqual([undefined]);
});
