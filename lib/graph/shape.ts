import { placeOf, withChanges } from "#lib/engine/live/sorted-list.ts";
import { compareText } from "./compare-text.ts";

interface Named {
  readonly id: string;
}

/** What lists with the same ids in the same order have in common: nothing but to be the same thing. */
type Shape = WeakKey;

function newShape(): Shape {
  return {};
}

/**
 * Of lists that `sortedById` and `withChanged` made. Most changes in a cluster leave all ids as they are: what follows
 * from these alone is kept by their shape.
 */
const shapes = new WeakMap<readonly Named[], Shape>();

/**
 * A function that works out what follows from a list's ids and their order, once for all lists of one shape. It must
 * look at nothing else of what is in the list.
 */
export function keptForShape<T extends Named, V>(work: (list: readonly T[]) => V): (list: readonly T[]) => V {
  const kept = new WeakMap<WeakKey, { readonly value: V }>();
  return (list) => {
    const shape = shapes.get(list) ?? list;
    const known = kept.get(shape);
    if (known !== undefined) return known.value;
    const value = work(list);
    kept.set(shape, { value });
    return value;
  };
}

/** The same of two lists. */
export function keptForShapes<A extends Named, B extends Named, V>(
  work: (a: readonly A[], b: readonly B[]) => V,
): (a: readonly A[], b: readonly B[]) => V {
  const kept = new WeakMap<WeakKey, WeakMap<WeakKey, { readonly value: V }>>();
  return (a, b) => {
    const [shapeA, shapeB] = [shapes.get(a) ?? a, shapes.get(b) ?? b];
    const ofA = kept.get(shapeA) ?? new WeakMap<WeakKey, { readonly value: V }>();
    const known = ofA.get(shapeB);
    if (known !== undefined) return known.value;
    const value = work(a, b);
    kept.set(shapeA, ofA.set(shapeB, { value }));
    return value;
  };
}

/** A list sorted by id: itself where it is known to be. */
export function inOrder<T extends Named>(list: readonly T[]): readonly T[] {
  return shapes.has(list) ? list : list.toSorted((a, b) => compareText(a.id, b.id));
}

/** All of these lists as one, sorted by id. */
export function sortedById<T extends Named>(lists: readonly (readonly T[])[]): readonly T[] {
  const sorted = lists.flat().sort((a, b) => compareText(a.id, b.id));
  shapes.set(sorted, newShape());
  return sorted;
}

/**
 * A list sorted by id with some of its things changed: each pair is some of them, as they were and as they are. Of the
 * same shape where no id came or went.
 */
export function withChanged<T extends Named>(
  list: readonly T[],
  pairs: readonly (readonly [readonly T[], readonly T[]])[],
): readonly T[] {
  const were = new Map(pairs.flatMap(([was]) => was.map((thing) => [thing.id, thing] as const)));
  const changes = new Map<string, T | undefined>([...were.keys()].map((id) => [id, undefined]));
  for (const [, is] of pairs) for (const thing of is) changes.set(thing.id, thing);
  for (const [id, thing] of were) if (changes.get(id) === thing) changes.delete(id);
  if (changes.size === 0) return list;
  const next = withChanges(list, changes);
  const isMoved = [...changes].some(([id, thing]) => thing === undefined || !were.has(id));
  shapes.set(next, isMoved ? newShape() : (shapes.get(list) ?? newShape()));
  return next;
}

/** Whether a list that is sorted by id has a thing of this one. */
export function hasId(list: readonly Named[], id: string): boolean {
  return list[placeOf(list, id)]?.id === id;
}
