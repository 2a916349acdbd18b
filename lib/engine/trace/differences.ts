/** In what paths differ, told in as few words as tell them apart. */
import { merged } from "../cidr.ts";
import { listedUpTo } from "../object-words.ts";
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
  const deciding =
    combinations().find((some) => decides(some, groups)) ??
    differences.filter((each) => varies(each, groups));
  return groups.map((group) => nameOf(group, deciding));
}

function* pairs(): Iterable<readonly Difference[]> {
  for (const [i, first] of differences.entries())
    for (const second of differences.slice(i + 1)) yield [first, second];
}

function combinations(): readonly (readonly Difference[])[] {
  return [...differences.map((each) => [each]), ...pairs()];
}

function keyOf(some: readonly Difference[], { who, blocks }: Path): string {
  return some
    .map((each) => (each === "source" && blocks !== undefined ? blocks.join() : (who[each] ?? "")))
    .join("\u0001");
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
    const isAddress = (path: Path) => (each === "source" || each === "landing") && path.blocks !== undefined;
    const blocks = merged([
      ...new Set(group.flatMap((path) => (isAddress(path) ? (path.blocks ?? []) : []))),
    ]);
    const others = together([
      ...new Set(group.flatMap((path) => (isAddress(path) ? [] : (path.who[each] ?? [])))),
    ]);
    return [others, blocks.length === 0 ? "" : `for ${listedUpTo(blocks, 3)}`]
      .filter((word) => word !== "")
      .join(" and ");
  });
  return words.filter((word) => word !== "").join(" ");
}

/** "from a", "from b" → "from a and b". */
function together(values: readonly string[]): string {
  const [first, ...more] = values;
  if (first === undefined || more.length === 0) return first ?? "";
  const word = first.split(" ")[0] ?? "";
  const rest = values.map((value) => (value.startsWith(`${word} `) ? value.slice(word.length + 1) : value));
  return `${word} ${listedUpTo(rest, 3)}`;
}
