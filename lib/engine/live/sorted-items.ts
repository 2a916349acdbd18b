/**
 * A sorted list in which some items are others now: `put` take the place of those that `order` holds to be the same, or
 * come in where they belong; `gone` are taken out. Looks at no items but those beside the places of these.
 */
export function withItems<K, T extends K>(
  list: readonly T[],
  put: Iterable<T>,
  gone: Iterable<K>,
  order: (a: K, b: K) => number,
): readonly T[] {
  const next = [...list];
  for (const item of gone) {
    const { at, isThere } = placeOf(next, item, order);
    if (isThere) next.splice(at, 1);
  }
  for (const item of put) {
    const { at, isThere } = placeOf(next, item, order);
    next.splice(at, isThere ? 1 : 0, item);
  }
  return next;
}

function placeOf<K>(list: readonly K[], item: K, order: (a: K, b: K) => number) {
  let at = 0;
  for (let end = list.length; at < end; ) {
    const middle = (at + end) >> 1;
    const other = list[middle];
    if (other !== undefined && order(other, item) < 0) at = middle + 1;
    else end = middle;
  }
  const found = list[at];
  return { at, isThere: found !== undefined && order(found, item) === 0 };
}
