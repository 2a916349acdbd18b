import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { networkPlugin, pluginAgents } from "./network-plugin.ts";

const daemonSet = (image: string, name = "agent", namespace = "kube-system") => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [${image
      .split(" ")
      .map((each, index) => `{ name: c${index}, image: "${each}" }`)
      .join(", ")}] }
`;

describe("the agents of network plugins", () => {
  it.each([
    ["quay.io/calico/node:v3.31.0", "Calico"],
    ["registry.example.com:5000/mirror/calico-node:v3.31.0", "Calico"],
    // RKE2's own build.
    ["rancher/hardened-calico:v3.32.0-build20260511", "Calico"],
    ["quay.io/cilium/cilium:v1.18.0@sha256:00", "Cilium"],
    ["gke.gcr.io/cilium/cilium:v1.16", "Cilium"],
    ["projects.registry.vmware.com/tkg/antrea-advanced-debian:v1.7.2_vmware.1", "Antrea"],
    ["antrea/antrea-agent-ubuntu:v2.4.0", "Antrea"],
    ["docker.io/kubeovn/kube-ovn:v1.14.0", "Kube-OVN"],
    ["kindest/kindnetd:v20250512", "kindnet"],
    ["ghcr.io/flannel-io/flannel:v0.27.0", "Flannel"],
    ["rancher/mirrored-flannelcni-flannel:v0.19.2", "Flannel"],
    ["rancher/hardened-flannel:v0.28.5-build20260604", "Flannel"],
    ["602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.19.0", "the AWS VPC CNI"],
    ["mcr.microsoft.com/containernetworking/azure-cns:v1.6", "Azure CNI"],
  ])("are known by the image %s", (image, name) => {
    expect(pluginAgents(factsFromYaml(daemonSet(image))).map(({ plugin }) => plugin.name)).toEqual([name]);
  });

  it.each([
    "quay.io/cilium/cilium-envoy:v1.34",
    "quay.io/calico/kube-controllers:v3.31.0",
    "docker.io/flannel/flannel-cni-plugin:v1.7",
    "quay.io/calico/node-driver-registrar:v3.31.0",
  ])("are not taken for %s, which is another program", (image) => {
    expect(pluginAgents(factsFromYaml(daemonSet(image)))).toEqual([]);
  });

  it("are known by the name that a distribution gives its DaemonSet, where images are digests alone", () => {
    const image = "quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:00";
    const own = factsFromYaml(daemonSet(image, "ovnkube-node", "openshift-ovn-kubernetes"));
    expect(pluginAgents(own).map(({ plugin, path }) => [plugin.name, path])).toEqual([
      ["OVN-Kubernetes", "metadata.name"],
    ]);
    expect(pluginAgents(factsFromYaml(daemonSet(image, "ovnkube-node")))).toEqual([]);
  });
});

describe("whether policies are enforced", () => {
  it.each([
    [
      "a plugin that never does",
      "flannel/flannel:v0.27",
      "none-found",
      "Flannel",
      /^Flannel does not enforce/,
    ],
    ["none that is known", "example.com/other:1", "none-found", undefined, /^no network plugin/],
    ["Canal", "calico/node:v3 flannel/flannel:v0.27", "partly", "Calico", /^Calico: agent ready on 0/],
    [
      "an agent that can be turned off",
      "amazon-k8s-cni:v1 aws-eks-nodeagent:v1",
      "partly",
      "the AWS network policy agent",
      /ready on 0/,
    ],
  ])("is told of %s", (_, images, state, name, sentence) => {
    const plugin = networkPlugin(factsFromYaml(daemonSet(images)));
    expect([plugin.enforcement.state, plugin.name]).toEqual([state, name]);
    expect(plugin.enforcement.sentence).toMatch(sentence);
  });

  it("is not known where the provider runs the network out of sight", () => {
    const node = `
apiVersion: v1
kind: Node
metadata: { name: n, labels: { eks.amazonaws.com/compute-type: auto } }
`;
    expect(networkPlugin(factsFromYaml(node)).enforcement.state).toBe("unknown");
  });

  it("is not known of k3s, which does it by itself unless told not to", () => {
    const snapshot = { ...snapshotFromYaml(""), version: "v1.34.1+k3s1" };
    expect(networkPlugin(compileFacts(snapshot, "")).enforcement.state).toBe("unknown");
  });
});
