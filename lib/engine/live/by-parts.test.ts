import fc from "fast-check";
import { expect, it } from "vitest";
import { byParts } from "./by-parts.ts";
import { PlacedMap } from "./placed-map.ts";

const order = (a: number, b: number) => a - b;
const map = (size: number) => new Map(Array.from({ length: size }, (_, key) => [key, key + 1]));
const sum = (values: readonly number[]) => values.reduce((one, other) => one + other, 0);

it("what is worked out of the parts of a map is what it would be of all of it, after any changes", () => {
  const change = fc.tuple(fc.nat(400), fc.option(fc.nat(1_000), { nil: undefined }));
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 8 }),
      (size, bursts) => {
        const parts = byParts(sum);
        let placed = PlacedMap.of(map(size), order);
        for (const burst of bursts) {
          placed = placed.with(new Map(burst));
          expect(sum(parts(placed))).toBe(sum([...placed.values()]));
          expect(parts(new Map(placed))).toEqual([sum([...placed.values()])]);
        }
      },
    ),
  );
});

it("looks again only at parts in which something changed", () => {
  let looked = 0;
  const parts = byParts((values: readonly number[]) => {
    looked += values.length;
    return sum(values);
  });
  const before = PlacedMap.of(map(10_000), order);
  parts(before);
  expect(looked).toBe(10_000);
  parts(before.with(new Map([[17, 4]])));
  expect(looked).toBeLessThan(10_200);
});
