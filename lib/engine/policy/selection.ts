import type { ForeignPolicy, Pod, TieredPolicy } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { selectorMatches } from "../selector.ts";
import type {
  CompiledNetworkPolicy,
  CompiledSet,
  CompiledTieredPolicy,
  PriorityGroup,
  Sequence,
} from "./compile-rules.ts";
import { both, type Match, matchIf, no, yes } from "./match.ts";
import type { Sight } from "./sight.ts";

/** The policies that concern a pod in one direction. */
export interface Selection {
  /** NetworkPolicies that isolate it. */
  readonly isolating: readonly CompiledNetworkPolicy[];
  readonly admin: readonly SelectedSequence[];
  readonly baseline: readonly SelectedSequence[];
  /** What the API would refuse, and what may therefore do anything to it. */
  readonly faulty: readonly FaultyPolicy[];
  readonly foreign: readonly ForeignPolicy[];
}

export type FaultyPolicy = CompiledNetworkPolicy["policy"] | TieredPolicy;

export type SelectedSequence = readonly (readonly SelectedTiered[])[];

export interface SelectedTiered {
  readonly compiled: CompiledTieredPolicy;
  /** `yes`, or `maybe` where the labels of its namespace are not given. */
  readonly selects: Match;
}

/**
 * Which policies concern a pod, by labels and namespace alone: pods that no selector can tell apart give equal answers.
 * Pods on their node's network are no subjects of tiered policies, and whether NetworkPolicies bind them is for the
 * caller to say (docs/spec/policy.md, 5.3 and 6.3).
 */
export function selectionOf(set: CompiledSet, pod: Pod, direction: Direction, sight: Sight): Selection {
  const own = (set.networkPolicies.get(pod.namespace) ?? []).filter(
    ({ policy, [direction]: rules }) =>
      rules !== undefined && selectorMatches(policy.podSelector, pod.labels),
  );
  return {
    isolating: own.filter(({ policy }) => policy.faults.length === 0),
    admin: set.admin.map((sequence) => selected(sequence, pod, direction, sight)),
    baseline: set.baseline.map((sequence) => selected(sequence, pod, direction, sight)),
    faulty: [
      ...own.flatMap(({ policy }) => (policy.faults.length > 0 ? [policy] : [])),
      ...set.faulty.filter((policy) => tieredSelects(policy, pod, sight).is !== "no"),
    ],
    foreign: set.foreign.filter(
      (policy) => policy.directions.includes(direction) && foreignSelects(policy, pod, sight).is !== "no",
    ),
  };
}

function selected(sequence: Sequence, pod: Pod, direction: Direction, sight: Sight): SelectedSequence {
  return sequence.flatMap((group: PriorityGroup) => {
    const concerned = group.flatMap((compiled) => {
      if (compiled[direction].length === 0) return [];
      const selects = tieredSelects(compiled.policy, pod, sight);
      return selects.is === "no" ? [] : [{ compiled, selects }];
    });
    return concerned.length === 0 ? [] : [concerned];
  });
}

function tieredSelects({ subject }: TieredPolicy, pod: Pod, sight: Sight): Match {
  if (pod.hostNetwork) return no;
  if (subject.podSelector !== undefined && !selectorMatches(subject.podSelector, pod.labels)) return no;
  return sight.namespaceMatches(subject.namespaceSelector, pod.namespace);
}

function foreignSelects({ namespace, subject }: ForeignPolicy, pod: Pod, sight: Sight): Match {
  const inPlace =
    subject?.namespaceSelector !== undefined
      ? sight.namespaceMatches(subject.namespaceSelector, pod.namespace)
      : matchIf(namespace === undefined || namespace === pod.namespace);
  return both(
    inPlace,
    subject === undefined ? yes : matchIf(selectorMatches(subject.podSelector, pod.labels)),
  );
}
