/** How alike two names are: for "did you mean" in labels, port names, Services. */

/**
 * Edits (insert, delete, replace, swap of neighbours) from one to the other, as far as they are at most `limit`;
 * undefined beyond. The swap counts once because it is the commonest slip of the hand.
 */
export function editDistance(a: string, b: string, limit = 2): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  // Names that are compared tend to begin and end alike; only what lies between can differ.
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  return middleDistance(a.slice(start, a.length - end), b.slice(start, b.length - end), limit);
}

function middleDistance(a: string, b: string, limit: number): number | undefined {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
      best = Math.min(best, cost);
    }
    // A row's least never shrinks again, unless by a swap that started in it.
    if (best > limit + 1) return undefined;
    beforeLast = last;
    last = row;
  }
  const distance = last[b.length] ?? 0;
  return distance <= limit ? distance : undefined;
}

/**
 * How far apart two names are that someone may have mixed up; undefined when they are simply different names.
 * At most two edits, and less than half of the longer one (so `db` is not near `ui`), or one contained in the other
 * (`cart` and `carts-v2`), which counts as 3.
 */
export function nearness(a: string, b: string): number | undefined {
  const longer = Math.max(a.length, b.length);
  const distance = editDistance(a, b);
  if (distance !== undefined && distance * 2 < longer) return distance;
  const shorter = Math.min(a.length, b.length);
  return shorter >= 3 && (a.includes(b) || b.includes(a)) ? 3 : undefined;
}

/** The nearest of several names; the alphabet breaks ties. Undefined when none is near. */
export function nearestOf(wanted: string, names: Iterable<string>): string | undefined {
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const distance = nearness(wanted, name);
    if (distance === undefined) continue;
    const nearer =
      nearest === undefined ||
      distance < nearest.distance ||
      (distance === nearest.distance && name < nearest.name);
    if (nearer) nearest = { name, distance };
  }
  return nearest?.name;
}
