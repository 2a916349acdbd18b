import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { gapsOf } from "./coverage.ts";
import { networkPrograms, proxyPrograms } from "./programs.ts";

const node = (name: string) => `
---
apiVersion: v1
kind: Node
metadata: { name: ${name} }
status: { conditions: [{ type: Ready, status: "True" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-${name}, namespace: shop }
spec: { nodeName: ${name}, containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.0.1 }
`;

const daemonSet = (name: string, image: string, nodes: readonly string[], ready = "True") => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ${name}, namespace: kube-system }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { hostNetwork: true, containers: [{ name: c, image: "${image}" }] }
${nodes
  .map(
    (on) => `
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}-${on}
  namespace: kube-system
  ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: ${name}, uid: u, controller: true }]
spec: { nodeName: ${on}, hostNetwork: true, containers: [{ name: c, image: "${image}" }] }
status: { phase: Running, podIP: 192.0.2.1, conditions: [{ type: Ready, status: "${ready}" }] }
`,
  )
  .join("")}`;

const staticPod = (on: string, image = "rancher/hardened-kubernetes:v1.34") => `
---
apiVersion: v1
kind: Pod
metadata:
  name: kube-proxy-${on}
  namespace: kube-system
  ownerReferences: [{ apiVersion: v1, kind: Node, name: ${on}, uid: u, controller: true }]
spec: { nodeName: ${on}, hostNetwork: true, containers: [{ name: kube-proxy, image: "${image}" }] }
status: { phase: Running, podIP: 192.0.2.1, conditions: [{ type: Ready, status: "True" }] }
`;

describe("programs that are meant to run on every node", () => {
  it("are one, where a DaemonSet for each architecture runs a part", () => {
    const facts = factsFromYaml(
      node("amd") +
        node("arm") +
        daemonSet("kube-flannel-ds-amd64", "flannel:v0.27-amd64", ["amd"]) +
        daemonSet("kube-flannel-ds-arm64", "flannel:v0.27-arm64", ["arm"]),
    );
    expect(gapsOf(facts, networkPrograms(facts))).toEqual({ failing: [], missing: [], nodes: 2, present: 2 });
  });

  it("go by the one that makes the network, where a DaemonSet runs two", () => {
    const facts = factsFromYaml(daemonSet("aws-node", "amazon-k8s-cni:v1", []));
    expect(networkPrograms(facts).map(({ name, makes }) => [name, makes])).toEqual([
      ["the AWS VPC CNI", "pod-network"],
    ]);
  });

  it("miss the nodes on which no pod of theirs is", () => {
    const facts = factsFromYaml(node("a") + node("b") + daemonSet("calico-node", "calico/node:v3", ["a"]));
    expect(gapsOf(facts, networkPrograms(facts)).missing.map(({ name }) => name)).toEqual(["b"]);
  });

  it("fail where no pod of theirs is ready, with none of any DaemonSet beside it", () => {
    const facts = factsFromYaml(
      node("a") +
        node("b") +
        daemonSet("calico-node", "calico/node:v3", ["a", "b"], "False") +
        daemonSet("cilium", "cilium/cilium:v1", ["b"]),
    );
    const { failing, missing } = gapsOf(facts, networkPrograms(facts));
    expect(failing.map(({ pod, program }) => [pod.name, program.name])).toEqual([
      ["calico-node-a", "Calico"],
    ]);
    expect(missing).toEqual([]);
  });
});

describe("kube-proxy", () => {
  it("is found as a DaemonSet, and as static pods from an image of all of Kubernetes", () => {
    const daemon = factsFromYaml(
      node("a") + daemonSet("kube-proxy", "registry.k8s.io/kube-proxy:v1.36.2", ["a"]),
    );
    expect(proxyPrograms(daemon).map((each) => [each.daemonSet, [...each.byNode.keys()]])).toEqual([
      ["daemon-set/kube-system/kube-proxy", ["a"]],
    ]);
    const still = factsFromYaml(node("a") + node("b") + staticPod("a") + staticPod("b"));
    expect(proxyPrograms(still).map((each) => [each.daemonSet, [...each.byNode.keys()]])).toEqual([
      [undefined, ["a", "b"]],
    ]);
  });
});
