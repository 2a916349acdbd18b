/** Whom policies of foreign kinds may concern. They are not evaluated, so in doubt they do. */
import type { ForeignPolicy, Pod } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { undefinedDialect } from "./dialect.ts";
import { type Match, yes } from "./match.ts";
import { sightOf } from "./sight.ts";

/** The live pods that a policy may concern, by namespace and name. */
export function* podsConcerned(facts: Facts, policy: ForeignPolicy): Iterable<Pod> {
  for (const [namespace, match] of placesOf(facts, policy))
    if (match.is !== "no") yield* podsIn(facts, policy, namespace);
}

export interface Concern {
  /** Live pods in namespaces that it selects for sure. */
  readonly pods: readonly Pod[];
  /** Some are in namespaces whose labels are not known. */
  readonly perhapsMore: boolean;
}

/** The same, told apart by whether it is certain that the policy looks there. */
export function concernOf(facts: Facts, policy: ForeignPolicy): Concern {
  const pods: Pod[] = [];
  let perhapsMore = false;
  for (const [namespace, { is }] of placesOf(facts, policy)) {
    if (is === "no") continue;
    for (const pod of podsIn(facts, policy, namespace)) {
      if (is === "yes") pods.push(pod);
      else perhapsMore = true;
    }
  }
  return { pods, perhapsMore };
}

function* podsIn({ index }: Facts, { subject }: ForeignPolicy, namespace: string): Iterable<Pod> {
  const pods =
    subject === undefined
      ? index.podsByNamespace.get(namespace)
      : index.podsMatching(namespace, subject.podSelector);
  for (const pod of pods ?? []) if (!isFinished(pod)) yield pod;
}

function* placesOf(
  facts: Facts,
  { namespace, subject }: ForeignPolicy,
): Iterable<readonly [namespace: string, match: Match]> {
  const selector = subject?.namespaceSelector;
  if (selector === undefined) {
    for (const name of namespace === undefined ? facts.index.namespaceNames : [namespace]) yield [name, yes];
    return;
  }
  const sight = sightOf(facts, undefinedDialect);
  for (const name of facts.index.namespaceNames) yield [name, sight.namespaceMatches(selector, name)];
}
