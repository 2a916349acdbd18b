import type { Doubt } from "#lib/model/verdict.ts";

/**
 * Whether a clause matches: in three values, since what is not given or not defined must not pass for a no. `maybe`
 * says why.
 */
export type Match =
  | { readonly is: "yes" }
  | { readonly is: "no" }
  | { readonly is: "maybe"; readonly doubts: readonly Doubt[] };

export const yes: Match = { is: "yes" };
export const no: Match = { is: "no" };

export function maybe(...doubts: readonly Doubt[]): Match {
  return { is: "maybe", doubts };
}

export function matchIf(condition: boolean): Match {
  return condition ? yes : no;
}

export function both(a: Match, b: Match): Match {
  if (a.is === "no" || b.is === "no") return no;
  if (a.is === "yes") return b;
  return b.is === "yes" ? a : maybe(...a.doubts, ...b.doubts);
}
