import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { documentedCases } from "#lib/testing/traces/documented.ts";

describe("a trace, at the edges of what the API documents", () => {
  it.each(documentedCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
