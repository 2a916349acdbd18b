import { compareText } from "./compare-text.ts";

interface Named {
  readonly id: string;
}

/** What lists with the same ids in the same order have in common. */
interface Shape {
  readonly length: number;
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
  shapes.set(sorted, { length: sorted.length });
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
  const moved = pairs.filter(([was, is]) => !sameIds(was, is));
  const rest = moved.length === 0 ? list : withMoved(list, moved);
  let next: T[] | undefined;
  for (const [was, is] of pairs) {
    if (!sameIds(was, is)) continue;
    for (const [at, thing] of is.entries()) {
      if (thing === was[at]) continue;
      next ??= rest.slice();
      next[placeIn(rest, thing.id)] = thing;
    }
  }
  if (next === undefined) return rest;
  const shape = shapes.get(rest);
  if (shape !== undefined) shapes.set(next, shape);
  return next;
}

/** With things taken out and others put in where their ids belong, in one walk: to sort it all takes ten times as long. */
function withMoved<T extends Named>(
  list: readonly T[],
  pairs: readonly (readonly [readonly T[], readonly T[]])[],
): readonly T[] {
  const gone = new Set(pairs.flatMap(([was]) => was.map(({ id }) => placeIn(list, id))));
  const come = pairs.flatMap(([, is]) => is).sort((a, b) => compareText(a.id, b.id));
  const places = come.map(({ id }) => placeIn(list, id));
  const next: T[] = [];
  let put = 0;
  for (const [at, thing] of list.entries()) {
    // What is put in stands before the first that comes after it, and in the place of one with its id.
    for (; put < come.length && (places[put] ?? 0) <= at; put++) next.push(...come.slice(put, put + 1));
    if (!gone.has(at)) next.push(thing);
  }
  next.push(...come.slice(put));
  shapes.set(next, { length: next.length });
  return next;
}

/** Whether a list that is sorted by id has a thing of this one. */
export function hasId(list: readonly Named[], id: string): boolean {
  return list[placeIn(list, id)]?.id === id;
}

function sameIds(a: readonly Named[], b: readonly Named[]): boolean {
  return a.length === b.length && a.every(({ id }, at) => id === b[at]?.id);
}

/** Where a thing of this id stands in a list that is sorted by id, or would. */
function placeIn(list: readonly Named[], id: string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareText(list[middle]?.id ?? "", id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
