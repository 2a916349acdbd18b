/** Under policies beside NetworkPolicy (docs/spec/policy.md, 5 and 7). */
import { describe, expect, it } from "vitest";
import { policy } from "#lib/testing/cluster-yaml.ts";
import { allow, clients, linesOf, others, reachUnder, told } from "#lib/testing/reach-cluster.ts";

describe("under tiered policies", () => {
  const tiered = (kind: string, spec: string) => `
kind: ${kind}
apiVersion: policy.networking.k8s.io/${kind === "ClusterNetworkPolicy" ? "v1alpha2" : "v1alpha1"}
metadata: { name: ${kind === "BaselineAdminNetworkPolicy" ? "default" : "tier"} }
spec: { ${spec} }
---`;
  const rule = "ingress: [{ action: Deny, from: [{ namespaces: { matchLabels: { team: platform } } }] }]";
  const ofShop = "subject: { namespaces: { matchLabels: { team: shop } } }";
  const platformOut = { reachable: ["shop/cart-0"], blocked: others("shop/cart-0") };

  it.each([
    ["ClusterNetworkPolicy", `tier: Admin, priority: 1, ${ofShop}, ${rule}`, "ClusterNetworkPolicy tier"],
    ["AdminNetworkPolicy", `priority: 1, ${ofShop}, ${rule}`, "AdminNetworkPolicy tier"],
    ["BaselineAdminNetworkPolicy", `${ofShop}, ${rule}`, "BaselineAdminNetworkPolicy default"],
    [
      "ClusterNetworkPolicy",
      `tier: Baseline, priority: 1, subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } }, ${rule}`,
      "ClusterNetworkPolicy tier",
    ],
  ])("a rule of a %s denies whom it names: %s", (kind, spec, name) => {
    const found = reachUnder(tiered(kind, spec));
    expect(told(found)).toEqual(platformOut);
    expect(linesOf(found, "lab")).toEqual([
      `blocked lab: proxy-0; denied by ${name} rule 1: Deny every pod of namespaces with team=platform, every port`,
    ]);
  });

  it.each([
    ["of other namespaces", `subject: { namespaces: { matchLabels: { team: lab } } }, ${rule}`],
    [
      "of other pods",
      `subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: cart } } } }, ${rule}`,
    ],
    [
      "with rules of the other direction",
      `subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } }, egress: [{ action: Deny, to: [{ namespaces: {} }] }]`,
    ],
  ])("a policy %s changes nothing", (_what, spec) => {
    const found = reachUnder(tiered("ClusterNetworkPolicy", `tier: Admin, priority: 1, ${spec}`));
    expect(told(found)).toEqual({ reachable: clients });
  });

  it("the Admin tier decides before NetworkPolicies, which decide the rest (5.1)", () => {
    const admin = tiered("AdminNetworkPolicy", `priority: 1, ${ofShop}, ${rule.replace("Deny", "Allow")}`);
    expect(told(reachUnder(policy("shop/deny", "podSelector: {}") + admin))).toEqual({
      reachable: others("shop/cart-0"),
      blocked: ["shop/cart-0"],
    });
  });

  it("the Baseline tier is never asked about pods that a NetworkPolicy isolates (5.6)", () => {
    const baseline = tiered("BaselineAdminNetworkPolicy", `${ofShop}, ${rule}`);
    expect(told(reachUnder(allow("{}") + baseline))).toEqual({ reachable: clients });
    const some = policy("shop/some", "podSelector: { matchLabels: { track: canary } }\ningress: [{}]");
    expect(told(reachUnder(some + baseline))).toEqual({
      reachable: ["shop/cart-0"],
      depends: others("shop/cart-0"),
    });
  });
});

describe("under policies of kinds that are not evaluated", () => {
  const cilium = (spec: string) => `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: { name: closed, namespace: shop }
spec: { ${spec} }
---`;

  it.each([
    ["all pods", "endpointSelector: {}, ingress: [{}]"],
    ["these pods", "endpointSelector: { matchLabels: { app: web } }, ingressDeny: [{ fromEntities: [all] }]"],
    ["pods that cannot be told", "nodeSelector: {}, ingress: [{}]"],
  ])("it is not known who may send where one concerns %s (7.2)", (_what, spec) => {
    const found = reachUnder(cilium(spec));
    expect(told(found)).toEqual({ unknown: clients });
    expect(linesOf(found, "lab")).toEqual([
      "unknown lab: proxy-0; CiliumNetworkPolicy closed (cilium.io) concerns it, and policies of that kind are not evaluated",
    ]);
    expect(told(reachUnder(allow("{}") + cilium(spec)))).toEqual({ unknown: clients });
  });

  it.each([
    ["other pods", "endpointSelector: { matchLabels: { app: nobody } }, ingress: [{}]"],
    ["what they send", "endpointSelector: { matchLabels: { app: web } }, egress: [{}]"],
  ])("it stays as it is where one concerns %s", (_what, spec) => {
    expect(told(reachUnder(cilium(spec)))).toEqual({ reachable: clients });
  });
});
