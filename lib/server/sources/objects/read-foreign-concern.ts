/** What the readers of foreign policies share: whom a policy may concern, never too narrowly. */
import type { ForeignPolicy, LabelSelector, MatchExpression } from "#lib/model/objects.ts";
import { intern } from "./string-pool.ts";

/**
 * Whose verdicts a policy may change, and in which directions. Selectors are conjunctions, so a part that is not
 * understood is left out: what remains matches more, and a pod that the policy does concern is never missed.
 */
export type Concern = Pick<ForeignPolicy, "subject" | "directions">;

type Subject = ForeignPolicy["subject"];

export const bothWays: ForeignPolicy["directions"] = ["ingress", "egress"];

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };

export const everyPod: Subject = { podSelector: everything };

/** For a namespaced policy that reaches beyond its namespace; of a cluster-wide one an undefined subject says the same. */
export const everyPodEverywhere: Subject = { namespaceSelector: everything, podSelector: everything };

/** One subject for several: the one that they all are, else any pod that one of them could mean. */
export function covering(subjects: readonly Subject[]): Subject {
  const [first] = subjects;
  const text = JSON.stringify(first);
  if (subjects.every((subject) => JSON.stringify(subject) === text)) return first;
  return subjects.some((subject) => subject?.namespaceSelector !== undefined)
    ? everyPodEverywhere
    : undefined;
}

/** A selector in which all of these hold; `In` with one value becomes a label, as people write it. */
export function selectorOfExpressions(expressions: readonly MatchExpression[]): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: MatchExpression[] = [];
  for (const { key, operator, values } of expressions) {
    const [only, ...more] = values;
    // Two different values for one key match nothing, and must not end up as one of the two.
    if (operator === "In" && only !== undefined && more.length === 0 && !Object.hasOwn(matchLabels, key))
      matchLabels[intern(key)] = intern(only);
    else matchExpressions.push({ key: intern(key), operator, values: values.map(intern) });
  }
  return { matchLabels, matchExpressions };
}

export function expressionsOf({ matchLabels, matchExpressions }: LabelSelector): readonly MatchExpression[] {
  const labels = Object.entries(matchLabels).map(
    ([key, value]): MatchExpression => ({ key, operator: "In", values: [value] }),
  );
  return [...labels, ...matchExpressions];
}
