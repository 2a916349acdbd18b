import type { LabelSelector, Labels, Pod } from "#lib/model/objects.ts";
import { labelsMatch, selectorMatches } from "./selector.ts";

/** Pods of one namespace, found by label without looking at every pod. Answers keep the order of the pods given. */
export interface LabelIndex {
  selectedBy(labels: Labels): readonly Pod[];
  matching(selector: LabelSelector): readonly Pod[];
}

/**
 * The inverted index is built a key at a time, when a selector first asks for that key: selectors use a handful of
 * keys, pods carry dozens, and an index of all of them would weigh more than the pods.
 */
export function labelIndex(pods: readonly Pod[]): LabelIndex {
  const byKey = new Map<string, ReadonlyMap<string, readonly Pod[]>>();

  function bucket(key: string, value: string): readonly Pod[] {
    let byValue = byKey.get(key);
    if (byValue === undefined) {
      byValue = podsByValue(pods, key);
      byKey.set(key, byValue);
    }
    return byValue.get(value) ?? [];
  }

  function smallestBucket(labels: Labels): readonly Pod[] {
    let smallest = pods;
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
      if (first === undefined) return pods;
      // Nearly every Service selects by one label: its bucket is the answer, no copy.
      if (more.length === 0) return bucket(...first);
      return smallestBucket(labels).filter((pod) => labelsMatch(labels, pod.labels));
    },
    matching(selector) {
      // `In` with one value is a label by another name, and the way many generators write it.
      const labels: Record<string, string> = { ...selector.matchLabels };
      for (const { key, operator, values } of selector.matchExpressions) {
        const [only, ...more] = values;
        if (operator === "In" && only !== undefined && more.length === 0) labels[key] ??= only;
      }
      return smallestBucket(labels).filter((pod) => selectorMatches(selector, pod.labels));
    },
  };
}

function podsByValue(pods: readonly Pod[], key: string): ReadonlyMap<string, readonly Pod[]> {
  const byValue = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (!Object.hasOwn(pod.labels, key)) continue;
    const value = pod.labels[key];
    if (value === undefined) continue;
    const found = byValue.get(value);
    if (found === undefined) byValue.set(value, [pod]);
    else found.push(pod);
  }
  return byValue;
}
