import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { podHostPortConflict } from "./host-port-conflict.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [podHostPortConflict]);

it("reports pods that want another pod's port of their node, and those that find no node with theirs free", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "error",
      "pod/kube-system/static-2",
      "static-2 and static-1 want the same port of node-2, TCP port 9100 and TCP port 9101: only one of them gets what comes in",
    ],
    [
      "error",
      "pod/tools/late-0",
      "late-0 and shop/early-0 want the same port of node-1, TCP port 8080: only one of them gets what comes in",
    ],
    [
      "error",
      "pod/tools/proxy",
      "pod/proxy waits for TCP port 443 of a node: 0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports",
    ],
    [
      "warning",
      "deployment/shop/edge",
      "1 pod of deployment/edge waits for TCP port 443 of a node: 0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 2 node(s) didn't match Pod's node affinity/selector",
    ],
  ]);
});

it("says who has the port, and what to do where it is the workload itself", () => {
  expect(findings.slice(2).map(({ nearMiss }) => nearMiss)).toEqual([
    "deployment/edge in shop has it now",
    "its own other pods have it now",
  ]);
  expect(findings[3]?.fix.text).toMatch(/^Let deployment\/edge replace its pods one by one \(maxSurge 0, /);
  expect(findings[1]?.touches).toEqual(["pod/shop/early-0"]);
});
