import type { Problem } from "#lib/model/snapshot.ts";

/** By where it is, and then by what it is about: the same whatever order things were read in. */
export function byPlace(a: Problem, b: Problem): number {
  return (
    compare(a.where, b.where) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compare(a.subject ?? "", b.subject ?? "") ||
    compare(a.why, b.why)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
