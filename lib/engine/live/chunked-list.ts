import { placeOf, sortedAnew, withChanges } from "./sorted-list.ts";

interface HasId {
  readonly id: string;
}

/** A chunk holds no more than this: small enough to copy for one change, large enough that the list of chunks is short. */
const most = 128;

/**
 * A list sorted by id that never changes. A list with some things changed shares with it all chunks in which nothing
 * did: of 150,000 things, a few change at a time. As a plain array it is there only once somebody asks for that.
 */
export class ChunkedList<T extends HasId> {
  readonly size: number;
  /** None is empty, and any two neighbours would not fit into half a chunk. */
  readonly #chunks: readonly (readonly T[])[];
  #items: readonly T[] | undefined;

  private constructor(chunks: readonly (readonly T[])[]) {
    this.#chunks = chunks;
    this.size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** `sorted` by id, each id once. */
  static of<T extends HasId>(sorted: readonly T[]): ChunkedList<T> {
    return new ChunkedList(cut(sorted));
  }

  get(id: string): T | undefined {
    const chunk = this.#chunks[this.#chunkFor(id)] ?? [];
    const found = chunk[placeOf(chunk, id)];
    return found?.id === id ? found : undefined;
  }

  /** All of it, in the same array each time. */
  get items(): readonly T[] {
    this.#items ??= this.#plain();
    return this.#items;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#each();
  }

  /** The things from this id on, whether or not there is one of it. */
  *from(id: string): Generator<T, void> {
    let at = this.#chunkFor(id);
    let chunk = this.#chunks[at] ?? [];
    for (let place = placeOf(chunk, id); chunk.length > 0; place = 0) {
      for (; place < chunk.length; place++) {
        const thing = chunk[place];
        if (thing !== undefined) yield thing;
      }
      at += 1;
      chunk = this.#chunks[at] ?? [];
    }
  }

  /** `changes` by id; undefined takes out. The same list where they change nothing. */
  with(changes: ReadonlyMap<string, T | undefined>): ChunkedList<T> {
    if (changes.size * 4 > this.size) return ChunkedList.of(sortedAnew(this.#plain(), changes));
    const byChunk = new Map<number, Map<string, T | undefined>>();
    for (const [id, thing] of changes) {
      if (this.get(id) === thing) continue;
      const at = this.#chunkFor(id);
      const own = byChunk.get(at) ?? new Map<string, T | undefined>();
      byChunk.set(at, own.set(id, thing));
    }
    if (byChunk.size === 0) return this;
    const next: (readonly T[])[] = [];
    this.#chunks.forEach((chunk, at) => {
      const own = byChunk.get(at);
      if (own === undefined) append(next, chunk);
      else for (const piece of cut(withChanges(chunk, own))) append(next, piece);
    });
    return new ChunkedList(next);
  }

  *#each(): Generator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  #plain(): readonly T[] {
    const [first, second] = this.#chunks;
    return this.#items ?? (second === undefined ? (first ?? []) : this.#chunks.flat());
  }

  /** The place of the chunk that holds this id, or would. */
  #chunkFor(id: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.[0]?.id ?? "") <= id) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** In pieces of about the same length. */
function cut<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [];
  if (items.length <= most) return [items];
  const length = Math.ceil(items.length / Math.ceil(items.length / most));
  const pieces: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += length) pieces.push(items.slice(from, from + length));
  return pieces;
}

/** Chunks of which much has gone become one. */
function append<T>(chunks: (readonly T[])[], chunk: readonly T[]): void {
  const last = chunks.at(-1);
  if (last !== undefined && last.length + chunk.length <= most / 2)
    chunks[chunks.length - 1] = [...last, ...chunk];
  else chunks.push(chunk);
}
