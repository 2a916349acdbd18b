import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadMatrixLink, type MatrixLink, matrixLinkTo, matrixPage, matrixQueryOf } from "./matrix-link.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
// An empty name is none, and the list has no other way to be empty.
const namespaces = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), { maxLength: 4 });
const links: fc.Arbitrary<MatrixLink> = fc.record({
  cluster: fc.option(text),
  by: fc.option(fc.constantFrom("workload", "namespace")),
  fromNs: namespaces,
  toNs: namespaces,
  match: text,
  row: fc.nat({ max: 100_000 }),
  column: fc.nat({ max: 100_000 }),
});

const nothing: MatrixLink = {
  cluster: null,
  by: null,
  fromNs: [],
  toNs: [],
  match: "",
  row: 0,
  column: 0,
};

function queryOf(address: string): string {
  return new URL(address, "http://localhost").search;
}

describe("the link of a matrix", () => {
  it("reads back what it wrote, whatever is asked", () => {
    fc.assert(
      fc.property(links, (link) => {
        expect(loadMatrixLink(queryOf(matrixLinkTo(link)))).toEqual(link);
      }),
    );
  });

  it("is as short as what it asks", () => {
    expect(matrixLinkTo({})).toBe("/matrix");
    expect(matrixLinkTo({ by: "workload", fromNs: ["shop", "lab"], match: "api", row: 0 })).toBe(
      "/matrix?by=workload&fromNs=shop,lab&match=api",
    );
  });

  it.each([["by=pod"], ["row=first"], ["column="], ["something=else"]])("takes %s as not given", (query) => {
    expect(loadMatrixLink(`?${query}`)).toEqual(nothing);
  });

  it("hands the API what it takes of a page of workloads", () => {
    expect(matrixQueryOf(nothing, "workload")).toEqual({ by: "workload", limit: String(matrixPage) });
    expect(
      matrixQueryOf(
        { ...nothing, fromNs: ["a", "b"], toNs: ["c"], match: "api", row: 500, column: 1000 },
        "workload",
      ),
    ).toEqual({
      by: "workload",
      fromNs: "a,b",
      toNs: "c",
      match: "api",
      row: "500",
      column: "1000",
      limit: String(matrixPage),
    });
  });

  it("hands the API nothing more where it asks by namespace", () => {
    expect(matrixQueryOf({ ...nothing, fromNs: ["a"], match: "api", row: 500 }, "namespace")).toEqual({
      by: "namespace",
    });
  });
});
