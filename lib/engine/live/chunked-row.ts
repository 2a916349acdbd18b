/** A change copies a part of so many values, and the row of parts. */
const perPart = 64;

export type Part<V> = readonly (V | undefined)[];

const nothing: Part<never> = [];

/**
 * Values by number, 0 and up, with gaps: undefined stands where there is none. Each state shares with the one before it
 * all parts of it in which nothing changed.
 */
export class ChunkedRow<V> {
  readonly #parts: readonly Part<V>[];

  private constructor(parts: readonly Part<V>[]) {
    this.#parts = parts;
  }

  static of<V>(values: Iterable<V | undefined>): ChunkedRow<V> {
    const all = [...values];
    const parts: Part<V>[] = [];
    for (let at = 0; at < all.length; at += perPart) parts.push(all.slice(at, at + perPart));
    return new ChunkedRow(parts);
  }

  /** The values part by part; from one state to the next most parts are the same ones. */
  get parts(): readonly Part<V>[] {
    return this.#parts;
  }

  at(number: number): V | undefined {
    return this.#parts[Math.floor(number / perPart)]?.[number % perPart];
  }

  /** The state after these changes. */
  with(changes: Iterable<readonly [number, V | undefined]>): ChunkedRow<V> {
    const parts = [...this.#parts];
    const copies = new Map<number, (V | undefined)[]>();
    for (const [number, value] of changes) {
      const at = Math.floor(number / perPart);
      let copy = copies.get(at);
      if (copy === undefined) {
        while (parts.length <= at) parts.push(nothing);
        copy = [...(parts[at] ?? nothing)];
        copies.set(at, copy);
        parts[at] = copy;
      }
      // Without holes: an array that has some is a slow one for good.
      while (copy.length < number % perPart) copy.push(undefined);
      copy[number % perPart] = value;
    }
    return new ChunkedRow(parts);
  }

  /** The numbers at which another value, or none, stands here than in `before`. */
  *changedSince(before: ChunkedRow<V>): Generator<number, void> {
    const most = Math.max(this.#parts.length, before.#parts.length);
    for (let part = 0; part < most; part++) {
      const [was, is] = [before.#parts[part] ?? nothing, this.#parts[part] ?? nothing];
      if (was === is) continue;
      for (let at = 0; at < Math.max(was.length, is.length); at++)
        if (was[at] !== is[at]) yield part * perPart + at;
    }
  }
}
