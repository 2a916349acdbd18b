/** In what paths differ, told in as few words as tell them apart. */
import { merged } from "../cidr.ts";
import { listed, listedUpTo } from "../object-words.ts";
import type { Difference, Path } from "./step.ts";

const differences: readonly Difference[] = [
  "name",
  "source",
  "entry",
  "backend",
  "proxy",
  "landing",
  "family",
];

/**
 * Names groups of paths by what sets them apart: the first difference, else the first pair, that alone decides to which
 * group a path belongs; else everything that differs. One group needs no name.
 */
export function namesOf(groups: readonly (readonly Path[])[]): readonly string[] {
  if (groups.length < 2) return groups.map(() => "");
  for (const some of combinations()) {
    if (!decides(some, groups)) continue;
    const names = groups.map((group) => nameOf(group, some));
    // What some paths have nothing of, such as a family, leaves them without a name.
    if (names.every((name) => name !== "")) return names;
  }
  const varying = differences.filter((each) => varies(each, groups));
  return groups.map((group) => nameOf(group, varying) || "on other paths");
}

function* pairs(): Iterable<readonly Difference[]> {
  for (const [i, first] of differences.entries())
    for (const second of differences.slice(i + 1)) yield [first, second];
}

function combinations(): readonly (readonly Difference[])[] {
  return [...differences.map((each) => [each]), ...pairs()];
}

/** The addresses in which a path differs, where these are what it differs in. */
function blocksOf(each: Difference, { blocks, toBlocks }: Path): readonly string[] | undefined {
  return each === "source" ? blocks : each === "landing" ? toBlocks : undefined;
}

function keyOf(some: readonly Difference[], path: Path): string {
  return some.map((each) => blocksOf(each, path)?.join() ?? path.who[each] ?? "").join("\u0001");
}

function decides(some: readonly Difference[], groups: readonly (readonly Path[])[]): boolean {
  const groupOf = new Map<string, number>();
  for (const [i, group] of groups.entries()) {
    for (const path of group) {
      const key = keyOf(some, path);
      const known = groupOf.get(key);
      if (known !== undefined && known !== i) return false;
      groupOf.set(key, i);
    }
  }
  return true;
}

function varies(each: Difference, groups: readonly (readonly Path[])[]): boolean {
  return new Set(groups.flat().map((path) => keyOf([each], path))).size > 1;
}

function nameOf(group: readonly Path[], deciding: readonly Difference[]): string {
  const words = deciding.map((each) => {
    const blocks = merged([...new Set(group.flatMap((path) => blocksOf(each, path) ?? []))]);
    const others = together(
      [
        ...new Set(
          group.flatMap((path) => (blocksOf(each, path) === undefined ? (path.who[each] ?? []) : [])),
        ),
      ].sort(byName),
    );
    const word = each === "landing" ? "to" : "for";
    return [others, blocks.length === 0 ? "" : `${word} ${listedUpTo(blocks, 3)}`]
      .filter((part) => part !== "")
      .join(" and ");
  });
  return words.filter((word) => word !== "").join(" ");
}

/** "from a and b", "from c", "for d" → "from a, b and c and for d". */
function together(values: readonly string[]): string {
  const byWord = new Map<string, string[]>();
  for (const value of values) {
    const [word = ""] = value.split(" ");
    byWord.set(word, [...(byWord.get(word) ?? []), value.slice(word.length + 1)]);
  }
  return [...byWord].map(([word, rests]) => `${word} ${inOneList(rests)}`).join(" and ");
}

function inOneList(lists: readonly string[]): string {
  const [only, ...others] = lists;
  if (only === undefined || others.length === 0) return only ?? "";
  const items = lists.flatMap((list) => list.split(/, | and /));
  const counts = items.flatMap((item) => /^(\d+) more$/.exec(item)?.[1] ?? []).map(Number);
  const names = items.filter((item) => !/^\d+ more$/.test(item));
  const shown = names.slice(0, 3);
  const left = names.length - shown.length + counts.reduce((sum, count) => sum + count, 0);
  return listed(left === 0 ? shown : [...shown, `${left} more`]);
}

/** "web-2" before "web-10", as people count. */
export function byName(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [i, part] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [x, y] = [Number(part), Number(other)];
    return Number.isNaN(x) || Number.isNaN(y) ? (part < other ? -1 : 1) : x - y;
  }
  return left.length - right.length;
}

function partsOf(name: string): readonly string[] {
  return name.match(/\d+|\D+/g) ?? [];
}
