import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyForeignKindNotEvaluated } from "./foreign-kind-not-evaluated.ts";

const run = (yaml: string) => runChecks(factsFromYaml(yaml), [policyForeignKindNotEvaluated]);
const { findings } = run(checkFixture(import.meta.url));

it("reports only policies that concern a pod, once for each kind of a namespace", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "info",
      "calico-global-network-policy/guard",
      "guard (GlobalNetworkPolicy, crd.projectcalico.org) may decide about ingress of 1 pod and is not evaluated",
    ],
    [
      "info",
      "cilium-clusterwide-network-policy/baseline",
      "baseline (CiliumClusterwideNetworkPolicy, cilium.io) may decide about egress of 1 pod and is not evaluated",
    ],
    [
      "info",
      "namespace/mesh",
      "only-front (AuthorizationPolicy, security.istio.io) may decide about ingress of 1 pod of mesh and is not evaluated",
    ],
    [
      "info",
      "namespace/shop",
      "dns and web (CiliumNetworkPolicy, cilium.io) may decide about ingress and egress of 1 pod of shop and are not evaluated",
    ],
  ]);
});

it("shows on each policy, and says what it can do", () => {
  expect(findings[3]?.touches).toEqual(["cilium-network-policy/shop/dns", "cilium-network-policy/shop/web"]);
  expect(findings.map(({ evidence }) => evidence.map(({ value }) => value))).toEqual([
    ["may concern 1 pod; can open and close ingress"],
    ["may concern 1 pod; can open and close egress"],
    ["may concern 1 pod; can close ingress"],
    ["may concern 1 pod; can open and close egress", "may concern 1 pod; can open and close ingress"],
  ]);
});

it("gives a line that lists the policies under their own API group", () => {
  expect(findings.map(({ kubectl }) => kubectl)).toEqual([
    "kubectl get globalnetworkpolicies.crd.projectcalico.org guard -o yaml",
    "kubectl get ciliumclusterwidenetworkpolicies.cilium.io baseline -o yaml",
    "kubectl -n mesh get authorizationpolicies.security.istio.io only-front -o yaml",
    "kubectl -n shop get ciliumnetworkpolicies.cilium.io -o yaml",
  ]);
});
