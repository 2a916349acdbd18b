import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { serviceCases } from "#lib/testing/traces/services.ts";

describe("a trace to a Service", () => {
  it.each(serviceCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
