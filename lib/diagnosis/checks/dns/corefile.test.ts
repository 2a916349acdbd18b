import { describe, expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { dnsCorefile } from "./corefile.ts";

const run = (yaml: string) => runChecks(factsFromYaml(yaml), [dnsCorefile]).findings;
const findings = run(checkFixture(import.meta.url));

it("reports only what is wrong in the Corefile of the cluster's DNS, line by line", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "config-map/kube-system/coredns",
      "data.Corefile line 12",
      "In the Corefile of coredns, line 12: names in corp.example are forwarded to 10.96.0.10, the address of the cluster's own DNS Service: a loop",
    ],
    [
      "error",
      "config-map/kube-system/coredns",
      "data.Corefile line 4",
      "In the Corefile of coredns, line 4: names outside the cluster are forwarded to /etc/resolv.conf, and coredns-0 has dnsPolicy ClusterFirst, so that file names the cluster's own DNS: a loop",
    ],
    [
      "error",
      "config-map/kube-system/coredns",
      "data.Corefile line 7",
      "In the Corefile of coredns, line 7: cluster.local is asked of the block for cluster.local:53, which has no kubernetes plugin for it, and never of the one that has",
    ],
  ]);
});

function corefile(text: string, dnsPolicy = "Default"): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
${text
  .trim()
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec:
  clusterIPs: [10.96.0.10, "fd00:96::a"]
  selector: { k8s-app: kube-dns }
  ports: [{ name: dns, port: 53, protocol: UDP }]
---
apiVersion: v1
kind: Pod
metadata: { name: coredns-0, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec: { dnsPolicy: ${dnsPolicy}, containers: [{ name: coredns, image: registry.k8s.io/coredns }] }
status: { phase: Running, podIP: 10.0.0.2, conditions: [{ type: Ready, status: "True" }] }
`;
}

const messages = (text: string, dnsPolicy?: string) =>
  run(corefile(text, dnsPolicy)).map(({ message }) => message.replace(/^In the Corefile of coredns, /, ""));

const kubernetes = "kubernetes cluster.local in-addr.arpa ip6.arpa";

describe("finds", () => {
  it.each([
    [
      "no kubernetes plugin",
      ".:53 {\n  forward . 9.9.9.9\n}",
      ["line 1: no server block has the kubernetes plugin, so no name of a Service resolves"],
    ],
    [
      "a kubernetes plugin for addresses alone",
      ".:53 {\n  kubernetes in-addr.arpa ip6.arpa\n}",
      [
        "line 2: the kubernetes plugin serves no zone of names, only of addresses, so no name of a Service resolves",
      ],
    ],
    [
      "a kubernetes plugin where nobody asks it",
      "example.org:53 {\n  kubernetes cluster.local\n}",
      [
        "line 2: the kubernetes plugin for cluster.local stands in the block for example.org:53, which is never asked for it",
      ],
    ],
    [
      "a brace that is not closed",
      `.:53 {\n  ${kubernetes} {\n  forward . 9.9.9.9\n}`,
      ["line 1: a block is opened here and not closed, so CoreDNS does not start with it"],
    ],
    [
      "a loop through the pod's own address",
      `.:53 {\n  ${kubernetes}\n  forward . dns://127.0.0.1\n}`,
      [
        "line 3: names outside the cluster are forwarded to dns://127.0.0.1, where CoreDNS itself listens in its pod: a loop",
      ],
    ],
    [
      "a loop through the Service, over IPv6",
      `.:53 {\n  ${kubernetes}\n  forward . [fd00:96::a]:53 9.9.9.9\n}`,
      [
        "line 3: names outside the cluster are forwarded to [fd00:96::a]:53, the address of the cluster's own DNS Service: a loop",
      ],
    ],
  ])("%s", (_, text, expected) => {
    expect(messages(text)).toEqual(expected);
  });
});

describe("stays silent about", () => {
  it.each([
    ["what kubeadm writes", `.:53 {\n  ${kubernetes}\n  forward . /etc/resolv.conf\n}`],
    ["a resolver beside it, on another port", `.:53 {\n  ${kubernetes}\n  forward . 127.0.0.1:5353\n}`],
    ["servers by TLS", `.:53 {\n  ${kubernetes}\n  forward . tls://10.96.0.10\n}`],
    [
      "plugins that are in files of their own",
      ".:53 {\n  import /etc/coredns/custom/*.override\n  forward . 9.9.9.9\n}",
    ],
    [
      "a block of its own for the domain",
      `cluster.local:53 {\n  ${kubernetes}\n}\n.:53 {\n  forward . 9.9.9.9\n}`,
    ],
    ["a plugin without zones", ".:53 {\n  kubernetes\n  forward . 9.9.9.9\n}"],
  ])("%s", (_, text) => {
    expect(messages(text)).toEqual([]);
  });
});

it("takes a pod's own resolver for the cluster's DNS where its dnsPolicy says so", () => {
  expect(messages(`.:53 {\n  ${kubernetes}\n  forward . /etc/resolv.conf\n}`, "ClusterFirst")).toEqual([
    "line 3: names outside the cluster are forwarded to /etc/resolv.conf, and coredns-0 has dnsPolicy ClusterFirst, so that file names the cluster's own DNS: a loop",
  ]);
});
