import type { Facts } from "#lib/engine/facts.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import type { CannotTell, Finding, Severity } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { known, type PluralKind, type Snapshot } from "#lib/model/snapshot.ts";
import type { Check, Found, Unjudged } from "./check.ts";
import { checks } from "./registry.ts";

export interface CheckResults {
  /** By severity, then code, then subject, then part. */
  readonly findings: readonly Finding[];
  /** Findings that their subject's `throughline.dev/ignore` annotation asks to leave out; never dropped in silence. */
  readonly ignored: readonly Finding[];
  /** By code. A check can have findings and stand here too: it judged what it could. */
  readonly cannotTell: readonly CannotTell[];
}

/**
 * Runs checks over the facts. A check that throws is a bug, but an operator at night is better served by the other
 * checks' answers than by none: it is reported under `cannotTell` with its error, and all that it found is left out.
 */
export function runChecks(facts: Facts, list: readonly Check[] = checks): CheckResults {
  const results = list.map((check) => runCheck(check, facts));
  const findings = withConsequences(
    results.flatMap((result) => result.findings),
    facts,
  ).sort(byUrgency);
  return {
    findings: findings.filter((finding) => !isIgnored(finding, facts)),
    ignored: findings.filter((finding) => isIgnored(finding, facts)),
    cannotTell: results.flatMap((result) => result.cannotTell ?? []).sort((a, b) => compare(a.code, b.code)),
  };
}

/**
 * A Service's trouble shows on the Ingresses and routes that lead to it as well: one wrong label and the 503 that
 * users see are one problem, not two.
 */
function withConsequences(findings: readonly Finding[], facts: Facts): Finding[] {
  const leadingTo = new Map<ObjectId, ObjectId[]>();
  const entries = [
    ...[...facts.ingresses].map(([id, { backends }]) => ({ id, backends })),
    ...[...facts.routes].map(([id, { backends }]) => ({ id, backends })),
  ];
  for (const { id, backends } of entries) {
    for (const { service, weight } of backends) {
      if (service === undefined || weight === 0) continue;
      leadingTo.set(service, [...(leadingTo.get(service) ?? []), id]);
    }
  }
  return findings.map((finding) => {
    const entering = leadingTo.get(finding.subject);
    return entering === undefined
      ? finding
      : { ...finding, touches: [...new Set([...finding.touches, ...entering])] };
  });
}

/** Runs one check. Its findings come as it found them; `runChecks` sorts. */
export function runCheck(
  check: Check,
  facts: Facts,
): { readonly findings: readonly Finding[]; readonly cannotTell: CannotTell | undefined } {
  const { snapshot } = facts;
  const unread = (kinds: readonly PluralKind[]) =>
    kinds
      .filter((kind) => !readInFull(snapshot, kind))
      .map((kind) => ({ kind, why: whyUnread(snapshot, kind) }));
  const needed = unread(check.inputs.filter((kind) => known(snapshot, kind) === undefined));
  if (needed.length > 0) return { findings: [], cannotTell: cannotTell(check, needed) };

  let outcomes: readonly (Found | Unjudged)[];
  try {
    outcomes = [...check.find(facts)];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { findings: [], cannotTell: { ...cannotTell(check, []), error: message } };
  }
  const missing = [
    // Inputs that were read in part: there may be more to find.
    ...unread([...check.inputs, ...check.each]),
    ...outcomes.flatMap((outcome) => {
      if (!("unjudged" in outcome)) return [];
      const { unjudged, why } = outcome;
      return why === undefined ? unread(unjudged) : unjudged.map((kind) => ({ kind, why }));
    }),
  ];
  return {
    findings: outcomes.flatMap((outcome) => ("unjudged" in outcome ? [] : complete(check, outcome))),
    cannotTell: missing.length > 0 ? cannotTell(check, missing) : undefined,
  };
}

function cannotTell({ code, id, summary }: Check, missing: CannotTell["missing"]): CannotTell {
  const unique = new Map(missing.map((each) => [`${each.kind} ${each.why}`, each]));
  return {
    code,
    check: id,
    summary,
    missing: [...unique].sort(([a], [b]) => compare(a, b)).map(([, each]) => each),
  };
}

function complete(check: Check, found: Found): Finding {
  return {
    code: check.code,
    check: check.id,
    ...found,
    message: withoutStop(found.message),
    nearMiss: found.nearMiss === undefined ? undefined : withoutStop(found.nearMiss),
    severity: found.severity ?? check.severity,
    touches: [...new Set(found.touches ?? [])].filter((id) => id !== found.subject),
    follows: found.follows ?? [],
  };
}

/** Sentences end without a full stop, but what a controller or an event said may be at their end. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function whyUnread(snapshot: Snapshot, kind: PluralKind): string {
  return snapshot.unread[kind]?.message ?? "It was not read.";
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function byUrgency(a: Finding, b: Finding): number {
  return (
    ranks[a.severity] - ranks[b.severity] ||
    compare(a.code, b.code) ||
    compare(a.subject, b.subject) ||
    compare(a.part ?? "", b.part ?? "") ||
    compare(a.message, b.message)
  );
}

/** By code units: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `throughline.dev/ignore: NET-105, service/some-endpoints-not-ready` on the object that a finding is about. */
function isIgnored(finding: Finding, facts: Facts): boolean {
  const asked = facts.index.byId.get(finding.subject)?.annotations["throughline.dev/ignore"] ?? "";
  return asked.split(/[\s,]+/).some((word) => word === finding.code || word === finding.check);
}
