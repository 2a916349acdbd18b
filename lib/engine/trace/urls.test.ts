import { describe, expect, it } from "vitest";
import { broken } from "#lib/testing/trace-case.ts";
import { urlCases } from "#lib/testing/traces/urls.ts";

describe("a trace to a URL", () => {
  it.each(urlCases)("$promise", (each) => {
    expect(broken(each)).toEqual([]);
  });
});
