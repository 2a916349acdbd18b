import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { unknownCases } from "#lib/testing/traces/unknowns.ts";

describe("a trace of what was not read, or is not defined", () => {
  it.each(unknownCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
