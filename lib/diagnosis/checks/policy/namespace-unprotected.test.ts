import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyNamespaceUnprotected } from "./namespace-unprotected.ts";

const yaml = checkFixture(import.meta.url);
const run = (text: string, as?: "manifests") =>
  runChecks(factsFromYaml(text, as), [policyNamespaceUnprotected]);

it("reports only namespaces without any policy for a direction for which most others have one", () => {
  expect(run(yaml).findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "info",
      "namespace/batch",
      "No policy for egress selects a pod of batch, so nothing limits where its pods may send; 3 of 5 namespaces have one",
    ],
    [
      "info",
      "namespace/legacy",
      "No policy for ingress or egress selects a pod of legacy, so nothing limits who may reach its pods and where they may send; 4 of 5 namespaces have one",
    ],
  ]);
});

const namespaceWithPod = (name: string) => `
---
apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: ${name}, labels: { app: web } }
spec: { containers: [{ name: web, image: registry.k8s.io/pause }] }
status: { phase: Running, podIP: 10.0.9.1 }
`;

it("stays silent where few namespaces have policies: then it is how the cluster is run", () => {
  const more = ["a", "b", "c", "d"].map(namespaceWithPod).join("");
  expect(run(yaml + more).findings).toEqual([]);
});

it("counts a policy of a kind that is not evaluated: it may limit the pods", () => {
  const cilium = `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: all, namespace: legacy }
spec: { endpointSelector: {}, ingress: [{}], egress: [{}] }
`;
  expect(run(yaml + cilium).findings.map(({ subject }) => subject)).toEqual(["namespace/batch"]);
});

it("cannot tell from manifests, whose policies may be in another repository", () => {
  const { findings, cannotTell } = run(yaml, "manifests");
  expect(findings).toEqual([]);
  expect(cannotTell[0]?.missing.map(({ kind, why }) => [kind, why])).toEqual([
    ["networkPolicies", "The manifests hold none of namespace batch."],
    ["networkPolicies", "The manifests hold none of namespace legacy."],
  ]);
});
