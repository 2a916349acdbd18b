import type { Check } from "#lib/diagnosis/check.ts";
import { type IgnoreRule, isExpired } from "#lib/diagnosis/ignoring.ts";
import { inNamespaces } from "#lib/diagnosis/in-namespaces.ts";
import { type CheckResults, type Ignoring, runChecks } from "#lib/diagnosis/run-checks.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { counted } from "#lib/engine/object-words.ts";
import type { CannotTell, Finding, Problem, Severity } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { allKinds, type Kind, kinds } from "#lib/model/kinds.ts";
import type { Problem as InputProblem, PluralKind, Snapshot } from "#lib/model/snapshot.ts";
import { kindInWords } from "#lib/server/kind-names.ts";
import type { Place, PlaceOf } from "./places.ts";

/** What is a failure: a problem as severe as this or more; `never`: nothing is. */
export type FailOn = Severity | "never";

/** All that the command has to say, whatever it is written as. */
export interface Report {
  /** The cluster, file or folder, as people know it. */
  readonly name: string;
  /** The moment that it tells of, ISO 8601; undefined for manifests. */
  readonly takenAt: string | undefined;
  /** Those that ran, by code. */
  readonly checks: readonly Check[];
  readonly results: CheckResults;
  /** What kept checks from judging everything. */
  readonly missing: readonly Missing[];
  /** Input that could not be taken. */
  readonly input: readonly (InputProblem & { readonly place: Place | undefined })[];
  /** Where an object stands in the files; undefined for one of a cluster. */
  readonly placeOf: (id: ObjectId) => Place | undefined;
  /** Rules to ignore something whose last day is over. */
  readonly expired: readonly IgnoreRule[];
  readonly failOn: FailOn;
}

export interface ReportOptions extends Ignoring {
  readonly checks: readonly Check[];
  /** Empty: every one. */
  readonly namespaces: readonly string[];
  readonly failOn: FailOn;
  readonly placeOf: PlaceOf;
}

export function makeReport(
  name: string,
  facts: Facts,
  { checks, namespaces, failOn, placeOf, rules, today }: ReportOptions,
): Report {
  const results = runChecks(facts, checks, { rules, today });
  const { snapshot, index } = facts;
  return {
    name,
    takenAt: snapshot.takenAt,
    checks,
    results: namespaces.length === 0 ? results : inNamespaces(results, facts, new Set(namespaces)),
    missing: missingIn(results.cannotTell, snapshot),
    input: snapshot.problems.map((problem) => ({
      ...problem,
      place: placeOf({ file: problem.where, line: problem.line }),
    })),
    placeOf: (id) => placeOf(index.byId.get(id)?.origin),
    expired: rules.filter((rule) => isExpired(rule, today)),
    failOn,
  };
}

const ranks: Readonly<Record<FailOn, number>> = { never: -1, error: 0, warning: 1, info: 2 };

/** Whether something this severe is a failure. */
export function fails(severity: Severity, { failOn }: Pick<Report, "failOn">): boolean {
  return ranks[severity] <= ranks[failOn];
}

export function failed(report: Report): boolean {
  return report.results.problems.some(({ severity }) => fails(severity, report));
}

/** What the same gap keeps from being told. */
export interface Missing {
  /** As the API spells them. */
  readonly kinds: readonly string[];
  readonly why: string;
  /** The codes of the checks that needed them. */
  readonly codes: readonly string[];
}

/** By what was missing: thirty checks that lack the same list of pods are one gap, and all that files do not hold is one. */
function missingIn(cannotTell: readonly CannotTell[], { unread }: Snapshot): readonly Missing[] {
  const needs = cannotTell.flatMap(({ code, missing }) =>
    missing.map(({ kind, why }) => ({
      code,
      kind: kindInWords(byPlural.get(kind) ?? "namespace"),
      why:
        unread[kind]?.reason === "not-collected" && why === unread[kind].message
          ? "The files hold none, so that there may be some."
          : why,
    })),
  );
  return [...Map.groupBy(needs, ({ why }) => why)].map(([why, each]) => ({
    kinds: [...new Set(each.map(({ kind }) => kind))].sort(),
    why,
    codes: [...new Set(each.map(({ code }) => code))].sort(),
  }));
}

const byPlural: ReadonlyMap<PluralKind, Kind> = new Map(allKinds.map((kind) => [kinds[kind].plural, kind]));

/** Problems of each severity. */
export function countsOf({ results }: Pick<Report, "results">): Readonly<Record<Severity, number>> {
  const count = (severity: Severity) =>
    results.problems.filter((problem) => problem.severity === severity).length;
  return { error: count("error"), warning: count("warning"), info: count("info") };
}

/** "2 errors, 1 warning"; "no problem" where there is none. */
export function countsInWords(report: Pick<Report, "results">): string {
  const { error, warning, info } = countsOf(report);
  const parts = [
    ...(error === 0 ? [] : [counted(error, "error")]),
    ...(warning === 0 ? [] : [counted(warning, "warning")]),
    ...(info === 0 ? [] : [`${info} worth knowing`]),
  ];
  return parts.length === 0 ? "no problem" : parts.join(", ");
}

/** Every finding that is shown, with the problem's root where it is a consequence. */
export function* findingsIn(
  problems: readonly Problem[],
): Generator<{ readonly finding: Finding; readonly root: Finding | undefined }> {
  for (const { root, consequences } of problems) {
    yield { finding: root, root: undefined };
    for (const { finding } of consequences) yield { finding, root };
  }
}
