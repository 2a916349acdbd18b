import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkedList } from "./chunked-list.ts";

interface Thing {
  readonly id: string;
  readonly round: number;
}

const byId = (a: Thing, b: Thing) => (a.id < b.id ? -1 : 1);

/** Ids from `from` on come, are replaced, or go: in bursts, so that chunks are filled, split, emptied and joined. */
const burst = fc.record({
  from: fc.nat(900),
  count: fc.nat(400),
  every: fc.integer({ min: 1, max: 40 }),
  goes: fc.boolean(),
});

function changesOf(
  { from, count, every, goes }: typeof burst extends fc.Arbitrary<infer T> ? T : never,
  round: number,
) {
  const changes = new Map<string, Thing | undefined>();
  for (let at = from; at < from + count; at += every) {
    const id = `thing-${String(at).padStart(4, "0")}`;
    changes.set(id, goes ? undefined : { id, round });
  }
  return changes;
}

describe("ChunkedList", () => {
  it("holds after any history what a sorted array would, and earlier lists stay as they were", () => {
    fc.assert(
      fc.property(fc.array(burst, { maxLength: 25 }), (history) => {
        let list = ChunkedList.of<Thing>([]);
        const expected = new Map<string, Thing>();
        const earlier: { readonly list: ChunkedList<Thing>; readonly things: readonly Thing[] }[] = [];
        for (const [round, each] of history.entries()) {
          const changes = changesOf(each, round);
          list = list.with(changes);
          for (const [id, thing] of changes) {
            if (thing === undefined) expected.delete(id);
            else expected.set(id, thing);
          }
          const things = [...expected.values()].sort(byId);
          expect([...list]).toEqual(things);
          expect(list.size).toBe(things.length);
          for (const id of [...changes.keys(), "a", "thing-0450", "z"])
            expect(list.get(id)).toBe(expected.get(id));
          for (const from of ["a", "thing-0450", "thing-0455x", things[0]?.id ?? "", "z"])
            expect([...list.from(from)]).toEqual(things.filter(({ id }) => id >= from));
          earlier.push({ list, things });
        }
        for (const { list: then, things } of earlier) expect(then.items).toEqual(things);
      }),
      { numRuns: 60 },
    );
  });

  const many = Array.from({ length: 1_000 }, (_, at) => ({ id: `thing-${1_000 + at}`, round: 0 }));

  it("gives the same array each time, and is the same list where nothing changes", () => {
    const list = ChunkedList.of(many);
    expect(list.items).toBe(list.items);
    expect(list.with(new Map())).toBe(list);
    const asBefore = new Map([
      ["thing-1500", many[500]],
      ["nothing", undefined],
    ]);
    expect(list.with(asBefore)).toBe(list);
  });

  it("stays quick where nearly all has gone piece by piece", () => {
    let list = ChunkedList.of(many);
    for (const { id } of many.slice(5)) list = list.with(new Map([[id, undefined]]));
    expect(list.items).toEqual(many.slice(0, 5));
  });
});
