import { describe, expect, it } from "vitest";
import {
  type FindingsLink,
  findingsLinkTo,
  findingsProblems,
  findingsQueryOf,
  loadFindingsLink,
} from "./findings-link.ts";

describe("a link of the findings page", () => {
  it.each<[Partial<FindingsLink>, string]>([
    [{}, "/findings"],
    [{ severity: ["error"], ns: ["shop", "pay"] }, "/findings?severity=error&ns=shop,pay"],
    [{ by: "code", q: "two words" }, "/findings?by=code&q=two+words"],
    [{ open: "NET-101/service/shop/web" }, "/findings?open=NET-101/service/shop/web"],
  ])("of %j is %s, and reads back", (link, address) => {
    const written = findingsLinkTo(link);
    expect(written).toBe(address);
    expect(loadFindingsLink(new URL(written, "http://x").searchParams)).toMatchObject(link);
  });

  it("asks the API for all but the cluster, which is in its address", () => {
    expect(findingsQueryOf({ cluster: "prod", code: ["NET-101"] })).toBe("?code=NET-101");
  });

  it.each([
    [{ limit: "0" }, ["the link's limit=0 is not understood and was left out"]],
    [{ limit: "1e9" }, ["the link's limit=1e9 is not understood and was left out"]],
    [{ by: "mood" }, ["the link's by=mood is not understood and was left out"]],
    [{ severity: "error,bad" }, ["the link's severity=error,bad is not understood and was left out"]],
    [{ by: "code", limit: "20" }, []],
  ])("says of %j what is not understood", (params, problems) => {
    expect(findingsProblems(params)).toEqual(problems);
  });
});
