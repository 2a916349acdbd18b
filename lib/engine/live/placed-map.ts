/**
 * A map in a given order whose keys stay for long while its values change: a state in which none came or went shares
 * the places of the keys with the one before, and costs a copy of the row of values, where a copy of a map would look
 * at every key. Each state is a map of its own. Undefined is not a value: in a change it takes the key out.
 */
export class PlacedMap<K, V> implements ReadonlyMap<K, V> {
  readonly #keys: readonly K[];
  readonly #values: readonly V[];
  readonly #places: ReadonlyMap<K, number>;

  private constructor(keys: readonly K[], values: readonly V[], places?: ReadonlyMap<K, number>) {
    this.#keys = keys;
    this.#values = values;
    this.#places = places ?? new Map(keys.map((key, place) => [key, place]));
  }

  /** The keys in the order in which they stay. */
  static of<K, V>(map: ReadonlyMap<K, V>): PlacedMap<K, V> {
    return new PlacedMap([...map.keys()], [...map.values()]);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The state after these changes; `order`: the one in which the keys are. */
  with(changes: ReadonlyMap<K, V | undefined>, order: (a: K, b: K) => number): PlacedMap<K, V> {
    if (changes.size === 0) return this;
    const values = [...this.#values];
    const added: [K, V][] = [];
    const gone = new Set<K>();
    for (const [key, value] of changes) {
      const place = this.#places.get(key);
      if (value === undefined) gone.add(key);
      else if (place === undefined) added.push([key, value]);
      else values[place] = value;
    }
    if (added.length === 0 && gone.size === 0) return new PlacedMap(this.#keys, values, this.#places);
    added.sort(([a], [b]) => order(a, b));
    const nextKeys: K[] = [];
    const nextValues: V[] = [];
    const put = (key: K, value: V) => {
      nextKeys.push(key);
      nextValues.push(value);
    };
    let next = added.shift();
    for (const [place, value] of values.entries()) {
      const key = this.#keys[place];
      if (key === undefined || gone.has(key)) continue;
      for (; next !== undefined && order(next[0], key) < 0; next = added.shift()) put(...next);
      put(key, value);
    }
    for (; next !== undefined; next = added.shift()) put(...next);
    return new PlacedMap(nextKeys, nextValues);
  }

  /** What stands now for what stood in `before` in the same place; undefined where keys came or went in between. */
  replacedSince(before: PlacedMap<K, V>): ReadonlyMap<V, V> | undefined {
    if (this.#keys !== before.#keys) return undefined;
    const replaced = new Map<V, V>();
    for (let place = 0; place < this.#values.length; place++) {
      const was = before.#values[place];
      const is = this.#values[place];
      if (was !== undefined && is !== undefined && was !== is) replaced.set(was, is);
    }
    return replaced;
  }

  get(key: K): V | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  has(key: K): boolean {
    return this.#places.has(key);
  }

  *entries(): MapIterator<[K, V]> {
    const keys = this.#keys;
    const values = this.#values;
    for (let place = 0; place < keys.length; place++) {
      const key = keys[place];
      const value = values[place];
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  keys(): MapIterator<K> {
    return this.#keys.values();
  }

  values(): MapIterator<V> {
    return this.#values.values();
  }

  forEach(act: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) act(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}
