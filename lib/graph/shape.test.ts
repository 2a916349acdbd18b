import { describe, expect, it } from "vitest";
import { inOrder, keptForShape, sortedById, withChanged } from "./shape.ts";

const thing = (id: string, says = "") => ({ id, says });
const [a, b, c] = [thing("a"), thing("b"), thing("c")];

describe("withChanged", () => {
  const list = sortedById([[b], [c, a]]);

  it("puts things in the places of those with their ids, and leaves the list as it was", () => {
    const other = thing("b", "other");
    expect(withChanged(list, [[[b], [other]]])).toEqual([a, other, c]);
    expect(list).toEqual([a, b, c]);
  });

  it("gives the list itself where all things are the same", () => {
    expect(
      withChanged(list, [
        [
          [c, a],
          [c, a],
        ],
      ]),
    ).toBe(list);
  });

  const d = thing("d");
  it.each([
    ["another id", [[[b], [d]]], [a, c, d]],
    ["one more", [[[a], [a, d]]], [a, b, c, d]],
    ["one before all", [[[], [thing("0")]]], [thing("0"), a, b, c]],
    ["one less", [[[a, b], [a]]], [a, c]],
    [
      "another order",
      [
        [
          [a, b],
          [b, a],
        ],
      ],
      [a, b, c],
    ],
    ["all gone", [[[c, b, a], []]], []],
    [
      "some moved and some replaced",
      [
        [[a], [thing("a", "other")]],
        [[c], [thing("bb")]],
      ],
      [thing("a", "other"), b, thing("bb")],
    ],
    [
      "an id that goes from one to another",
      [
        [[b], []],
        [[], [thing("b", "other")]],
      ],
      [a, thing("b", "other"), c],
    ],
  ] as const)("takes out and puts in: %s", (_, pairs, all) => {
    expect(withChanged(list, pairs)).toEqual(all);
    expect(list).toEqual([a, b, c]);
  });
});

describe("keptForShape", () => {
  it("works once for lists of one shape, and again for others", () => {
    let worked = 0;
    const ids = keptForShape((list: readonly { readonly id: string }[]) => {
      worked += 1;
      return list.map(({ id }) => id);
    });
    const list = sortedById([[a, b]]);
    const next = withChanged(list, [[[b], [thing("b", "other")]]]);
    expect(ids(list)).toEqual(["a", "b"]);
    expect(ids(next)).toBe(ids(list));
    expect(worked).toBe(1);
    expect(ids(withChanged(next, [[[], [c]]]))).toEqual(["a", "b", "c"]);
    ids([a, b]);
    expect(worked).toBe(3);
  });
});

describe("inOrder", () => {
  it("sorts what is not known to be sorted, and leaves what is", () => {
    const list = sortedById([[b, a]]);
    expect(inOrder(list)).toBe(list);
    expect(inOrder([c, a])).toEqual([a, c]);
  });
});
