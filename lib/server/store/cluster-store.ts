import type { ChunkedList } from "#lib/engine/live/chunked-list.ts";
import { sameJson } from "#lib/engine/live/same-json.ts";
import { withChanges } from "#lib/engine/live/sorted-list.ts";
import type { Change } from "#lib/model/change.ts";
import { objectId } from "#lib/model/ids.ts";
import { allKinds, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { ClusterObject, Namespace } from "#lib/model/objects.ts";
import type { ObjectsByKind, Problem, Snapshot, Unread } from "#lib/model/snapshot.ts";
import { impliedNamespace } from "../sources/implied-namespace.ts";
import { byPlace } from "../sources/problem-order.ts";
import type { Update } from "../sources/source.ts";
import { type Entry, Shelf } from "./shelf.ts";

/**
 * One cluster's objects as they are now, in the form in which everything else takes them: a snapshot, which never
 * changes once it was given out and shares with the next one the lists of all kinds that did not change. The list of a
 * kind is made when somebody looks at it, once for each state of the kind: nearly nobody does who follows changes.
 */
export class ClusterStore {
  readonly #shelves = new Map<PluralKind, Shelf>();
  /** Kinds that were read as a whole, once. */
  readonly #read = new Set<PluralKind>();
  readonly #unread = new Map<PluralKind, Unread>();
  /** Kinds of which there may be more than what was read. */
  readonly #unsure = new Map<PluralKind, Unread>();
  /** By id, what differs from the last snapshot: the kind, and how the object was then. */
  #changed = new Map<string, { readonly plural: PluralKind; readonly before: ClusterObject | undefined }>();
  #wide = true;
  /** How many objects are in each namespace. */
  readonly #inNamespace = new Map<string, number>();
  #implied = new Map<string, Namespace>();
  #namespaces: readonly ClusterObject[] = [];
  /** Whether they are to be looked at again. */
  #namespacesMayDiffer = true;
  #version: string | undefined;
  #last: Snapshot | undefined;

  constructor() {
    for (const kind of allKinds) {
      const { plural } = kinds[kind];
      this.#shelves.set(plural, new Shelf((id, before, after) => this.#onChange(plural, id, before, after)));
    }
  }

  get version(): string | undefined {
    return this.#version;
  }

  set version(version: string | undefined) {
    if (version === this.#version) return;
    this.#version = version;
    this.#wide = true;
  }

  /** How many objects of a kind there are. */
  count(plural: PluralKind): number {
    return this.#shelf(plural).size;
  }

  /** What there is of a kind, sorted by id. */
  list(plural: PluralKind): readonly ClusterObject[] {
    return this.#shelf(plural).sorted().items;
  }

  put(plural: PluralKind, entry: Entry): void {
    this.#shelf(plural).put(entry);
  }

  remove(plural: PluralKind, id: string): void {
    this.#shelf(plural).remove(id);
  }

  /** Whether a kind is in no picture yet, neither in one that was taken nor in one that may be taken next. */
  isUnseen(plural: PluralKind): boolean {
    return this.#last === undefined && !this.#read.has(plural);
  }

  /** The entry to keep for later: its object is the one that is here, where that says the same. */
  known(plural: PluralKind, entry: Entry): Entry {
    return this.#shelf(plural).known(entry);
  }

  /** This is all there is of the kind now. */
  replace(plural: PluralKind, entries: ReadonlyMap<string, Entry>): void {
    this.#shelf(plural).replace(entries);
  }

  clear(plural: PluralKind): void {
    this.replace(plural, new Map());
  }

  /** The kind is known, as a whole but for what `unsure` says that there may be besides. */
  markRead(plural: PluralKind, unsure?: Unread): void {
    this.#read.add(plural);
    if (!this.#unread.has(plural) && sameJson(this.#unsure.get(plural), unsure)) return;
    this.#wide = true;
    this.#namespacesMayDiffer = true;
    this.#unread.delete(plural);
    if (unsure === undefined) this.#unsure.delete(plural);
    else this.#unsure.set(plural, unsure);
  }

  /** The kind cannot be read, and what was known of it is known no more. */
  setUnread(plural: PluralKind, unread: Unread): void {
    if (sameJson(this.#unread.get(plural), unread)) return;
    this.#unread.set(plural, unread);
    this.#unsure.delete(plural);
    this.#wide = true;
    this.#namespacesMayDiffer = true;
    this.clear(plural);
  }

  get changed(): boolean {
    return this.#wide || this.#changed.size > 0 || this.#problemsChanged();
  }

  /** The newest state, `takenAt` ISO 8601; undefined where nothing has changed since the last time. */
  take(takenAt: string): Update | undefined {
    if (!this.changed) return undefined;
    const changes: Change[] = [];
    // First, since it may add changes of namespaces.
    const namespaces = this.#takeNamespaces();
    for (const [id, { plural, before }] of this.#changed) {
      const after = this.#current(plural, id);
      if (!sameJson(before, after)) changes.push({ plural, id, before, after });
    }
    const objects: { [P in PluralKind]?: readonly ClusterObject[] | undefined } = {};
    const unread: { [P in PluralKind]?: Unread } = {};
    for (const [plural, shelf] of this.#shelves) {
      const why = this.#unread.get(plural) ?? this.#unsure.get(plural);
      if (why !== undefined) unread[plural] = why;
      if (this.#unread.has(plural)) objects[plural] = undefined;
      else if (plural === "namespaces") objects[plural] = namespaces;
      else putLazily(objects, plural, shelf.sorted());
    }
    const snapshot: Snapshot = {
      // Each object is on the shelf of its own kind, which the compiler cannot follow through the loop.
      objects: objects as { readonly [P in PluralKind]: readonly ObjectsByKind[P][] | undefined },
      unread: this.#wide || this.#last === undefined ? unread : this.#last.unread,
      problems: this.#takeProblems(),
      takenAt,
      origin: "cluster",
      version: this.#version,
    };
    const update = { snapshot, changes, wide: this.#wide };
    this.#wide = false;
    this.#changed = new Map();
    this.#last = snapshot;
    return update;
  }

  #shelf(plural: PluralKind): Shelf {
    const shelf = this.#shelves.get(plural);
    if (shelf === undefined) throw new RangeError(`there is no kind ${plural}`);
    return shelf;
  }

  #current(plural: PluralKind, id: string): ClusterObject | undefined {
    return this.#shelf(plural).get(id) ?? (plural === "namespaces" ? this.#implied.get(id) : undefined);
  }

  #onChange(
    plural: PluralKind,
    id: string,
    before: ClusterObject | undefined,
    after: ClusterObject | undefined,
  ): void {
    this.#remember(plural, id, before ?? (plural === "namespaces" ? this.#implied.get(id) : undefined));
    if (plural === "namespaces") this.#namespacesMayDiffer = true;
    // One that stays is in the namespace that its id names.
    if (before === undefined) this.#tally(after, 1);
    else if (after === undefined) this.#tally(before, -1);
  }

  #remember(plural: PluralKind, id: string, before: ClusterObject | undefined): void {
    // The first picture is new as a whole.
    if (this.#last === undefined) return;
    if (!this.#changed.has(id)) this.#changed.set(id, { plural, before });
  }

  #tally(object: ClusterObject | undefined, step: 1 | -1): void {
    if (object === undefined || !("namespace" in object) || object.namespace === undefined) return;
    const before = this.#inNamespace.get(object.namespace) ?? 0;
    const count = before + step;
    if (before === 0 || count === 0) this.#namespacesMayDiffer = true;
    if (count === 0) this.#inNamespace.delete(object.namespace);
    else this.#inNamespace.set(object.namespace, count);
  }

  /**
   * The namespaces that were read and those that are only referred to: an object may come before its namespace does.
   * The same list as the last time where nothing came or went.
   */
  #takeNamespaces(): readonly ClusterObject[] {
    if (!this.#namespacesMayDiffer) return this.#namespaces;
    this.#namespacesMayDiffer = false;
    const shelf = this.#shelf("namespaces");
    const implied = new Map<string, Namespace>();
    if (!this.#unread.has("namespaces")) {
      for (const name of this.#inNamespace.keys()) {
        const id = objectId("namespace", undefined, name);
        if (shelf.get(id) === undefined) implied.set(id, this.#implied.get(id) ?? impliedNamespace(name));
      }
    }
    for (const [id, namespace] of this.#implied) {
      if (!implied.has(id)) this.#remember("namespaces", id, namespace);
    }
    for (const id of implied.keys()) {
      if (!this.#implied.has(id)) this.#remember("namespaces", id, undefined);
    }
    this.#implied = implied;
    const read = shelf.sorted().items;
    const list = implied.size === 0 ? read : withChanges(read, implied);
    const isSame =
      list.length === this.#namespaces.length && list.every((each, at) => each === this.#namespaces[at]);
    if (!isSame) this.#namespaces = list;
    return this.#namespaces;
  }

  #problemsChanged(): boolean {
    for (const shelf of this.#shelves.values()) if (shelf.problemsChanged) return true;
    return false;
  }

  #takeProblems(): readonly Problem[] {
    if (this.#last !== undefined && !this.#problemsChanged()) return this.#last.problems;
    const problems: Problem[] = [];
    for (const shelf of this.#shelves.values()) {
      shelf.problemsChanged = false;
      problems.push(...shelf.problems());
    }
    return problems.sort(byPlace);
  }
}

/** Not made where the snapshot is: a list made on demand holds nothing but what it is made of. */
function putLazily(objects: object, plural: PluralKind, list: ChunkedList<ClusterObject>): void {
  Object.defineProperty(objects, plural, { get: () => list.items, enumerable: true, configurable: true });
}
