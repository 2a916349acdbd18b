import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOneGo } from "../in-one-go.ts";
import {
  add,
  addAll,
  difference,
  emptySet,
  firstOf,
  fullSet,
  has,
  intersection,
  isEmpty,
  membersOf,
  partition,
  setOf,
  transposed,
  union,
} from "./bit-set.ts";

const size = 100;
const numbers = fc.uniqueArray(fc.nat({ max: size - 1 }));
const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

describe("bit sets", () => {
  it("hold what was put in, at every place of a word", () => {
    fc.assert(
      fc.property(numbers, (members) => {
        const set = setOf(size, members);
        expect([...membersOf(set)]).toEqual(sorted(members));
        expect(firstOf(set)).toBe(sorted(members)[0]);
        expect(isEmpty(set)).toBe(members.length === 0);
        for (let n = 0; n < size; n++) expect(has(set, n)).toBe(members.includes(n));
      }),
    );
  });

  it("join, meet and differ as sets do", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [left, right] = [setOf(size, a), setOf(size, b)];
        expect([...membersOf(union(left, right))]).toEqual(sorted(new Set([...a, ...b])));
        expect([...membersOf(intersection(left, right))]).toEqual(sorted(a.filter((n) => b.includes(n))));
        expect([...membersOf(difference(left, right))]).toEqual(sorted(a.filter((n) => !b.includes(n))));
        addAll(left, right);
        expect([...membersOf(left)]).toEqual(sorted(new Set([...a, ...b])));
      }),
    );
  });

  it("are full to their last member, and no further", () => {
    for (const n of [0, 1, 31, 32, 33, 64]) {
      expect([...membersOf(fullSet(n))]).toEqual(Array.from({ length: n }, (_, i) => i));
    }
    const set = emptySet(33);
    add(set, 32);
    expect([...membersOf(set)]).toEqual([32]);
  });

  it("are split into parts that no cut divides", () => {
    fc.assert(
      fc.property(numbers, fc.array(numbers, { maxLength: 5 }), (whole, cuts) => {
        const parts = partition(
          setOf(size, whole),
          cuts.map((cut) => setOf(size, cut)),
        );
        expect(sorted(parts.flatMap((part) => [...membersOf(part)]))).toEqual(sorted(whole));
        for (const part of parts) {
          const members = [...membersOf(part)];
          expect(members.length).toBeGreaterThan(0);
          for (const cut of cuts) expect(new Set(members.map((n) => cut.includes(n))).size).toBe(1);
        }
      }),
    );
  });

  it("turn rows into columns, and back", () => {
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 70 }), (rows) => {
        const sets = rows.map((members) => setOf(size, members));
        const turned = inOneGo(transposed(sets, size));
        for (const [column, set] of turned.entries())
          expect([...membersOf(set)]).toEqual(
            sorted(rows.flatMap((row, i) => (row.includes(column) ? [i] : []))),
          );
        expect(inOneGo(transposed(turned, rows.length)).map((set) => [...membersOf(set)])).toEqual(
          rows.map(sorted),
        );
      }),
    );
  });
});
