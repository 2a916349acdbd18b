import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { cniPoliciesNotEnforced } from "./policies-not-enforced.ts";

const run = (text: string, as?: "dump" | "manifests") =>
  runChecks(factsFromYaml(text, as), [cniPoliciesNotEnforced]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);
const flannel = "ghcr.io/flannel-io/flannel:v0.27.0";

it("reports each namespace with policies once, and each policy of the cluster", () => {
  const why = "Flannel does not enforce policies, and nothing that does was found among the DaemonSets";
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    ["warning", "admin-network-policy/guard", `Nothing was found that enforces guard: ${why}`],
    ["warning", "namespace/data", `Nothing was found that enforces the 1 NetworkPolicy of data: ${why}`],
    ["warning", "namespace/shop", `Nothing was found that enforces the 2 NetworkPolicies of shop: ${why}`],
  ]);
  expect(findings[2]?.touches).toEqual(["network-policy/shop/default-deny", "network-policy/shop/web"]);
  expect(findings[2]?.evidence[0]).toEqual({
    object: "daemon-set/kube-flannel/kube-flannel-ds",
    path: "spec.template.spec.containers[0].image",
    value: flannel,
  });
});

it("only notes it where no plugin is known at all: one that is not known may enforce them", () => {
  const { findings } = run(fixture.replace(flannel, "example.com/cni:1"));
  expect(findings.map(({ severity }) => severity)).toEqual(["info", "info", "info"]);
});

it.each([
  ["enforces them", "quay.io/calico/node:v3.31.0"],
  ["is RKE2's own build", "rancher/hardened-calico:v3.32.0"],
])("stays silent where a plugin %s", (_, image) => {
  expect(run(fixture.replace(flannel, image))).toMatchObject({ findings: [], cannotTell: [] });
});

it("says nothing of manifests: what will enforce them is no part of these", () => {
  expect(run(fixture, "manifests")).toMatchObject({ findings: [], cannotTell: [] });
});

it("cannot tell where the provider runs the network out of sight", () => {
  const node = `
---
apiVersion: v1
kind: Node
metadata: { name: n, labels: { eks.amazonaws.com/compute-type: auto } }
`;
  const { findings, cannotTell } = run(fixture + node);
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing[0]?.why).toMatch(
    /^The provider runs the network of some nodes .* not known\.$/,
  );
});
