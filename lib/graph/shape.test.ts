import { describe, expect, it } from "vitest";
import { inOrder, keptForShape, ShapedList } from "./shape.ts";

const thing = (id: string, says = "") => ({ id, says });
const [a, b, c] = [thing("a"), thing("b"), thing("c")];

describe("ShapedList", () => {
  const list = ShapedList.of([[b], [c, a]]);

  it("puts things in the places of those with their ids, and leaves the list as it was", () => {
    const other = thing("b", "other");
    expect(list.with([[[b], [other]]]).items).toEqual([a, other, c]);
    expect(list.items).toEqual([a, b, c]);
  });

  it("gives the list itself where all things are the same", () => {
    expect(
      list.with([
        [
          [a, c],
          [a, c],
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
    ["all gone", [[[a, b, c], []]], []],
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
    expect(list.with(pairs).items).toEqual(all);
    expect(list.items).toEqual([a, b, c]);
  });
});

describe("keptForShape", () => {
  it("works once for lists of one shape, and again for others", () => {
    let worked = 0;
    const ids = keptForShape((list: readonly { readonly id: string }[]) => {
      worked += 1;
      return list.map(({ id }) => id);
    });
    const list = ShapedList.of([[a, b]]);
    const next = list.with([[[b], [thing("b", "other")]]]);
    expect(ids(list.items)).toEqual(["a", "b"]);
    expect(ids(next.items)).toBe(ids(list.items));
    expect(worked).toBe(1);
    expect(ids(next.with([[[], [c]]]).items)).toEqual(["a", "b", "c"]);
    ids([a, b]);
    expect(worked).toBe(3);
  });
});

describe("inOrder", () => {
  it("sorts what is not known to be sorted, and leaves what is", () => {
    const list = ShapedList.of([[b, a]]).items;
    expect(inOrder(list)).toBe(list);
    expect(inOrder([c, a])).toEqual([a, c]);
  });
});
