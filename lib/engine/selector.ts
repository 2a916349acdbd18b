import type { LabelSelector, Labels, MatchExpression } from "#lib/model/objects.ts";

/** Whether `labels` carries all of `wanted`. An empty `wanted` is carried by everything. */
export function labelsMatch(wanted: Labels, labels: Labels): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}

/** Whether a LabelSelector (meta/v1) matches: every label and every expression; an empty selector matches everything. */
export function selectorMatches(selector: LabelSelector, labels: Labels): boolean {
  return (
    labelsMatch(selector.matchLabels, labels) &&
    selector.matchExpressions.every((expression) => expressionMatches(expression, labels))
  );
}

export function expressionMatches(expression: MatchExpression, labels: Labels): boolean {
  const value = labelValue(labels, expression.key);
  switch (expression.operator) {
    case "In":
      return value !== undefined && expression.values.includes(value);
    // True as well when the key is absent (meta/v1, LabelSelectorRequirement).
    case "NotIn":
      return value === undefined || !expression.values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** A label's value; a key such as `constructor` that an object merely inherits is no label. */
export function labelValue(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return selector.matchExpressions.length === 0 && Object.keys(selector.matchLabels).length === 0;
}

/** "app=web, tier=front", as `kubectl get -l` takes it. */
export function labelsInWords(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

/** "app=web, env in (prod, stage), !legacy", as `kubectl get -l` takes it; "every pod" or the like is the caller's word for an empty one. */
export function selectorInWords(selector: LabelSelector): string {
  const labels = labelsInWords(selector.matchLabels);
  const expressions = selector.matchExpressions.map(expressionInWords);
  return [...(labels === "" ? [] : [labels]), ...expressions].join(", ");
}

function expressionInWords({ key, operator, values }: MatchExpression): string {
  switch (operator) {
    case "In":
      return `${key} in (${values.join(", ")})`;
    case "NotIn":
      return `${key} notin (${values.join(", ")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}
