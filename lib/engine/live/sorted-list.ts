interface HasId {
  readonly id: string;
}

/** So many parts of a list are joined in rows; one by one, as `flat` looks at every thing, it is slower, but knows no bounds. */
const mostAtOnce = 1_000;

/**
 * A list sorted by id with some of its things replaced, added or taken out, as a new list. `changes` by id; undefined
 * takes out. Costs a copy of the list, not a sort: of 150,000 things, a few change at a time.
 */
export function withChanges<T extends HasId>(
  list: readonly T[],
  changes: ReadonlyMap<string, T | undefined>,
): readonly T[] {
  const places = [...changes].map(([id, thing]) => ({ id, thing, at: placeOf(list, id) }));
  if (places.every(({ id, thing, at }) => thing !== undefined && list[at]?.id === id)) {
    const copy = list.slice();
    for (const { thing, at } of places) if (thing !== undefined) copy[at] = thing;
    return copy;
  }
  places.sort((a, b) => (a.id < b.id ? -1 : 1));
  const parts: (readonly T[])[] = [];
  let from = 0;
  for (const { id, thing, at } of places) {
    if (at > from) parts.push(list.slice(from, at));
    if (thing !== undefined) parts.push([thing]);
    from = list[at]?.id === id ? at + 1 : at;
  }
  if (from < list.length) parts.push(from === 0 ? list : list.slice(from));
  if (parts.length > mostAtOnce) return parts.flat();
  const [first = [], ...more] = parts;
  return first.concat(...more);
}

/** The same for so many changes that sorting costs less. */
export function sortedAnew<T extends HasId>(
  list: readonly T[],
  changes: ReadonlyMap<string, T | undefined>,
): readonly T[] {
  const things = list.filter(({ id }) => !changes.has(id));
  for (const thing of changes.values()) if (thing !== undefined) things.push(thing);
  return things.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The first place whose id is not before this one. */
export function placeOf(list: readonly HasId[], id: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.id ?? "") < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether there is a thing of this id. */
export function hasId(list: readonly HasId[], id: string): boolean {
  return list[placeOf(list, id)]?.id === id;
}
