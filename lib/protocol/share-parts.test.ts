import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharingParts } from "./share-parts.ts";

const card = (id: string, health: string) => ({ id, health, counts: { ready: 1 } });

describe("an answer that shares parts with the one before it", () => {
  it("says what it said, whatever the one before it was", () => {
    const name = fc.record({ id: fc.constantFrom("a", "b", "c") });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, 0, 1, "a", "id", true),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.array(
          fc.tuple(name, fc.nat(1)).map(([own, n]) => ({ ...own, n })),
          { maxLength: 4 },
        ),
        fc.dictionary(fc.constantFrom("id", "name", "toString", "__proto__", "x"), tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(tree.map(written), tree.map(written), (before, after) => {
        expect(written(sharingParts(parsed(before), parsed(after)))).toBe(after);
        expect(sharingParts(parsed(before), parsed(before))).toEqual(parsed(before));
      }),
    );
  });

  it("is the one before it where it says the same", () => {
    const before = { nodes: [card("a", "ok"), card("b", "ok")], none: null };
    expect(sharingParts(before, structuredClone(before))).toBe(before);
  });

  it("keeps what did not change, also where something came before it", () => {
    const before = { nodes: [card("a", "ok"), card("b", "ok"), card("c", "ok")], edges: [card("e", "ok")] };
    const after = {
      nodes: [card("new", "ok"), card("a", "ok"), card("b", "broken")],
      edges: [card("e", "ok")],
    };
    const shared = after;
    expect(sharingParts(before, shared)).toBe(shared);
    expect(shared).toEqual({
      nodes: [card("new", "ok"), card("a", "ok"), card("b", "broken")],
      edges: [card("e", "ok")],
    });
    expect(shared.nodes[1]).toBe(before.nodes[0]);
    expect(shared.nodes[2]?.counts).toBe(before.nodes[1]?.counts);
    expect(shared.edges).toBe(before.edges);
  });

  it.each([
    ["a field that is gone", { a: 1, b: 2 }, { a: 1 }],
    ["a field that came", { a: 1 }, { a: 1, b: 2 }],
    ["an item that is gone", [{ id: "a" }, { id: "b" }], [{ id: "a" }]],
    ["items that changed places", [{ id: "a" }, { id: "b" }], [{ id: "b" }, { id: "a" }]],
    ["a list in place of an object", {}, []],
    ["nothing in place of an object", { a: {} }, { a: null }],
  ])("is another with %s", (_, before, after) => {
    const shared = sharingParts(before, structuredClone(after));
    expect(shared).toEqual(after);
    expect(shared).not.toBe(before);
  });
});

/** The same text for what says the same. */
function written(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}
