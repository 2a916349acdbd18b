import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { policyInvalid } from "./invalid.ts";

const yaml = checkFixture(import.meta.url);
const run = (as: "cluster" | "manifests") => runChecks(factsFromYaml(yaml, as), [policyInvalid]).findings;

it("reports only policies that the API would refuse, with the field and what is wrong with it", () => {
  expect(
    run("manifests").map(({ severity, subject, part, message }) => [severity, subject, part, message]),
  ).toEqual([
    [
      "warning",
      "admin-network-policy/no-action",
      "spec.ingress[0].action",
      'AdminNetworkPolicy no-action is not valid, and the API server refuses it: spec.ingress[0].action must be Allow, Deny or Pass, not "Drop"',
    ],
    [
      "warning",
      "network-policy/shop/range",
      "spec.ingress[0].ports[0].endPort",
      "range is not valid, and the API server refuses it: spec.ingress[0].ports[0].endPort is below port 8080",
    ],
    [
      "warning",
      "network-policy/shop/typo",
      "spec.ingress[0].ports[0].port",
      "typo is not valid, and the API server refuses it: spec.ingress[0].ports[0].port is out of range: 80800; and 1 more",
    ],
  ]);
});

it("has every fault among the evidence", () => {
  expect(run("manifests")[2]?.evidence.map(({ path, value }) => `${path} ${value}`)).toEqual([
    "spec.ingress[0].ports[0].port is out of range: 80800",
    "spec.ingress[0].form is no field of the API; from is the closest",
  ]);
});

it("asks the API server where there is a file to ask about, and shows the object where there is none", () => {
  expect(run("manifests")[1]?.kubectl).toBe("kubectl apply --dry-run=server -f test.yaml");
  expect(run("cluster")[1]?.kubectl).toBe("kubectl -n shop get networkpolicy range -o yaml");
});

it("does not say of what a cluster holds that its API server refused it", () => {
  expect(run("cluster")[1]?.message).toBe(
    "range is not valid, and what it does is not known: spec.ingress[0].ports[0].endPort is below port 8080",
  );
});
