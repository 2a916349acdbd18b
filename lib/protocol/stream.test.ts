import { describe, expect, it } from "vitest";
import { deltaOf, withDelta } from "./stream.ts";

const card = (id: string, health: string) => ({ id, health, title: `a card of ${id}` });

describe("a delta", () => {
  it("says of one changed card only what changed, whatever moved before it, and leaves the first as it was", () => {
    const before = { nodes: [card("a", "ok"), card("b", "ok"), card("c", "ok")] };
    const after = { nodes: [card("new", "ok"), card("a", "ok"), card("b", "broken"), card("c", "ok")] };
    const delta = deltaOf(before, after);
    expect(JSON.stringify(delta).length).toBeLessThan(120);
    expect(withDelta(before, delta)).toEqual(after);
    expect(before.nodes).toHaveLength(3);
  });

  it("is none between equals", () => {
    expect(deltaOf({ nodes: [card("a", "ok"), null] }, { nodes: [card("a", "ok"), null] })).toBeUndefined();
  });
});
