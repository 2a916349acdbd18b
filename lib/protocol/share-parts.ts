import { nameIn } from "./name-in.ts";

/**
 * What `after` says, made of all parts of `before` that say the same; `before` itself where all of them do. Both are
 * JSON, and `after` is the caller's own: it is changed. From one answer to the next little is new, the rest need not be held
 * a second time, and whoever compares the two sees at once what is the same.
 */
export function sharingParts(before: unknown, after: unknown): unknown {
  if (before === after) return before;
  if (Array.isArray(before) && Array.isArray(after)) return sharingItems(before, after);
  if (!isMapping(before) || !isMapping(after)) return after;
  let isSame = true;
  let fields = 0;
  for (const key in after) {
    fields += 1;
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    const is = sharingParts(was, after[key]);
    if (is !== after[key]) after[key] = is;
    if (is !== was) isSame = false;
  }
  return isSame && fields === Object.keys(before).length ? before : after;
}

/** An item that has moved is known by its name. */
function sharingItems(before: readonly unknown[], after: unknown[]): unknown {
  let isSame = before.length === after.length;
  let byName: ReadonlyMap<string | undefined, unknown> | undefined;
  for (const [at, item] of after.entries()) {
    const name = nameOf(item);
    let was = before[at];
    if (name !== nameOf(was)) {
      byName ??= new Map(before.map((each) => [nameOf(each), each]));
      was = byName.get(name);
    }
    const is = sharingParts(was, item);
    if (is !== item) after[at] = is;
    if (is !== before[at]) isSame = false;
  }
  return isSame ? before : after;
}

function nameOf(item: unknown): string | undefined {
  return typeof item === "object" ? nameIn(item) : undefined;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
