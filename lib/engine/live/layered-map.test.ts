import fc from "fast-check";
import { expect, it } from "vitest";
import { LayeredMap } from "./layered-map.ts";

it("a LayeredMap is, after any changes, the map that one would have changed, and every earlier state stays", () => {
  const key = fc.nat(3_000);
  const changes = fc.array(fc.tuple(key, fc.option(fc.nat(9), { nil: undefined })), { maxLength: 900 });
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 8 }), (steps) => {
      const plain = new Map<number, number>(Array.from({ length: 500 }, (_, at) => [at, at % 10]));
      let layered = LayeredMap.of(new Map(plain));
      const states: [LayeredMap<number, number>, ReadonlyMap<number, number>][] = [[layered, new Map(plain)]];
      for (const step of steps) {
        layered = layered.with(new Map(step));
        for (const [at, value] of new Map(step)) {
          if (value === undefined) plain.delete(at);
          else plain.set(at, value);
        }
        states.push([layered, new Map(plain)]);
      }
      for (const [at, [state, expected]] of states.entries()) {
        const before = states[at - 1] ?? [state, expected];
        const touched = state.touchedSince(before[0]);
        const others = [...expected.keys(), ...before[1].keys()].filter(
          (key) => expected.get(key) !== before[1].get(key),
        );
        if (touched !== undefined) expect([...touched]).toEqual(expect.arrayContaining(others));
        expect(state.size).toBe(expected.size);
        expect(new Map(state)).toEqual(expected);
        expect([...state.keys()].length).toBe(expected.size);
        for (let at = 0; at < 3_000; at += 97) {
          expect(state.get(at)).toBe(expected.get(at));
          expect(state.has(at)).toBe(expected.has(at));
        }
      }
    }),
    { numRuns: 30 },
  );
});

it("a LayeredMap that has grown by many changes is still right", () => {
  let layered = LayeredMap.of(new Map<number, number>());
  for (let round = 0; round < 80; round++) {
    layered = layered.with(new Map(Array.from({ length: 600 }, (_, at) => [round * 600 + at, round])));
  }
  expect(layered.size).toBe(48_000);
  expect([layered.get(0), layered.get(30_000), layered.get(47_999)]).toEqual([0, 50, 79]);
  expect([...layered.values()]).toHaveLength(48_000);
});
