import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { serviceLocalTrafficPolicyHole } from "./local-traffic-policy-hole.ts";

const { findings } = runChecks(factsFromYaml(checkFixture(import.meta.url)), [serviceLocalTrafficPolicyHole]);
const takes = "takes traffic only from nodes with an endpoint of it (internalTrafficPolicy Local)";

it("reports only nodes without an endpoint where pods run that may call, and silent node ports", () => {
  expect(findings.map(({ severity, subject, part, message }) => [severity, subject, part, message])).toEqual([
    [
      "error",
      "service/shop/legacy",
      "spec.internalTrafficPolicy",
      `legacy ${takes}: 12 pods of shop run on 3 nodes without one: node-1, node-2 and node-3`,
    ],
    [
      "warning",
      "service/shop/cache",
      "spec.internalTrafficPolicy",
      `cache ${takes}: 7 pods of shop run on 2 nodes without one: node-2 and node-3`,
    ],
    [
      "warning",
      "service/shop/proxy",
      "spec.internalTrafficPolicy",
      `proxy ${takes}: no endpoint on node-3 is ready: proxy-3`,
    ],
    [
      "info",
      "service/shop/agent",
      "spec.internalTrafficPolicy",
      `agent ${takes}: 3 pods of shop run on 1 node without one: node-3`,
    ],
    [
      "info",
      "service/shop/door",
      "spec.externalTrafficPolicy",
      "Node port 30080 of door answers on 1 of 4 nodes only (externalTrafficPolicy Local), not on control-1, node-2 and node-3",
    ],
    [
      "info",
      "service/tools/quiet",
      "spec.internalTrafficPolicy",
      `quiet ${takes}: 7 pods of other namespaces run on 2 nodes without one: node-2 and node-3`,
    ],
  ]);
});

it("offers to lift the policy, and names what would keep it", () => {
  expect(findings.map(({ fix }) => fix.text)).toEqual([
    "Set internalTrafficPolicy to Cluster, or give its endpoints the nodes that they are on",
    "Set internalTrafficPolicy to Cluster, or run the pods of cache on every node",
    "Set internalTrafficPolicy to Cluster, or repair proxy-3",
    "Set internalTrafficPolicy to Cluster, or let daemonset/agent run on those nodes too",
    "Set externalTrafficPolicy to Cluster, which hides clients' addresses from the pods, or run the pods of door on every node",
    "Set internalTrafficPolicy to Cluster, or run the pods of quiet on every node",
  ]);
  expect(findings[1]?.fix.patch?.body).toBe('{"spec":{"internalTrafficPolicy":"Cluster"}}');
});

it("follows from the node only where that is why its endpoint is not ready", () => {
  expect(findings.map(({ follows }) => follows.map(({ object }) => object))).toEqual([
    [],
    [],
    ["node/node-3"],
    [],
    [],
    [],
  ]);
});
