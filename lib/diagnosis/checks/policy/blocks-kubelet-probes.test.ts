import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyBlocksKubeletProbes } from "./blocks-kubelet-probes.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string) => runChecks(factsFromYaml(text), [policyBlocksKubeletProbes]).findings;
const findings = run(yaml);

it("reports only probes in the ambient mesh from an address that no rule admits", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "warning",
      "network-policy/pay/cart",
      "cart does not admit 169.254.7.127, from which probes of pod/cart-0 come in Istio's ambient mesh (8080/TCP): with some network plugins they fail",
    ],
    [
      "warning",
      "network-policy/shop/default-deny",
      "default-deny does not admit 169.254.7.127, from which probes of pod/api-0 and pod/web-0 come in Istio's ambient mesh (8080/TCP): with some network plugins they fail",
    ],
  ]);
});

it("admits that address, beside a default deny by a policy of its own", () => {
  expect(findings.map(({ fix }) => fix.text)).toEqual([
    "Add a rule to pay/cart that admits addresses in 169.254.7.127/32 on 8080/TCP",
    "Create a NetworkPolicy in shop for every pod that admits addresses in 169.254.7.127/32 on 8080/TCP",
  ]);
});

it("stays silent without the mesh's proxies: a pod's own node always reaches it", () => {
  expect(run(yaml.replaceAll("docker.io/istio/ztunnel:1.27.0", "registry.k8s.io/pause"))).toEqual([]);
});
