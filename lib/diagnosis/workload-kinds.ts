import { type PluralKind, workloadPlurals } from "#lib/model/snapshot.ts";

export function isWorkloads(plural: PluralKind): boolean {
  return workloadPlurals.some((known) => known === plural);
}
