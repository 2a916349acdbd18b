import { describe, expect, it } from "vitest";
import { inOrder, keptForShape, sortedById, withReplaced } from "./shape.ts";

const thing = (id: string, says = "") => ({ id, says });
const [a, b, c] = [thing("a"), thing("b"), thing("c")];

describe("withReplaced", () => {
  const list = sortedById([[b], [c, a]]);

  it("puts things in the places of those with their ids, and leaves the list as it was", () => {
    const other = thing("b", "other");
    expect(withReplaced(list, [[[b], [other]]])).toEqual([a, other, c]);
    expect(list).toEqual([a, b, c]);
  });

  it("gives the list itself where all things are the same", () => {
    expect(
      withReplaced(list, [
        [
          [c, a],
          [c, a],
        ],
      ]),
    ).toBe(list);
  });

  it.each([
    ["another id", [a], [thing("d")]],
    ["one more", [a], [a, thing("d")]],
    ["one less", [a, b], [a]],
    ["another order", [a, b], [b, a]],
  ])("gives none for %s", (_, was, is) => {
    expect(withReplaced(list, [[was, is]])).toBeUndefined();
  });
});

describe("keptForShape", () => {
  it("works once for lists of one shape, and again for others with the same ids", () => {
    let worked = 0;
    const ids = keptForShape((list: readonly { readonly id: string }[]) => {
      worked += 1;
      return list.map(({ id }) => id);
    });
    const list = sortedById([[a, b]]);
    const next = withReplaced(list, [[[b], [thing("b", "other")]]]) ?? [];
    expect(ids(list)).toEqual(["a", "b"]);
    expect(ids(next)).toBe(ids(list));
    expect(worked).toBe(1);
    ids([a, b]);
    expect(worked).toBe(2);
  });
});

describe("inOrder", () => {
  it("sorts what is not known to be sorted, and leaves what is", () => {
    const list = sortedById([[b, a]]);
    expect(inOrder(list)).toBe(list);
    expect(inOrder([c, a])).toEqual([a, c]);
  });
});
