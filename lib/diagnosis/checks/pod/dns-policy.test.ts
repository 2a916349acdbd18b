import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { podDnsPolicy } from "./dns-policy.ts";

const run = (text: string, as?: "dump" | "manifests") => runChecks(factsFromYaml(text, as), [podDnsPolicy]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("reports what the API server refuses, what was meant to resolve Services and cannot, and what is worth knowing", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "deployment/shop/refused",
      "The API server refuses the pods of deployment/refused: with dnsPolicy None, dnsConfig must name a nameserver",
    ],
    [
      "warning",
      "cron-job/shop/foreign",
      "Pods of cronjob/foreign search shop.svc.cluster.local, and the cluster's domain is k8s.example: short names of Services do not resolve",
    ],
    [
      "warning",
      "daemon-set/shop/searching",
      "Pods of daemonset/searching cannot resolve Services: on their node's network dnsPolicy ClusterFirst is taken for Default, so they ask the node's resolver, and dnsConfig has them search shop.svc.k8s.example",
    ],
    [
      "warning",
      "stateful-set/shop/stale",
      "Pods of statefulset/stale ask 10.96.0.53 for names, an address of the Service range that no Service has",
    ],
    [
      "info",
      "deployment/shop/default-policy",
      "Pods of deployment/default-policy cannot resolve Services: with dnsPolicy Default, which is not the default, they ask the node's resolver",
    ],
    [
      "info",
      "deployment/shop/outside",
      "Pods of deployment/outside cannot resolve Services: dnsConfig names 1.1.1.1, which is not the cluster's DNS",
    ],
    [
      "info",
      "pod/shop/edge",
      "Pods of pod/edge cannot resolve Services: on their node's network dnsPolicy ClusterFirst is taken for Default, so they ask the node's resolver",
    ],
  ]);
});

it("offers the policy, the address and the domain that resolve", () => {
  expect(findings.map(({ fix }) => fix.patch?.body)).toEqual([
    undefined,
    '[{"op":"replace","path":"/spec/jobTemplate/spec/template/spec/dnsConfig/searches/1","value":"shop.svc.k8s.example"}]',
    '[{"op":"add","path":"/spec/template/spec/dnsPolicy","value":"ClusterFirstWithHostNet"}]',
    '[{"op":"replace","path":"/spec/template/spec/dnsConfig/nameservers/0","value":"10.96.0.10"}]',
    '[{"op":"add","path":"/spec/template/spec/dnsPolicy","value":"ClusterFirst"}]',
    undefined,
    undefined,
  ]);
  expect(findings[3]?.nearMiss).toBe("the cluster's DNS is kube-system/kube-dns, 10.96.0.10");
});

const deployment = (spec: string, namespace = "shop") => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { ${spec}, containers: [{ name: c, image: registry.k8s.io/pause }] }
`;

it.each([
  ["dnsPolicy: Clusterfirst", /Clusterfirst is no DNS policy$/],
  ["dnsPolicy: None, dnsConfig: { nameservers: [dns.example.com] }", /dns\.example\.com is no IP address$/],
  ["dnsConfig: { nameservers: [1.1.1.1, 1.0.0.1, 8.8.8.8, 8.8.4.4] }", /more than 3 nameservers/],
])("says what the API server refuses of manifests: %s", (spec, message) => {
  const { findings } = run(deployment(spec), "manifests");
  expect(findings.map(({ severity }) => severity)).toEqual(["error"]);
  expect(findings[0]?.message).toMatch(message);
});

it.each([
  ["the platform's own pods", deployment("hostNetwork: true", "kube-system")],
  ["those of its add-ons", deployment("hostNetwork: true", "calico-system")],
  [
    "a private nameserver, as long as nobody knows the cluster's",
    deployment("dnsPolicy: None, dnsConfig: { nameservers: [10.43.0.10] }"),
  ],
])("says nothing of %s", (_, yaml) => {
  expect(run(yaml, "manifests").findings).toEqual([]);
});
