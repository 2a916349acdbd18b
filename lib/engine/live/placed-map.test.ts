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
      let placed = PlacedMap.of(new Map(plain), order);
      const states: [PlacedMap<number, number>, readonly [number, number][]][] = [[placed, [...plain]]];
      for (const step of steps) {
        placed = placed.with(new Map(step));
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

const changes = fc.array(fc.tuple(fc.nat(40), fc.option(fc.nat(3), { nil: undefined })), { maxLength: 12 });

it("a PlacedMap tells what differs between any two of its states, and between states that share nothing", () => {
  fc.assert(
    fc.property(fc.array(changes, { minLength: 2, maxLength: 8 }), fc.boolean(), (steps, isAnew) => {
      const states = [PlacedMap.of(new Map<number, number>(), order)];
      for (const step of steps) states.push((states.at(-1) ?? states[0])?.with(new Map(step)) ?? fail());
      for (const before of states) {
        for (const state of states) {
          const after = isAnew ? PlacedMap.of(state, order) : state;
          const keys = new Set([...before.keys(), ...after.keys()]);
          const differs = [...keys].filter((key) => before.get(key) !== after.get(key)).sort(order);
          const changed = after.changedSince(before);
          expect([...changed.keys()].sort(order)).toEqual(differs);
          for (const [key, change] of changed)
            expect(change).toEqual({ was: before.get(key), is: after.get(key) });
        }
      }
    }),
  );
});

it("states that go two ways from one know nothing of each other", () => {
  const one = PlacedMap.of(new Map([[5, "five"]]), order);
  const low = one.with(new Map([[1, "one"]]));
  const high = one.with(new Map([[9, "nine"]])).with(new Map([[1, "other"]]));
  expect([...one]).toEqual([[5, "five"]]);
  expect([...low.values()]).toEqual(["one", "five"]);
  expect([...high.values()]).toEqual(["other", "five", "nine"]);
  expect([low.has(9), one.has(1), one.get(9)]).toEqual([false, false, undefined]);
});

it("knows its values where they are many", () => {
  const all = new Map<number, string>(Array.from({ length: 1_000 }, (_, at) => [at, `value ${at}`]));
  const first = PlacedMap.of(all, order);
  const next = first.with(
    new Map([
      [0, "first"],
      [255, undefined],
      [256, "next part"],
      [999, "last"],
      [5_000, "far"],
    ]),
  );
  all.set(0, "first").set(256, "next part").set(999, "last").set(5_000, "far").delete(255);
  expect([...next]).toEqual([...all]);
  expect([...next.changedSince(first).keys()]).toEqual([0, 255, 256, 999, 5_000]);
  expect(first.get(255)).toBe("value 255");
});

it("stays itself while thousands of keys come and go", () => {
  const first = PlacedMap.of(new Map([[0, "stays"]]), order);
  let placed = first;
  for (let key = 1; key <= 3_000; key++)
    placed = placed.with(new Map([[key, "passes"]])).with(new Map([[key, undefined]]));
  placed = placed.with(new Map([[7, "last"]]));
  expect([...placed]).toEqual([
    [0, "stays"],
    [7, "last"],
  ]);
  expect(placed.changedSince(first)).toEqual(new Map([[7, { was: undefined, is: "last" }]]));
});

function fail(): never {
  throw new Error("there is a state");
}
