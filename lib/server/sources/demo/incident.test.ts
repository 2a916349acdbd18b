import { beforeAll, describe, expect, it } from "vitest";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { parseQuestion } from "#lib/engine/trace/question.ts";
import { trace } from "#lib/engine/trace/trace.ts";
import { traceWorld } from "#lib/engine/trace/world.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { readIncident, type Step, snapshotAfter } from "./incident.ts";

let base: Snapshot;
let steps: readonly Step[];
beforeAll(async () => {
  const result = await readDemo();
  if (result.kind === "failed") throw new Error(result.failure.title);
  base = result.snapshot;
  steps = await readIncident(process.cwd(), new AbortController().signal);
});

const factsAfter = (count: number) => compileFacts(snapshotAfter(base, steps, count), "2026-11-20T21:14:00Z");

function checkoutAfter(count: number): number | undefined {
  return [...factsAfter(count).services.values()].find(
    ({ service }) => service.id === "service/shop/checkout",
  )?.ready;
}

function inventoryAfter(count: number): string {
  const question = parseQuestion({
    from: "shop/deployment/checkout",
    to: "inventory",
    port: "80",
    protocol: "",
  });
  if (question.kind === "problem") throw new Error(question.problem.sentence);
  const result = trace(traceWorld(factsAfter(count), {}), question.value);
  return result.kind === "problem" ? result.problem.sentence : result.trace.verdict;
}

describe("the incident", () => {
  it("goes from two pods that are not ready to none that is, and back", () => {
    expect([0, 1, 2, 3].map(checkoutAfter)).toEqual([5, 3, 0, 5]);
  });

  it("cuts checkout off from names, and mends that", () => {
    expect([3, 4, 5].map(inventoryAfter)).toEqual(["reachable", "blocked", "reachable"]);
  });

  it("ends with nothing more to find than it began with", () => {
    const found = (count: number) =>
      runChecks(factsAfter(count))
        .findings.map(({ code, subject }) => `${code} ${subject}`)
        .sort();
    expect(found(steps.length)).toEqual(found(0));
    expect(found(2)).toContain("NET-102 service/shop/checkout");
  });

  it("brings nothing that could not be read", () => {
    for (let count = 1; count <= steps.length; count++)
      expect(snapshotAfter(base, steps, count).problems).toEqual(base.problems);
  });
});
