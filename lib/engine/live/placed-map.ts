import { ChunkedRow, type Part } from "./chunked-row.ts";

/** Where the values of keys stand, in all states that share it. A key keeps its slot, also after it has gone. */
interface Slots<K> {
  readonly of: Map<K, number>;
  readonly keys: K[];
}

/** So many more slots than keys, and the keys are given new ones. */
const mostIdle = 1_000;

/** What stands for a key, then and now; undefined where it was or is not there. */
export interface PlacedChange<V> {
  readonly was: V | undefined;
  readonly is: V | undefined;
}

/**
 * A map in a given order that changes a little at a time. Each state is a map of its own and shares the slots of the keys
 * and the values that did not change with the one before, where a copy of a map would look at every key. Undefined is not a
 * value: in a change it takes the key out.
 */
export class PlacedMap<K, V> implements ReadonlyMap<K, V> {
  readonly order: (a: K, b: K) => number;
  readonly #slots: Slots<K>;
  /** By slot; of keys that came after this state there is none. */
  readonly #values: ChunkedRow<V>;
  /** The slots of the keys that are there, in their order. */
  readonly #places: Int32Array;

  private constructor(
    order: (a: K, b: K) => number,
    slots: Slots<K>,
    values: ChunkedRow<V>,
    places: Int32Array,
  ) {
    this.order = order;
    this.#slots = slots;
    this.#values = values;
    this.#places = places;
  }

  /** `order`: the one in which the keys are, and stay. */
  static of<K, V>(map: ReadonlyMap<K, V>, order: (a: K, b: K) => number): PlacedMap<K, V> {
    const keys = [...map.keys()];
    const of = new Map(keys.map((key, slot) => [key, slot]));
    return new PlacedMap(
      order,
      { of, keys },
      ChunkedRow.of(map.values()),
      Int32Array.from(keys, (_, slot) => slot),
    );
  }

  get size(): number {
    return this.#places.length;
  }

  /** The state after these changes. */
  with(changes: ReadonlyMap<K, V | undefined>): PlacedMap<K, V> {
    if (changes.size === 0) return this;
    const changed: [number, V | undefined][] = [];
    const came: number[] = [];
    let gone = 0;
    for (const [key, value] of changes) {
      const was = this.get(key);
      if (was === undefined && value === undefined) continue;
      const slot = slotIn(this.#slots, key);
      changed.push([slot, value]);
      if (was === undefined) came.push(slot);
      if (value === undefined) gone += 1;
    }
    const values = this.#values.with(changed);
    const places = this.#placesOf(values, came, gone);
    const next = new PlacedMap(this.order, this.#slots, values, places);
    return this.#slots.keys.length > places.length * 2 + mostIdle ? PlacedMap.of(next, this.order) : next;
  }

  #placesOf(values: ChunkedRow<V>, came: readonly number[], gone: number): Int32Array {
    const stay = gone === 0 ? this.#places : this.#places.filter((slot) => values.at(slot) !== undefined);
    if (came.length === 0) return stay;
    const { keys } = this.#slots;
    const before = (a: number | undefined, b: number | undefined) => {
      const [one, other] = [keys[a ?? -1], keys[b ?? -1]];
      return one === undefined || other === undefined ? 0 : this.order(one, other);
    };
    const places = new Int32Array(stay.length + came.length);
    let from = 0;
    for (const [at, slot] of came.toSorted(before).entries()) {
      let place = from;
      for (let end = stay.length; place < end; ) {
        const middle = (place + end) >>> 1;
        if (before(stay[middle], slot) < 0) place = middle + 1;
        else end = middle;
      }
      places.set(stay.subarray(from, place), from + at);
      places[place + at] = slot;
      from = place;
    }
    places.set(stay.subarray(from), from + came.length);
    return places;
  }

  /** The keys of which another value, or none, stands here than in `before`. */
  changedSince(before: PlacedMap<K, V>): ReadonlyMap<K, PlacedChange<V>> {
    const changed = new Map<K, PlacedChange<V>>();
    const note = (key: K, was: V | undefined, is: V | undefined) => {
      if (was !== is) changed.set(key, { was, is });
    };
    if (this.#slots !== before.#slots) {
      for (const [key, is] of this.entries()) note(key, before.get(key), is);
      for (const [key, was] of before.entries()) note(key, was, this.get(key));
      return changed;
    }
    for (const slot of this.#values.changedSince(before.#values)) {
      const key = this.#slots.keys[slot];
      if (key !== undefined) note(key, before.#values.at(slot), this.#values.at(slot));
    }
    return changed;
  }

  /** The values in parts of some dozens, in no order; from one state to the next most parts are the same ones. */
  get parts(): readonly Part<V>[] {
    return this.#values.parts;
  }

  get(key: K): V | undefined {
    const slot = this.#slots.of.get(key);
    return slot === undefined ? undefined : this.#values.at(slot);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[K, V]> {
    const { keys } = this.#slots;
    for (const slot of this.#places) {
      const key = keys[slot];
      const value = this.#values.at(slot);
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<V> {
    for (const slot of this.#places) {
      const value = this.#values.at(slot);
      if (value !== undefined) yield value;
    }
  }

  forEach(act: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) act(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}

function slotIn<K>({ of, keys }: Slots<K>, key: K): number {
  const known = of.get(key);
  if (known !== undefined) return known;
  const slot = keys.length;
  of.set(key, slot);
  keys.push(key);
  return slot;
}
