import type { Direction } from "#lib/model/verdict.ts";
import type { CompiledRule, CompiledTieredRule } from "../policy/compile-rules.ts";
import type { Selection } from "../policy/selection.ts";

/** A rule that may decide, with where it stands. */
export interface ConcernedRule {
  readonly key: string;
  readonly rule:
    | { readonly kind: "network-policy"; readonly rule: CompiledRule; readonly namespace: string }
    | { readonly kind: "tiered"; readonly rule: CompiledTieredRule };
}

/** Every rule of the policies that concern a pod, in one direction. */
export function rulesOf(selection: Selection, direction: Direction): readonly ConcernedRule[] {
  const rules: ConcernedRule[] = [];
  for (const compiled of selection.isolating) {
    for (const [i, rule] of (compiled[direction] ?? []).entries()) {
      const { id, namespace } = compiled.policy;
      rules.push({ key: `${id} ${i}`, rule: { kind: "network-policy", rule, namespace } });
    }
  }
  for (const { compiled } of [...selection.admin, ...selection.baseline].flat(2)) {
    for (const [i, rule] of compiled[direction].entries())
      rules.push({ key: `${compiled.policy.id} ${i}`, rule: { kind: "tiered", rule } });
  }
  return rules;
}

/** Equal for pods that the same policies concern in the same way. */
export function selectionKey({ isolating, admin, baseline, faulty, foreign }: Selection): string {
  const tiered = [...admin, ...baseline]
    .flat(2)
    .map(({ compiled, selects }) => `${compiled.policy.id} ${selects.is}`);
  return [
    isolating.map(({ policy }) => policy.id),
    tiered,
    faulty.map(({ id }) => id),
    foreign.map(({ id }) => id),
  ]
    .map((ids) => ids.join(" "))
    .join("\n");
}
