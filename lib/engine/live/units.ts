import type { ObjectId } from "#lib/model/ids.ts";
import { PlacedMap } from "./placed-map.ts";
import {
  areStale,
  asksAfar,
  type Changed,
  clusterCells,
  isTimed,
  type KeptReads,
  keptReads,
  looksAfar,
  namespaceIn,
  namespaceOfKey,
  noReads,
  type Reads,
} from "./reads.ts";

/** `before`: what was looked at for this object the last time. */
export type Work<T, F> = (object: T, reads: Reads, before: KeptReads | undefined) => F;

/**
 * Facts of many objects, each worked out by itself and kept with what was looked at for it: from one state to the next
 * only those are worked out anew of which something has changed.
 */
export class Units<T extends { readonly id: ObjectId }, F> {
  /** By namespace, then by id; "" for cluster-scoped objects. */
  readonly #units = new Map<string, Map<ObjectId, KeptReads>>();
  /** Namespaces of objects whose facts hang on other namespaces, in ways that no key tells. */
  readonly #roaming = new Map<ObjectId, string>();
  /** The others of these, by each key that they hang on. */
  readonly #lookers = new Map<string, Set<ObjectId>>();
  readonly #looking = new Map<ObjectId, KeptReads>();
  /** Namespaces of objects whose facts hang on the moment. */
  readonly #timed = new Map<ObjectId, string>();
  readonly #order: (a: ObjectId, b: ObjectId) => number;
  #facts: PlacedMap<ObjectId, F>;

  /** `order`: the one in which `start` is given the objects. */
  constructor(order: (a: ObjectId, b: ObjectId) => number) {
    this.#order = order;
    this.#facts = PlacedMap.of(new Map(), order);
  }

  get facts(): ReadonlyMap<ObjectId, F> {
    return this.#facts;
  }

  /** Works out everything. */
  *start(objects: Iterable<T>, work: Work<T, F>): Generator<undefined, void> {
    this.#units.clear();
    this.#roaming.clear();
    this.#lookers.clear();
    this.#looking.clear();
    this.#timed.clear();
    const facts = new Map<ObjectId, F>();
    for (const object of objects) {
      facts.set(object.id, this.#work(object, work));
      yield;
    }
    this.#facts = PlacedMap.of(facts, this.#order);
  }

  /**
   * Works out what is stale, and what is in `own`: the objects themselves that came, changed or (undefined) went. Gives
   * the ids of those whose facts are others now.
   */
  *next(
    changed: Changed,
    own: ReadonlyMap<ObjectId, T | undefined>,
    objectOf: (id: ObjectId) => T | undefined,
    work: Work<T, F>,
    same: (a: F, b: F) => boolean,
  ): Generator<undefined, ReadonlySet<ObjectId>> {
    const stale = new Map<ObjectId, T | undefined>(own);
    let looked = 0;
    for (const [id, unit] of this.#candidates(changed)) {
      if (!stale.has(id) && areStale(unit, changed)) stale.set(id, objectOf(id));
      if (++looked % 50 === 0) yield;
    }
    if (stale.size === 0) return new Set();
    const others = new Map<ObjectId, F | undefined>();
    for (const [id, object] of stale) {
      const before = this.#facts.get(id);
      if (object === undefined) {
        if (before === undefined) continue;
        this.#units.get(namespaceIn(id) ?? "")?.delete(id);
        this.#roaming.delete(id);
        this.#look(id, undefined);
        this.#timed.delete(id);
        others.set(id, undefined);
        continue;
      }
      const after = this.#work(object, work);
      yield;
      if (before === undefined || !same(before, after)) others.set(id, after);
    }
    this.#facts = this.#facts.with(others);
    return new Set(others.keys());
  }

  #work(object: T, work: Work<T, F>): F {
    const reads = noReads();
    const namespace = namespaceIn(object.id) ?? "";
    const own = this.#units.get(namespace) ?? new Map<ObjectId, KeptReads>();
    const facts = work(object, reads, own.get(object.id));
    const unit = keptReads(reads);
    own.set(object.id, unit);
    this.#units.set(namespace, own);
    if (asksAfar(reads, namespace)) this.#roaming.set(object.id, namespace);
    else this.#roaming.delete(object.id);
    this.#look(object.id, looksAfar(reads, namespace) ? unit : undefined);
    if (isTimed(reads)) this.#timed.set(object.id, namespace);
    else this.#timed.delete(object.id);
    return facts;
  }

  #look(id: ObjectId, unit: KeptReads | undefined): void {
    const before = this.#looking.get(id);
    if (before === undefined && unit === undefined) return;
    for (const key of keysOf(before)) {
      const lookers = this.#lookers.get(key);
      lookers?.delete(id);
      if (lookers?.size === 0) this.#lookers.delete(key);
    }
    for (const key of keysOf(unit)) {
      const lookers = this.#lookers.get(key) ?? new Set();
      this.#lookers.set(key, lookers.add(id));
    }
    if (unit === undefined) this.#looking.delete(id);
    else this.#looking.set(id, unit);
  }

  /** Whatever may hang on what changed: all of a namespace in which something did, and who looks beyond their own. */
  *#candidates(changed: Changed): Iterable<readonly [ObjectId, KeptReads]> {
    const namespaces = new Set<string>(changed.pods.keys());
    const apart = [this.#roaming];
    for (const key of changed.keys) {
      if (key === "now") {
        apart.push(this.#timed);
        continue;
      }
      const namespace = clusterCells.has(key) ? undefined : namespaceOfKey(key);
      if (namespace === undefined) {
        for (const units of this.#units.values()) yield* units;
        return;
      }
      namespaces.add(namespace);
    }
    for (const namespace of namespaces) yield* this.#units.get(namespace) ?? [];
    for (const some of apart) {
      for (const [id, namespace] of some) {
        const unit = namespaces.has(namespace) ? undefined : this.#units.get(namespace)?.get(id);
        if (unit !== undefined) yield [id, unit];
      }
    }
    for (const key of changed.keys) {
      for (const id of this.#lookers.get(key) ?? []) {
        const unit = this.#looking.get(id);
        if (unit !== undefined) yield [id, unit];
      }
    }
  }
}

function keysOf(unit: KeptReads | undefined): readonly string[] {
  return unit === undefined ? [] : [...unit.ids, ...unit.cells];
}
