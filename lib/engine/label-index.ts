import type { LabelSelector, Labels } from "#lib/model/objects.ts";
import { labelsMatch, labelValue, selectorMatches } from "./selector.ts";

/** Things found by label without looking at each of them. Answers keep the order in which they were given. */
export interface LabelIndex<T> {
  selectedBy(labels: Labels): readonly T[];
  matching(selector: LabelSelector): readonly T[];
}

/**
 * The inverted index is built a key at a time, when a selector first asks for that key: selectors use a handful of
 * keys, pods carry dozens, and an index of all of them would weigh more than the pods.
 */
export function labelIndex<T>(things: readonly T[], labelsOf: (thing: T) => Labels): LabelIndex<T> {
  const byKey = new Map<string, ReadonlyMap<string, readonly T[]>>();

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
  };
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
