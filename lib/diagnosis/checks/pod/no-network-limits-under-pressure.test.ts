import { expect, it } from "vitest";
import { checkFixture } from "#lib/testing/check-fixture.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { runChecks } from "../../run-checks.ts";
import { podNoNetworkLimitsUnderPressure } from "./no-network-limits-under-pressure.ts";

const run = (text: string) => runChecks(factsFromYaml(text), [podNoNetworkLimitsUnderPressure]);
const fixture = checkFixture(import.meta.url);
const { findings } = run(fixture);

it("notes only a node under pressure where several workloads' probes time out and no pod is limited", () => {
  expect(findings.map(({ severity, subject, message }) => [severity, subject, message])).toEqual([
    [
      "info",
      "node/node-1",
      "node-1 is under pressure (MemoryPressure) and probes of 3 pods of 2 workloads on it time out, while no pod there has a bandwidth limit: one of them may take the network from the others",
    ],
  ]);
  expect(findings[0]?.touches).toContain("stateful-set/shop/db-1");
});

it.each([
  [
    "that are refused",
    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "connection refused",
  ],
  ["that happen now and then", "count: 9", "count: 1"],
  ["of containers that never restarted", "restartCount: 5", "restartCount: 0"],
  ["of one workload alone", "name: db-1, uid", "name: web-1, uid"],
])("stays silent about probes %s", (_, from, to) => {
  expect(run(fixture.replaceAll(from, to)).findings).toEqual([]);
});
