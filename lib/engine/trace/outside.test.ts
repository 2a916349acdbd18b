import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { outsideCases } from "#lib/testing/traces/outside.ts";

describe("a trace from or to what is outside the cluster", () => {
  it.each(outsideCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
