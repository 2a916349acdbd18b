import type { ServedResource } from "./served.ts";

/** One change of one object; texts are JSON without apiVersion and kind. */
export interface Change {
  readonly revision: number;
  readonly resource: ServedResource;
  readonly key: string;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** After it; for a deletion, as the object was at the end. */
  readonly text: Buffer;
  /** Undefined: it was not there. */
  readonly before: Buffer | undefined;
}

/** Changes since the last compaction, oldest first. */
export class History {
  readonly #most: number;
  #changes: Change[] = [];
  /** A watch may start from here or later. */
  compacted: number;

  constructor(revision: number, most: number) {
    this.compacted = revision;
    this.#most = most;
  }

  /** True: it is time to compact. */
  add(change: Change): boolean {
    this.#changes.push(change);
    return this.#changes.length > this.#most;
  }

  since(revision: number): readonly Change[] {
    const first = this.#changes.findIndex((change) => change.revision > revision);
    return first === -1 ? [] : this.#changes.slice(first);
  }

  /** Forgets the older half, or all of it. */
  compact(howMuch: "half" | "all"): number {
    const kept = howMuch === "all" ? 0 : Math.floor(this.#most / 2);
    const gone = this.#changes.splice(0, Math.max(0, this.#changes.length - kept));
    this.compacted = Math.max(this.compacted, gone.at(-1)?.revision ?? 0);
    return this.compacted;
  }
}
