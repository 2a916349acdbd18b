import { ChunkedList } from "#lib/engine/live/chunked-list.ts";
import { keepParts } from "#lib/engine/live/keep-parts.ts";
import { sameJson } from "#lib/engine/live/same-json.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Problem } from "#lib/model/snapshot.ts";

/** What was read of one object: the object, or why it could not be taken; both where a part of it could not. */
export interface Entry {
  /** The object's id; where its name could not be read, what can be told of it. */
  readonly id: string;
  /** Undefined: it could not be read, or the model needs nothing of it. */
  readonly object: ClusterObject | undefined;
  readonly problems: readonly Problem[];
}

/** Tells of an object that came, went or changed; never called for one that says the same as before. */
export type OnChange = (
  id: string,
  before: ClusterObject | undefined,
  after: ClusterObject | undefined,
) => void;

/**
 * The objects of one kind by id, and what could not be taken. They are kept in a sorted list, and what came since beside
 * it: a map of 150,000 would weigh as much again as their ids.
 */
export class Shelf {
  readonly #onChange: OnChange;
  #problems = new Map<string, readonly Problem[]>();
  #sorted = ChunkedList.of<ClusterObject>([]);
  #size = 0;
  /** What `#sorted` does not know yet. */
  #pending = new Map<string, ClusterObject | undefined>();
  problemsChanged = false;

  constructor(onChange: OnChange) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#size;
  }

  get(id: string): ClusterObject | undefined {
    if (this.#pending.size > 0 && this.#pending.has(id)) return this.#pending.get(id);
    return this.#sorted.get(id);
  }

  put(entry: Entry): void {
    const before = this.get(entry.id);
    const after = this.#keep(entry, before);
    this.#note(entry);
    if (before === after) return;
    this.#size += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    this.#changed(entry.id, before, after);
  }

  remove(id: string): void {
    this.put({ id, object: undefined, problems: [] });
  }

  /** Another list altogether, which tells of one moment. */
  replace(entries: ReadonlyMap<string, Entry>): void {
    for (const { id } of this.sorted()) if (!entries.has(id)) this.remove(id);
    for (const id of [...this.#problems.keys()]) if (!entries.has(id)) this.remove(id);
    for (const entry of entries.values()) this.put(entry);
  }

  /**
   * The entry with the object that is kept already, where that says the same, or with the parts of it that do: so that a
   * list that is read again is not held twice.
   */
  known(entry: Entry): Entry {
    const kept = this.#keep(entry, this.get(entry.id));
    return kept === entry.object ? entry : { ...entry, object: kept };
  }

  /** Sorted by id, in a list of its own for each state. */
  sorted(): ChunkedList<ClusterObject> {
    if (this.#pending.size > 0) {
      this.#sorted = this.#sorted.with(this.#pending);
      this.#pending = new Map();
    }
    return this.#sorted;
  }

  problems(): readonly Problem[] {
    return [...this.#problems.values()].flat();
  }

  #keep({ object }: Entry, kept: ClusterObject | undefined): ClusterObject | undefined {
    return kept === undefined || object === undefined ? object : keepParts(kept, object);
  }

  #note({ id, problems }: Entry): void {
    const before = this.#problems.get(id);
    if (problems.length === 0) {
      if (before === undefined) return;
      this.#problems.delete(id);
    } else {
      if (sameJson(before, problems)) return;
      this.#problems.set(id, problems);
    }
    this.problemsChanged = true;
  }

  #changed(id: string, before: ClusterObject | undefined, after: ClusterObject | undefined): void {
    this.#pending.set(id, after);
    this.#onChange(id, before, after);
  }
}
