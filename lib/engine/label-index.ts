import type { LabelSelector, Labels } from "#lib/model/objects.ts";
import { withItems } from "./live/sorted-items.ts";
import { labelsMatch, labelValue, selectorMatches } from "./selector.ts";

/** Things found by label without looking at each of them. Answers keep the order in which they were given. */
export interface LabelIndex<T> {
  selectedBy(labels: Labels): readonly T[];
  matching(selector: LabelSelector): readonly T[];
  /**
   * The index of `things`, which are these but for what changed, both sorted by `order`. What selectors have asked of
   * these is carried along: among thousands of things a few change at a time, and their labels hardly ever do.
   */
  follow(
    things: readonly T[],
    changes: readonly { readonly before: T | undefined; readonly after: T | undefined }[],
    order: (a: T, b: T) => number,
  ): LabelIndex<T>;
}

/**
 * The inverted index is built a key at a time, when a selector first asks for that key: selectors use a handful of
 * keys, pods carry dozens, and an index of all of them would weigh more than the pods.
 */
export function labelIndex<T>(things: readonly T[], labelsOf: (thing: T) => Labels): LabelIndex<T> {
  return indexWith(things, labelsOf, new Map());
}

/** `byKey`: what was asked so far. */
function indexWith<T>(
  things: readonly T[],
  labelsOf: (thing: T) => Labels,
  byKey: Map<string, ReadonlyMap<string, readonly T[]>>,
): LabelIndex<T> {
  function bucket(key: string, value: string): readonly T[] {
    let byValue = byKey.get(key);
    if (byValue === undefined) {
      byValue = thingsByValue(things, labelsOf, key);
      byKey.set(key, byValue);
    }
    return byValue.get(value) ?? [];
  }

  function smallestBucket(labels: Labels): readonly T[] {
    let smallest = things;
    for (const key in labels) {
      const value = labels[key];
      const found = value === undefined ? [] : bucket(key, value);
      if (found.length < smallest.length) smallest = found;
    }
    return smallest;
  }

  return {
    selectedBy(labels) {
      const [first, ...more] = Object.entries(labels);
      if (first === undefined) return things;
      // Nearly every Service selects by one label: its bucket is the answer, no copy.
      if (more.length === 0) return bucket(...first);
      return smallestBucket(labels).filter((thing) => labelsMatch(labels, labelsOf(thing)));
    },
    matching(selector) {
      // `In` with one value is a label by another name, and the way many generators write it.
      const labels: Record<string, string> = { ...selector.matchLabels };
      for (const { key, operator, values } of selector.matchExpressions) {
        const [only, ...more] = values;
        if (operator === "In" && only !== undefined && more.length === 0) labels[key] ??= only;
      }
      return smallestBucket(labels).filter((thing) => selectorMatches(selector, labelsOf(thing)));
    },
    follow: (next, changes, order) =>
      indexWith(
        next,
        labelsOf,
        new Map(
          [...byKey].map(([key, byValue]) => [key, withChanges(byValue, key, labelsOf, changes, order)]),
        ),
      ),
  };
}

function withChanges<T>(
  byValue: ReadonlyMap<string, readonly T[]>,
  key: string,
  labelsOf: (thing: T) => Labels,
  changes: readonly { readonly before: T | undefined; readonly after: T | undefined }[],
  order: (a: T, b: T) => number,
): ReadonlyMap<string, readonly T[]> {
  const touched = new Map<string, { readonly put: T[]; readonly gone: T[] }>();
  const at = (value: string) => {
    const found = touched.get(value) ?? { put: [], gone: [] };
    touched.set(value, found);
    return found;
  };
  for (const { before, after } of changes) {
    const was = before === undefined ? undefined : labelValue(labelsOf(before), key);
    const is = after === undefined ? undefined : labelValue(labelsOf(after), key);
    if (before !== undefined && was !== undefined && was !== is) at(was).gone.push(before);
    if (after !== undefined && is !== undefined) at(is).put.push(after);
  }
  const next = new Map(byValue);
  for (const [value, { put, gone }] of touched) {
    const list = withItems(next.get(value) ?? [], put, gone, order);
    if (list.length === 0) next.delete(value);
    else next.set(value, list);
  }
  return next;
}

function thingsByValue<T>(
  things: readonly T[],
  labelsOf: (thing: T) => Labels,
  key: string,
): ReadonlyMap<string, readonly T[]> {
  const byValue = new Map<string, T[]>();
  for (const thing of things) {
    const value = labelValue(labelsOf(thing), key);
    if (value === undefined) continue;
    const found = byValue.get(value);
    if (found === undefined) byValue.set(value, [thing]);
    else found.push(thing);
  }
  return byValue;
}
