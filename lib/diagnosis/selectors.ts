import type { LabelSelector } from "#lib/model/objects.ts";

export const everyPod: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** A question about selectors that remembers its answers: a cluster's policies ask with the same few again and again. */
export function rememberBySelector<T>(
  answer: (selector: LabelSelector) => T,
): (selector: LabelSelector) => T {
  const answers = new Map<string, { readonly answer: T }>();
  return (selector) => {
    const key = JSON.stringify(selector);
    let known = answers.get(key);
    if (known === undefined) {
      known = { answer: answer(selector) };
      answers.set(key, known);
    }
    return known.answer;
  };
}
