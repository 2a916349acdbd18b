import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isAsked,
  loadTraceLink,
  protocols,
  type TraceLink,
  traceLinkTo,
  traceQueryOf,
} from "./trace-link.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const links: fc.Arbitrary<TraceLink> = fc.record({
  cluster: fc.option(text),
  from: text,
  to: text,
  port: text,
  protocol: fc.constantFrom(...protocols),
  hop: fc.option(fc.integer({ min: 0, max: 40 })),
});

function queryOf(address: string): string {
  return new URL(address, "http://localhost").search;
}

const nothing: TraceLink = { cluster: null, from: "", to: "", port: "", protocol: "TCP", hop: null };

describe("the link of a trace", () => {
  it("reads back what it wrote, whatever is asked", () => {
    fc.assert(
      fc.property(links, (link) => {
        expect(loadTraceLink(queryOf(traceLinkTo(link)))).toEqual(link);
      }),
    );
  });

  it("is as short as the question", () => {
    expect(traceLinkTo({})).toBe("/trace");
    expect(traceLinkTo({ from: "shop/deployment/web", to: "10.0.0.0/8", port: "443", protocol: "TCP" })).toBe(
      "/trace?from=shop/deployment/web&to=10.0.0.0/8&port=443",
    );
  });

  it.each([
    ["protocol=ICMP", { protocol: "TCP" }],
    ["protocol=udp", { protocol: "TCP" }],
    ["hop=two", { hop: null }],
    ["port=", { port: "" }],
    ["something=else", {}],
  ] as const)("takes %s as not given", (query, parts) => {
    expect(loadTraceLink(`?${query}`)).toEqual({ ...nothing, ...parts });
  });

  it("asks something where both ends are there", () => {
    expect(isAsked({ from: "a", to: "b" })).toBe(true);
    expect(isAsked({ from: "a", to: "" })).toBe(false);
    expect(isAsked({ from: "", to: "b" })).toBe(false);
  });

  it.each([
    [{}, "from=&to="],
    [{ from: "a/b", to: "c", port: "", protocol: "TCP" }, "from=a%2Fb&to=c"],
    [
      { from: "a", to: "c", port: "http", protocol: "UDP", hop: 2, cluster: "x" },
      "from=a&to=c&port=http&protocol=UDP",
    ],
  ] as const)("hands the API what it takes of %j", (link, query) => {
    expect(traceQueryOf(link).toString()).toBe(query);
  });
});
