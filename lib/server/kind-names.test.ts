import { describe, expect, it } from "vitest";
import { allKinds } from "#lib/model/kinds.ts";
import { kindInWords, kubectlWord } from "./kind-names.ts";

describe("names of kinds", () => {
  it.each([
    ["service", "Service", "service"],
    ["network-policy", "NetworkPolicy", "networkpolicy"],
    [
      "calico-network-policy",
      "NetworkPolicy (crd.projectcalico.org)",
      "networkpolicies.crd.projectcalico.org",
    ],
    ["calico-global-network-policy", "GlobalNetworkPolicy", "globalnetworkpolicies.crd.projectcalico.org"],
    ["antrea-network-policy", "NetworkPolicy (crd.antrea.io)", "networkpolicies.crd.antrea.io"],
    ["cluster-network-policy", "ClusterNetworkPolicy (policy.networking.k8s.io)", "clusternetworkpolicy"],
    ["cilium-network-policy", "CiliumNetworkPolicy", "ciliumnetworkpolicy"],
  ] as const)("%s is %s, and %s for kubectl", (kind, words, word) => {
    expect(kindInWords(kind)).toBe(words);
    expect(kubectlWord(kind)).toBe(word);
  });

  it("are different for different kinds", () => {
    expect(new Set(allKinds.map(kindInWords)).size).toBe(allKinds.length);
    expect(new Set(allKinds.map(kubectlWord)).size).toBe(allKinds.length);
  });
});
