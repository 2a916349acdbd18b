/** So much is laid over a map before a layer is made one with the one below it: a copy of a layer costs as much. */
const mostOnTop = 1_000;
const mostAbove = 30_000;

/** Hides what lies below. A value, so that one look into a layer tells it from what the layer says nothing of. */
const gone = Symbol("gone");

type Layer<K, V> = ReadonlyMap<K, V | typeof gone>;

/**
 * A large map that changes a little at a time, each state a map of its own: changes are laid over what was, so that
 * nobody who holds an earlier state sees them. Undefined is not a value: in a change it takes the key out. What was
 * there keeps its place in the order, what is new comes after it.
 */
export class LayeredMap<K, V> implements ReadonlyMap<K, V> {
  readonly #base: ReadonlyMap<K, V>;
  /** Lowest first. */
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
      top.set(key, value ?? gone);
    }
    if (top.size <= mostOnTop) return new LayeredMap(this.#base, this.#above, top, size);
    const above = new Map(this.#above);
    for (const [key, value] of top) above.set(key, value);
    if (above.size <= mostAbove) return new LayeredMap<K, V>(this.#base, above, new Map(), size);
    return LayeredMap.of(new Map(new LayeredMap<K, V>(this.#base, above, new Map(), size)));
  }

  /** Keys of which the value may be another than in `before`; undefined where that is not known without looking at all. */
  touchedSince(before: LayeredMap<K, V>): Iterable<K> | undefined {
    if (this.#base !== before.#base) return undefined;
    const layers = [this.#top, before.#top];
    if (this.#above !== before.#above) layers.push(this.#above, before.#above);
    return new Set(layers.flatMap((layer) => [...layer.keys()]));
  }

  get(key: K): V | undefined {
    // Asked hundreds of thousands of times for one answer: what is empty is not looked into.
    if (this.#top.size > 0) {
      const top = this.#top.get(key);
      if (top !== undefined) return top === gone ? undefined : top;
    }
    if (this.#above.size > 0) {
      const above = this.#above.get(key);
      if (above !== undefined) return above === gone ? undefined : above;
    }
    return this.#base.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.#base) {
      const now = this.#top.get(key) ?? this.#above.get(key) ?? value;
      if (now !== gone) yield [key, now];
    }
    for (const [key, value] of this.#above) {
      const now = this.#base.has(key) ? gone : (this.#top.get(key) ?? value);
      if (now !== gone) yield [key, now];
    }
    for (const [key, value] of this.#top)
      if (value !== gone && !this.#base.has(key) && !this.#above.has(key)) yield [key, value];
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
