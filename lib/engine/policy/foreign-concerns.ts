/** Whom policies of foreign kinds may concern. They are not evaluated, so in doubt they do. */
import type { ForeignPolicy, Pod } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { undefinedDialect } from "./dialect.ts";
import { sightOf } from "./sight.ts";

type Places = (namespace: string) => boolean;

/** The live pods that a policy may concern, by namespace and name. */
export function* podsConcerned(facts: Facts, policy: ForeignPolicy): Iterable<Pod> {
  const { index } = facts;
  const isPlace = placesIn(facts)(policy);
  for (const namespace of index.namespaceNames) {
    if (!isPlace(namespace)) continue;
    const pods =
      policy.subject === undefined
        ? index.podsByNamespace.get(namespace)
        : index.podsMatching(namespace, policy.subject.podSelector);
    for (const pod of pods ?? []) if (!isFinished(pod)) yield pod;
  }
}

function placesIn(facts: Facts): (policy: ForeignPolicy) => Places {
  const sight = sightOf(facts, undefinedDialect);
  return ({ namespace, subject }) => {
    const selector = subject?.namespaceSelector;
    return selector === undefined
      ? (name) => namespace === undefined || namespace === name
      : (name) => sight.namespaceMatches(selector, name).is !== "no";
  };
}
