import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { clusterDns } from "./cluster-dns.ts";

const service = (name: string, { namespace = "kube-system", labels = "", spec = "" } = {}) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { ${spec === "" ? "" : `${spec}, `}ports: [{ name: dns, port: 53, protocol: UDP }] }`;

const labelled = "k8s-app: kube-dns";

const daemonSet = (name: string) => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ${name}, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: ${name} } }
  template: { metadata: { labels: { k8s-app: ${name} } }, spec: { containers: [{ name: a, image: a }] } }`;

const configMap = (zone: string, block: string) => `
---
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        kubernetes ${zone} in-addr.arpa {
           ${block}
        }
    }`;

function server(yaml: string, as: "cluster" | "manifests" = "cluster") {
  const { server: found } = clusterDns(factsFromYaml(yaml, as));
  return found.kind === "service" ? [found.facts.service.id, found.because] : found.why;
}

describe("the cluster's DNS Service", () => {
  it.each([
    [
      "the label, whatever the name",
      service("coredns-a", { labels: labelled }) + service("dns"),
      ["service/kube-system/coredns-a", "label k8s-app=kube-dns in kube-system"],
    ],
    [
      "the label and the usual name, not NodeLocal DNSCache's upstream",
      service("kube-dns-upstream", { labels: labelled }) + service("kube-dns", { labels: labelled }),
      ["service/kube-system/kube-dns", "label k8s-app=kube-dns in kube-system"],
    ],
    [
      "the label, not the name",
      service("coredns") + service("rke2-coredns-rke2-coredns", { labels: labelled }),
      ["service/kube-system/rke2-coredns-rke2-coredns", "label k8s-app=kube-dns in kube-system"],
    ],
    ["its name", service("coredns"), ["service/kube-system/coredns", "its name in kube-system"]],
    [
      "OpenShift's name",
      service("dns-default", { namespace: "openshift-dns" }),
      ["service/openshift-dns/dns-default", "its name in openshift-dns"],
    ],
    [
      "the pods that it selects",
      service("my-dns", { spec: "selector: { app.kubernetes.io/name: coredns }" }),
      ["service/kube-system/my-dns", "the pods that it selects"],
    ],
    [
      "no headless Service, as metrics have one",
      service("kube-dns", { labels: labelled, spec: "clusterIP: None" }),
      "no Service is known as the cluster's DNS",
    ],
    [
      "no Service of another namespace",
      service("kube-dns", { namespace: "shop", labels: labelled }),
      "no Service is known as the cluster's DNS",
    ],
  ])("is known by %s", (_, yaml, expected) => {
    expect(server(yaml)).toEqual(expected);
  });

  it("is assumed to be the usual one where files hold none", () => {
    expect(server(service("web", { namespace: "shop" }), "manifests")).toBe(
      "these files hold no DNS Service",
    );
    expect(clusterDns(factsFromYaml("", "dump")).server).toEqual({
      kind: "assumed",
      namespace: "kube-system",
      podLabels: { "k8s-app": "kube-dns" },
      ports: [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
      why: "no DNS Service is among what could be read",
    });
  });
});

it.each([
  ["runs by the add-on's name", daemonSet("node-local-dns"), "cluster", "runs"],
  ["runs by kubespray's name", daemonSet("nodelocaldns"), "cluster", "runs"],
  ["is absent", daemonSet("kube-proxy"), "cluster", "absent"],
  ["is not known from files", daemonSet("kube-proxy"), "manifests", "unknown"],
  ["is not known where DaemonSets were not read", service("kube-dns"), "dump", "unknown"],
] as const)("NodeLocal DNSCache %s", (_, yaml, as, state) => {
  expect(clusterDns(factsFromYaml(yaml, as)).nodeLocal.state).toBe(state);
});

it.each([
  ["insecure", configMap("cluster.local", "pods insecure"), "cluster.local", "insecure"],
  ["verified", configMap("K8s.acme.test", "pods verified"), "k8s.acme.test", "verified"],
  ["CoreDNS's default", configMap("cluster.local", "# pods insecure"), "cluster.local", "disabled"],
])(
  "reads from the Corefile the zone and how pods' addresses are answered: %s",
  (_, yaml, domain, podNames) => {
    expect(clusterDns(factsFromYaml(yaml))).toMatchObject({
      domain,
      podNames,
      corefile: "config-map/kube-system/coredns",
    });
  },
);

it("takes the usual zone where no Corefile was read", () => {
  expect(clusterDns(factsFromYaml(""))).toMatchObject({ domain: "cluster.local", corefile: undefined });
});

it("is found once for the same facts", () => {
  const facts = factsFromYaml(service("kube-dns"));
  expect(clusterDns(facts)).toBe(clusterDns(facts));
});

const faulty = "../shared/real-input/faulty.yaml";

it.skipIf(!existsSync(faulty))(
  "finds kube-dns and its Corefile in faulty.yaml (skipped where it is absent)",
  () => {
    const facts = factsFromYaml(readFileSync(faulty, "utf8"), "dump");
    expect(clusterDns(facts)).toMatchObject({
      server: {
        kind: "service",
        facts: { service: { id: "service/kube-system/kube-dns" }, ready: 1, total: 2 },
      },
      nodeLocal: { state: "absent" },
      domain: "cluster.local",
      corefile: "config-map/kube-system/coredns",
      podNames: "insecure",
    });
  },
);
