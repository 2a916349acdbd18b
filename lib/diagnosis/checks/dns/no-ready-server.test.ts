import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { pod, service } from "#lib/testing/cluster-yaml.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { dnsNoReadyServer } from "./no-ready-server.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string) => runChecks(factsFromYaml(text), [dnsNoReadyServer]).findings;

it("reports only the Service that pods ask, with why none of its servers is ready", () => {
  expect(run(yaml).map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "service/kube-system/kube-dns",
      "No server answers the cluster's DNS, so no name resolves in its pods: none of the 2 endpoints of kube-dns is ready: coredns-0 and coredns-1: CrashLoopBackOff, 9 restarts",
    ],
  ]);
});

it("follows from what keeps the Service without endpoints, and from its Corefile", () => {
  const corefile = `
---
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data: { Corefile: ". { forward . 10.96.0.10 }" }
`;
  expect(run(yaml + corefile)[0]?.follows).toEqual([
    { object: "config-map/kube-system/coredns", checks: ["dns/corefile"] },
    {
      object: "service/kube-system/kube-dns",
      checks: ["service/no-ready-endpoints", "service/selector-matches-nothing"],
    },
  ]);
});

it("stays silent while one server is ready", () => {
  const ready = `
---
${pod("kube-system/coredns-2", { labels: "k8s-app=kube-dns", ips: ["10.0.0.4"] })}
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kube-dns-2, namespace: kube-system, labels: { kubernetes.io/service-name: kube-dns } }
addressType: IPv4
ports: [{ name: dns, port: 53, protocol: UDP }]
endpoints: [{ addresses: [10.0.0.4], conditions: { ready: true }, targetRef: { kind: Pod, namespace: kube-system, name: coredns-2 } }]
`;
  expect(run(yaml + ready)).toEqual([]);
});

it("warns where the servers are scaled to zero, since something else may answer", () => {
  const found = run(`
${service("kube-system/kube-dns", { selector: "k8s-app=kube-dns", ports: "dns:53/UDP" })}
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  replicas: 0
  selector: { matchLabels: { k8s-app: kube-dns } }
  template: { metadata: { labels: { k8s-app: kube-dns } }, spec: { containers: [{ name: coredns, image: coredns }] } }
`);
  expect(found.map(({ severity, message }) => [severity, message])).toEqual([
    [
      "warning",
      "No server answers the cluster's DNS, so no name resolves in its pods: kube-dns has no endpoint (scaled to 0: deployment/coredns)",
    ],
  ]);
});
