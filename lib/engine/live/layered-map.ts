/** So much is laid over a map before a layer is made one with the one below it: a copy of a layer costs as much. */
const mostOnTop = 1_000;
const mostAbove = 30_000;

type Layer<K, V> = ReadonlyMap<K, V | undefined>;

/**
 * A large map that changes a little at a time, each state a map of its own: changes are laid over what was, so that
 * nobody who holds an earlier state sees them. Undefined is not a value: in a change it takes the key out. What was
 * there keeps its place in the order, what is new comes after it.
 */
export class LayeredMap<K, V> implements ReadonlyMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  /** Lowest first; undefined hides what lies below. */
  readonly #above: Layer<K, V>;
  readonly #top: Layer<K, V>;
  readonly size: number;

  private constructor(base: ReadonlyMap<K, V>, above: Layer<K, V>, top: Layer<K, V>, size: number) {
    this.#base = base;
    this.#above = above;
    this.#top = top;
    this.size = size;
  }

  static of<K, V>(base: ReadonlyMap<K, V>): LayeredMap<K, V> {
    return new LayeredMap<K, V>(base, new Map(), new Map(), base.size);
  }

  /** The state after these changes. */
  with(changes: ReadonlyMap<K, V | undefined>): LayeredMap<K, V> {
    if (changes.size === 0) return this;
    let { size } = this;
    const top = new Map(this.#top);
    for (const [key, value] of changes) {
      size += (value === undefined ? 0 : 1) - (this.has(key) ? 1 : 0);
      top.set(key, value);
    }
    if (top.size <= mostOnTop) return new LayeredMap(this.#base, this.#above, top, size);
    const above = new Map(this.#above);
    for (const [key, value] of top) above.set(key, value);
    if (above.size <= mostAbove) return new LayeredMap<K, V>(this.#base, above, new Map(), size);
    return LayeredMap.of(new Map(new LayeredMap<K, V>(this.#base, above, new Map(), size)));
  }

  get(key: K): V | undefined {
    // Asked hundreds of thousands of times for one answer: what is empty is not looked into.
    if (this.#top.size > 0) {
      const top = this.#top.get(key);
      if (top !== undefined || this.#top.has(key)) return top;
    }
    if (this.#above.size > 0) {
      const above = this.#above.get(key);
      if (above !== undefined || this.#above.has(key)) return above;
    }
    return this.#base.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.#base) {
      const now = this.#top.has(key) || this.#above.has(key) ? this.get(key) : value;
      if (now !== undefined) yield [key, now];
    }
    for (const [key] of this.#above) {
      const now = this.#base.has(key) ? undefined : this.get(key);
      if (now !== undefined) yield [key, now];
    }
    for (const [key, value] of this.#top)
      if (value !== undefined && !this.#base.has(key) && !this.#above.has(key)) yield [key, value];
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(act: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) act(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }
}
