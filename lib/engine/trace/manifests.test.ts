import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { manifestCases } from "#lib/testing/traces/manifests.ts";

describe("a trace in a Git repository", () => {
  it.each(manifestCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
