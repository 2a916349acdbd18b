import { isMapping, sameJson } from "./same-json.ts";

/**
 * What `after` says, made of all parts and texts of `before` that say the same; `before` itself where all of them do. Both
 * plain JSON. Of what is read again a little is new, and the rest need not be held a second time.
 */
export function keepParts<T extends object>(before: T, after: T): T {
  if (sameJson(before, after)) return before;
  // It has the fields of `after`, with values that say what those of `after` do.
  return kept(before, after) as T;
}

function kept(before: unknown, after: unknown): unknown {
  // Of two texts that read the same as well: only one of them stays in memory.
  if (before === after) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    const items: readonly unknown[] = after.map((item, at) => kept(before[at], item));
    return items.length === before.length && items.every((item, at) => item === before[at]) ? before : items;
  }
  if (Array.isArray(before) || Array.isArray(after) || !isMapping(before) || !isMapping(after)) return after;
  const parts: Record<string, unknown> = { ...after };
  let isSame = true;
  for (const key in after) {
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    parts[key] = kept(was, after[key]);
    if (parts[key] !== was) isSame = false;
  }
  for (const key in before) if (before[key] !== undefined && !Object.hasOwn(after, key)) isSame = false;
  return isSame ? before : parts;
}
