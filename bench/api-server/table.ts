import type { Texts } from "./texts.ts";

/** One version of one object; `text` undefined: deleted. Texts are JSON without apiVersion and kind. */
interface Version {
  readonly revision: number;
  readonly text: Buffer | undefined;
}

export interface Row {
  /** `namespace/name`, or `name`: etcd's order, in which lists come. */
  readonly key: string;
  readonly text: Buffer;
}

/**
 * The objects of one resource as they were at each revision since the last compaction, so that pages of one list tell
 * of one moment. What never changed is read where it was put at first.
 */
export class Table {
  readonly #texts: Texts;
  readonly #first = new Map<string, number>();
  /** Newest last. */
  readonly #later = new Map<string, Version[]>();
  #keys: string[] = [];
  #sorted = true;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** Before the server starts: an object that is there at the first revision. */
  fill(key: string, text: string): void {
    this.#first.set(key, this.#texts.add(text));
    this.#keys.push(key);
    this.#sorted = false;
  }

  put(key: string, revision: number, text: Buffer | undefined): void {
    const versions = this.#later.get(key);
    if (versions !== undefined) {
      versions.push({ revision, text });
      return;
    }
    this.#later.set(key, [{ revision, text }]);
    if (this.#first.has(key)) return;
    const keys = this.keys();
    keys.splice(placeOf(keys, key), 0, key);
  }

  at(key: string, revision: number): Buffer | undefined {
    const versions = this.#later.get(key);
    if (versions !== undefined) {
      for (let i = versions.length - 1; i >= 0; i--) {
        const version = versions[i];
        if (version !== undefined && version.revision <= revision) return version.text;
      }
    }
    const first = this.#first.get(key);
    return first === undefined ? undefined : this.#texts.read(first);
  }

  /** All that was there at a revision, from after a key on. Read one by one: nothing is held. */
  *rows(revision: number, after?: string): Iterable<Row> {
    const keys = this.keys();
    let place = after === undefined ? 0 : placeOf(keys, after);
    if (after !== undefined && keys[place] === after) place++;
    for (; place < keys.length; place++) {
      const key = keys[place];
      const text = key === undefined ? undefined : this.at(key, revision);
      if (key !== undefined && text !== undefined) yield { key, text };
    }
  }

  /** How many keys come after one, what was deleted lately among them: servers only estimate it, too. */
  countAfter(key: string): number {
    const keys = this.keys();
    const place = placeOf(keys, key);
    return keys.length - place - (keys[place] === key ? 1 : 0);
  }

  /** Nobody asks for anything older than this any more. */
  compact(revision: number): void {
    const gone = new Set<string>();
    for (const [key, versions] of this.#later) {
      while (versions.length > 1 && (versions[1]?.revision ?? Number.POSITIVE_INFINITY) <= revision)
        versions.shift();
      const [only, more] = versions;
      if (more === undefined && only?.text === undefined && (only?.revision ?? 0) <= revision) gone.add(key);
    }
    for (const key of gone) {
      this.#later.delete(key);
      this.#first.delete(key);
    }
    if (gone.size > 0) this.#keys = this.#keys.filter((key) => !gone.has(key));
  }

  keys(): string[] {
    if (!this.#sorted) {
      this.#keys.sort((a, b) => (a < b ? -1 : 1));
      this.#sorted = true;
    }
    return this.#keys;
  }
}

/** The first place whose key is not before this one. */
function placeOf(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
