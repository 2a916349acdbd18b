import fc from "fast-check";
import { expect, it } from "vitest";
import { sortedAnew, withChanges } from "./sorted-list.ts";

it("changes give what sorting everything anew would, and leaves the list as it was", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e", "f", "g");
  const thing = fc.record({ id, round: fc.nat(9) });
  fc.assert(
    fc.property(
      fc.uniqueArray(thing, { selector: ({ id }) => id }),
      fc.uniqueArray(fc.tuple(thing, fc.boolean()), { selector: ([{ id }]) => id }),
      (things, changed) => {
        const list = things.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const before = structuredClone(list);
        const changes = new Map(changed.map(([each, stays]) => [each.id, stays ? each : undefined]));
        const expected = new Map(list.map((each) => [each.id, each]));
        for (const [key, each] of changes) {
          if (each === undefined) expected.delete(key);
          else expected.set(key, each);
        }
        const sorted = [...expected.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(withChanges(list, changes)).toEqual(sorted);
        expect(sortedAnew(list, changes)).toEqual(sorted);
        expect(list).toEqual(before);
      },
    ),
  );
});

it("takes out and puts in thousands at once", () => {
  const list = Array.from({ length: 200_000 }, (_, at) => ({ id: String(at).padStart(6, "0") }));
  const changes = new Map(list.flatMap(({ id }, at) => (at % 2 === 0 ? [[id, undefined] as const] : [])));
  changes.set("1000005", undefined);
  expect(withChanges(list, changes)).toEqual(list.filter((_, at) => at % 2 === 1));
});
