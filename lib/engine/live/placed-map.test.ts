import fc from "fast-check";
import { expect, it } from "vitest";
import { PlacedMap } from "./placed-map.ts";

const order = (a: number, b: number) => a - b;

it("a PlacedMap is, after any changes, the sorted map that one would have changed, and every earlier state stays", () => {
  const key = fc.nat(60);
  const changes = fc.array(fc.tuple(key, fc.option(fc.nat(9), { nil: undefined })), { maxLength: 20 });
  fc.assert(
    fc.property(fc.uniqueArray(key), fc.array(changes, { maxLength: 8 }), (first, steps) => {
      const plain = new Map(first.sort(order).map((at) => [at, at % 10]));
      let placed = PlacedMap.of(new Map(plain));
      const states: [PlacedMap<number, number>, readonly [number, number][]][] = [[placed, [...plain]]];
      for (const step of steps) {
        placed = placed.with(new Map(step), order);
        for (const [at, value] of new Map(step)) {
          if (value === undefined) plain.delete(at);
          else plain.set(at, value);
        }
        states.push([placed, [...plain].sort(([a], [b]) => order(a, b))]);
      }
      for (const [state, expected] of states) {
        expect([...state]).toEqual(expected);
        expect([...state.keys()]).toEqual(expected.map(([at]) => at));
        expect([...state.values()]).toEqual(expected.map(([, value]) => value));
        expect(state.size).toBe(expected.length);
        const known = new Map(expected);
        for (let at = 0; at <= 60; at++) {
          expect(state.get(at)).toBe(known.get(at));
          expect(state.has(at)).toBe(known.has(at));
        }
      }
    }),
  );
});

it("a PlacedMap tells what stands for what since a state of the same keys, and nothing where keys came or went", () => {
  const [a, b, c] = [{ at: 1 }, { at: 2 }, { at: 3 }];
  const first = PlacedMap.of(
    new Map([
      [1, a],
      [2, b],
    ]),
  );
  const changed = first.with(new Map([[2, c]]), order);
  expect(changed.replacedSince(first)).toEqual(new Map([[b, c]]));
  expect(first.replacedSince(changed)).toEqual(new Map([[c, b]]));
  expect(first.replacedSince(first)).toEqual(new Map());
  expect(changed.with(new Map([[3, a]]), order).replacedSince(first)).toBeUndefined();
  expect(changed.with(new Map([[1, undefined]]), order).replacedSince(first)).toBeUndefined();
});
