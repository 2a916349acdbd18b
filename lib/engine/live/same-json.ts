/**
 * Whether two pieces of plain JSON say the same; an undefined field counts as absent. Parts that are one object are not
 * looked into, which is most of them where equal parts are kept once. A label may be called as something that every
 * object inherits (`constructor`), so that only an object's own fields count.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at]));
  }
  if (!isMapping(a) || !isMapping(b)) return false;
  for (const key in a) if (!sameJson(a[key], Object.hasOwn(b, key) ? b[key] : undefined)) return false;
  for (const key in b)
    if (b[key] !== undefined && (!Object.hasOwn(a, key) || a[key] === undefined)) return false;
  return true;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
