import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { policyCases } from "#lib/testing/traces/policies.ts";

describe("a trace between workloads, pods and nodes", () => {
  it.each(policyCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
