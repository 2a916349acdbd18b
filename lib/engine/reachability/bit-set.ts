/** A set of small whole numbers below a fixed size, as bits. */
export interface BitSet {
  readonly size: number;
  readonly words: Uint32Array;
}

export function emptySet(size: number): BitSet {
  return { size, words: new Uint32Array((size + 31) >>> 5) };
}

export function fullSet(size: number): BitSet {
  const words = new Uint32Array((size + 31) >>> 5).fill(0xffff_ffff);
  const rest = size & 31;
  if (rest !== 0) words[words.length - 1] = 2 ** rest - 1;
  return { size, words };
}

export function setOf(size: number, members: Iterable<number>): BitSet {
  const set = emptySet(size);
  for (const member of members) add(set, member);
  return set;
}

export function add({ words }: BitSet, member: number): void {
  const at = member >>> 5;
  words[at] = (words[at] ?? 0) | (1 << (member & 31));
}

export function has({ words }: BitSet, member: number): boolean {
  return (((words[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1;
}

export function isEmpty({ words }: BitSet): boolean {
  return words.every((word) => word === 0);
}

/** The least member; undefined for the empty set. */
export function firstOf({ words }: BitSet): number | undefined {
  for (const [at, word] of words.entries()) if (word !== 0) return at * 32 + (31 - Math.clz32(word & -word));
  return undefined;
}

export function union(a: BitSet, b: BitSet): BitSet {
  return { size: a.size, words: a.words.map((word, at) => word | (b.words[at] ?? 0)) };
}

export function intersection(a: BitSet, b: BitSet): BitSet {
  return { size: a.size, words: a.words.map((word, at) => word & (b.words[at] ?? 0)) };
}

export function difference(a: BitSet, b: BitSet): BitSet {
  return { size: a.size, words: a.words.map((word, at) => word & ~(b.words[at] ?? 0)) };
}

/** Adds all of `more`. */
export function addAll({ words }: BitSet, more: BitSet): void {
  for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) | (more.words[at] ?? 0);
}

export function* membersOf({ words }: BitSet): Iterable<number> {
  for (const [at, word] of words.entries()) {
    for (let rest = word; rest !== 0; rest &= rest - 1) yield at * 32 + (31 - Math.clz32(rest & -rest));
  }
}

/** Rows become columns: member `r` of set `c` is member `c` of set `r`. A step a set. */
export function* transposed(sets: readonly BitSet[], size: number): Generator<undefined, readonly BitSet[]> {
  const width = (sets.length + 31) >>> 5;
  // All rows in one piece: a column touches every one of them.
  const words = new Uint32Array(size * width);
  for (const [column, set] of sets.entries()) {
    const bit = 1 << (column & 31);
    for (let at = 0; at < set.words.length; at++) {
      for (let rest = set.words[at] ?? 0; rest !== 0; rest &= rest - 1) {
        const place = (at * 32 + 31 - Math.clz32(rest & -rest)) * width + (column >>> 5);
        words[place] = (words[place] ?? 0) | bit;
      }
    }
    yield;
  }
  return Array.from({ length: size }, (_, row) => ({
    size: sets.length,
    words: words.subarray(row * width, (row + 1) * width),
  }));
}

/** Splits a set by others into parts that lie wholly in or wholly out of each. None of them is empty. */
export function partition(whole: BitSet, by: readonly BitSet[]): readonly BitSet[] {
  let parts: readonly BitSet[] = isEmpty(whole) ? [] : [whole];
  for (const cut of by) {
    parts = parts.flatMap((part) => {
      const inside = intersection(part, cut);
      if (isEmpty(inside)) return [part];
      const outside = difference(part, cut);
      return isEmpty(outside) ? [part] : [inside, outside];
    });
  }
  return parts;
}
