import type { Facts } from "#lib/engine/facts.ts";
import { inOneGo } from "#lib/engine/in-one-go.ts";
import { readInFull } from "#lib/engine/read-in-full.ts";
import type { CannotTell, Finding, Follows, Ignored, Problem } from "#lib/model/finding.ts";
import { isKnown, type PluralKind, type Snapshot } from "#lib/model/snapshot.ts";
import { byUrgency, compare } from "./by-urgency.ts";
import { groupByCause } from "./causes.ts";
import type { Check, Found, Unjudged } from "./check.ts";
import { hangingOn } from "./hanging-on.ts";
import { type IgnoreRule, ignoring } from "./ignoring.ts";
import { checks } from "./registry.ts";

export interface CheckResults {
  /** By severity, then code, then subject, then part. */
  readonly findings: readonly Finding[];
  /** The same, grouped by cause: each finding stands in exactly one. */
  readonly problems: readonly Problem[];
  /** Findings that someone asks to leave out, with who says so and why; never dropped in silence. */
  readonly ignored: readonly Ignored[];
  /** By code. A check can have findings and stand here too: it judged what it could. */
  readonly cannotTell: readonly CannotTell[];
}

/** What is to be left out besides what annotations ask for. */
export interface Ignoring {
  readonly rules: readonly IgnoreRule[];
  /** The day on which the results are read, by which rules expire: `2026-11-25`. */
  readonly today: string;
}

const nothingIgnored: Ignoring = { rules: [], today: "" };

/**
 * Runs checks over the facts. A check that throws is a bug, but an operator at night is better served by the other
 * checks' answers than by none: it is reported under `cannotTell` with its error, and all that it found is left out.
 */
export function runChecks(
  facts: Facts,
  list: readonly Check[] = checks,
  leaveOut: Ignoring = nothingIgnored,
): CheckResults {
  return inOneGo(runChecksInSteps(facts, list, leaveOut));
}

/** The same, with pauses in which others may run. */
export function* runChecksInSteps(
  facts: Facts,
  list: readonly Check[] = checks,
  { rules, today }: Ignoring = nothingIgnored,
): Generator<undefined, CheckResults> {
  const results: ReturnType<typeof runCheck>[] = [];
  for (const check of list) {
    results.push(yield* runCheckInSteps(check, facts));
    yield;
  }
  const hanging = hangingOn(facts);
  yield;
  const all = results.flatMap((result) => result.findings).map(hanging.shown);
  yield;
  all.sort(byUrgency);
  yield;
  const ignores = ignoring(facts, rules, today);
  const ignored = all.flatMap((finding) => ignores(finding) ?? []);
  yield;
  const leftOut = new Set(ignored.map(({ finding }) => finding));
  const findings = all.filter((finding) => !leftOut.has(finding));
  return {
    findings,
    problems: groupByCause(findings, [...leftOut], hanging.affected),
    ignored,
    cannotTell: results.flatMap((result) => result.cannotTell ?? []).sort((a, b) => compare(a.code, b.code)),
  };
}

interface CheckResult {
  readonly findings: readonly Finding[];
  readonly cannotTell: CannotTell | undefined;
}

/** Runs one check. Its findings come as it found them; `runChecks` sorts. */
export function runCheck(check: Check, facts: Facts): CheckResult {
  return inOneGo(runCheckInSteps(check, facts));
}

function* runCheckInSteps(check: Check, facts: Facts): Generator<undefined, CheckResult> {
  const { snapshot } = facts;
  const unread = (kinds: readonly PluralKind[]) =>
    kinds
      .filter((kind) => !readInFull(snapshot, kind))
      .map((kind) => ({ kind, why: whyUnread(snapshot, kind) }));
  const needed = unread(check.inputs.filter((kind) => !isKnown(snapshot, kind)));
  if (needed.length > 0) return { findings: [], cannotTell: cannotTell(check, needed) };

  const outcomes: (Found | Unjudged)[] = [];
  try {
    for (const outcome of check.find(facts)) {
      if (outcome !== undefined) outcomes.push(outcome);
      yield;
    }
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
    follows: merged(found.follows ?? []),
  };
}

/** Each object once, sorted: the order in which a check came upon them says nothing. */
function merged(follows: readonly Follows[]): readonly Follows[] {
  return [...Map.groupBy(follows, ({ object }) => object)]
    .sort(([a], [b]) => compare(a, b))
    .map(([object, each]) => ({
      object,
      checks: [...new Set(each.flatMap(({ checks: ids }) => ids))].sort(compare),
    }));
}

/** Sentences end without a full stop, but what a controller or an event said may be at their end. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function whyUnread(snapshot: Snapshot, kind: PluralKind): string {
  return snapshot.unread[kind]?.message ?? "It was not read.";
}
