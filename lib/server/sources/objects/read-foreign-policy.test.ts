import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { foreignPlurals } from "#lib/model/snapshot.ts";
import { foreignPolicyFromYaml, whom } from "#lib/testing/foreign-concern.ts";
import { readObject } from "./read-object.ts";

const every = [
  ["cilium.io/v2", "CiliumNetworkPolicy", "ciliumNetworkPolicies"],
  ["cilium.io/v2", "CiliumClusterwideNetworkPolicy", "ciliumClusterwideNetworkPolicies"],
  ["projectcalico.org/v3", "NetworkPolicy", "calicoNetworkPolicies"],
  ["crd.projectcalico.org/v1", "NetworkPolicy", "calicoNetworkPolicies"],
  ["projectcalico.org/v3", "GlobalNetworkPolicy", "calicoGlobalNetworkPolicies"],
  ["crd.projectcalico.org/v1", "GlobalNetworkPolicy", "calicoGlobalNetworkPolicies"],
  ["crd.antrea.io/v1beta1", "NetworkPolicy", "antreaNetworkPolicies"],
  ["crd.antrea.io/v1beta1", "ClusterNetworkPolicy", "antreaClusterNetworkPolicies"],
  ["security.istio.io/v1", "AuthorizationPolicy", "authorizationPolicies"],
  ["k8s.ovn.org/v1", "EgressFirewall", "egressFirewalls"],
] as const;

describe("readForeignPolicy", () => {
  it.each(every)("reads %s %s as one of %s", (apiVersion, kind, plural) => {
    const outcome = readObject({ apiVersion, kind, metadata: { name: "p", namespace: "shop" }, spec: {} });
    expect(outcome).toMatchObject({ kind: "object", plural, object: { name: "p" } });
  });

  it("knows every kind that a snapshot has a place for", () => {
    expect(new Set(every.map(([, , plural]) => plural))).toEqual(new Set(foreignPlurals));
  });

  // Losing it would be the unsafe direction: verdicts that it changes would pass for definite.
  it.each(every)(
    "keeps a %s %s whose spec is malformed, both ways unless its kind has only one",
    (apiVersion, kind) => {
      const outcome = readObject({ apiVersion, kind, metadata: { name: "p", namespace: "shop" }, spec: "?" });
      expect(outcome).toMatchObject({
        kind: "object",
        object: { directions: kind === "EgressFirewall" ? ["egress"] : ["ingress", "egress"] },
      });
    },
  );

  it("keeps one without a name", () => {
    const policy = foreignPolicyFromYaml(
      "{apiVersion: crd.projectcalico.org/v1, kind: GlobalNetworkPolicy, metadata: {}, spec: {selector: app == 'web', types: [Ingress]}}",
    );
    expect(policy.name).toBe("unnamed-at-line-1");
    expect(whom(policy)).toBe("app=web");
  });

  it("gives up on one whose metadata cannot be read", () => {
    const yaml =
      "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, labels: {a: 1}}, spec: {}}";
    expect(readObject(load(yaml))).toMatchObject({ kind: "invalid", path: "metadata.labels.a" });
  });

  it.each(["{egress: [{type: Deny, to: {cidrSelector: 0.0.0.0/0}}]}", "null", "[]"])(
    "takes an EgressFirewall of %s as closing what its whole namespace sends",
    (spec) => {
      const policy = foreignPolicyFromYaml(
        `{apiVersion: k8s.ovn.org/v1, kind: EgressFirewall, metadata: {name: default, namespace: shop}, spec: ${spec}}`,
      );
      expect(policy).toMatchObject({ namespace: "shop", directions: ["egress"], effect: "closes" });
      expect(whom(policy)).toBe("every pod");
    },
  );
});
