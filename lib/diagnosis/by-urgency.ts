/** The one order of findings: what to look at first, and the same on every machine. */
import type { Finding, Severity } from "#lib/model/finding.ts";

/** The smaller the more severe. */
export const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** By severity, then code, then subject, then part. */
export function byUrgency(a: Finding, b: Finding): number {
  return (
    ranks[a.severity] - ranks[b.severity] ||
    compare(a.code, b.code) ||
    compare(a.subject, b.subject) ||
    compare(a.part ?? "", b.part ?? "") ||
    compare(a.message, b.message)
  );
}

/** By code units, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
