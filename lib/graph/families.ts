import type { Labels } from "#lib/model/objects.ts";
import { compareText } from "./compare-text.ts";

/** The labels by which people group namespaces, the most telling first. */
const groupingLabels = [
  "team",
  "tenant",
  "app.kubernetes.io/part-of",
  "capsule.clastix.io/tenant",
  "owner",
  "project",
] as const;

/** A label that so many namespaces lack says nothing about the cluster. */
const leastLabelled = 0.8;

/** As many rows are on one screen. */
const most = 24;

/** So many namespaces are still told apart in one row. */
const mostInARow = 250;

/** Names that begin with nothing in common are told apart by their first letter, a few letters a family. */
const letterRanges = ["0–9", "a–c", "d–f", "g–i", "j–l", "m–o", "p–r", "s–u", "v–z"] as const;

/**
 * Which family each namespace belongs to, for clusters of more namespaces than anybody can read. The label that the
 * people who run the cluster group by, where most namespaces carry one; else what their names begin with:
 * `payments-3` is of `payments*`. Never by health, so that what breaks stays in its place; and at most `most` of them.
 * A family of one is called as its namespace.
 */
export function familiesOf(
  namespaces: readonly string[],
  labelsOf: (namespace: string) => Labels = () => ({}),
): ReadonlyMap<string, string> {
  return byLabel(namespaces, labelsOf) ?? byName(namespaces);
}

function byLabel(
  namespaces: readonly string[],
  labelsOf: (namespace: string) => Labels,
): ReadonlyMap<string, string> | undefined {
  for (const label of groupingLabels) {
    const values = namespaces.map((namespace) => labelsOf(namespace)[label]);
    const labelled = values.filter((value) => value !== undefined && value !== "");
    const families = new Set(labelled).size;
    if (labelled.length < leastLabelled * namespaces.length || families < 2 || families >= most) continue;
    return new Map(namespaces.map((namespace, at) => [namespace, values[at] || `no ${label}`]));
  }
  return undefined;
}

function byName(namespaces: readonly string[]): ReadonlyMap<string, string> {
  let groups = groupBy(namespaces, (name) => `${firstWord(name, 1)}*`);
  groups = splitLargest(groups, (prefix) => (name) => `${firstWord(name, wordsIn(prefix) + 1)}*`);
  groups = splitLargest(groups, (prefix) => (name) => `${name.slice(0, nextLetterAt(prefix))}*`, mostInARow);
  return named(joinSmallest(groups));
}

type Groups = ReadonlyMap<string, readonly string[]>;

/** The first words of a name, without the number that may follow one: `team` of `team-a`, `shop` of `shop2`. */
function firstWord(name: string, words: number): string {
  const parts = name.split("-").slice(0, words);
  const text = parts.join("-");
  return words === 1 ? text.replace(/\d+$/, "") || text : text;
}

function wordsIn(prefix: string): number {
  return prefix.replace(/\*$/, "").split("-").length;
}

/** Past the dash as well: all names of `tenant*` go on with one. */
function nextLetterAt(prefix: string): number {
  return prefix.length + 1;
}

/** Where one family has most of the namespaces, it is told apart by what comes next in their names, if that is few. */
function splitLargest(groups: Groups, next: (prefix: string) => (name: string) => string, least = 0): Groups {
  const all = [...groups.values()].reduce((sum, names) => sum + names.length, 0);
  for (const [prefix, names] of groups) {
    if (names.length <= Math.max(least, all / 2)) continue;
    const finer = groupBy(names, next(prefix));
    if (finer.size < 2 || groups.size - 1 + finer.size > most) return groups;
    return new Map([...[...groups].filter(([other]) => other !== prefix), ...finer]);
  }
  return groups;
}

/** Beyond the most, the smallest are put together by their first letters. */
function joinSmallest(groups: Groups): Groups {
  if (groups.size <= most) return groups;
  const bySize = [...groups].sort(([a, inA], [b, inB]) => inB.length - inA.length || compareText(a, b));
  const kept = bySize.slice(0, most - letterRanges.length).filter(([, names]) => names.length > 1);
  const rest = bySize.slice(kept.length).flatMap(([, names]) => names);
  return new Map([...kept, ...groupBy(rest, letterRangeOf)]);
}

function letterRangeOf(name: string): string {
  const first = name.charAt(0);
  return (
    letterRanges.find((range) => first >= range.charAt(0) && first <= range.charAt(2)) ?? letterRanges[0]
  );
}

function groupBy(names: readonly string[], keyOf: (name: string) => string): Groups {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = keyOf(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return groups;
}

function named(groups: Groups): ReadonlyMap<string, string> {
  const familyOf = new Map<string, string>();
  for (const [key, names] of groups) {
    const family = names.length === 1 ? (names[0] ?? key) : key;
    for (const name of names) familyOf.set(name, family);
  }
  return familyOf;
}
