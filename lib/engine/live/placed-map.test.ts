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
