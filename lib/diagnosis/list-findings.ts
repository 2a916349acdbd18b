/** Which findings a list shows: filtered, grouped, cut to a page, and counted. */
import type { Finding, Problem, Severity } from "#lib/model/finding.ts";
import { findingKey } from "#lib/model/finding.ts";
import { parseObjectId } from "#lib/model/ids.ts";
import { byUrgency, compare } from "./by-urgency.ts";
import type { CheckResults } from "./run-checks.ts";

export interface ListQuery {
  readonly by: "cause" | "namespace" | "kind" | "code";
  /** Empty lists filter nothing. */
  readonly severities: readonly Severity[];
  /** `-` is what belongs to no namespace. */
  readonly namespaces: readonly string[];
  /** Kinds of subjects, as ids spell them. */
  readonly kinds: readonly string[];
  readonly codes: readonly string[];
  /** Words that all occur, in any case: in the sentence, the subject, the code, a host that hangs on it. */
  readonly text: string;
  /** At most so many problems, or findings where they are not grouped by cause. */
  readonly limit: number;
  /** Key of a finding that is listed even where it is beyond the limit. */
  readonly open?: string | undefined;
}

/** A finding in a list that is not by cause. */
export interface Listed {
  /** The namespace, kind or code under which it stands. */
  readonly group: string;
  readonly finding: Finding;
  /** What explains it, where something does. */
  readonly cause?: Finding | undefined;
}

export interface FacetValue {
  readonly value: string;
  /** Findings, or problems where the list is by cause, that would be listed if only this value were chosen. */
  readonly count: number;
}

export interface FindingsList {
  /** By cause: the page. */
  readonly problems: readonly Problem[];
  /** By anything else: the page, group after group. */
  readonly listed: readonly Listed[];
  /** How many there are without the limit. */
  readonly total: number;
  /** Of what the other filters leave. */
  readonly counts: Readonly<Record<Severity, number>>;
  readonly facets: {
    readonly namespaces: readonly FacetValue[];
    readonly kinds: readonly FacetValue[];
    readonly codes: readonly FacetValue[];
  };
}

/** What is listed as one: a problem with all of its findings, or one finding alone. */
interface Entry {
  readonly severity: Severity;
  readonly findings: readonly Finding[];
  readonly hosts: readonly string[];
  readonly problem: Problem;
}

type Dimension = "severity" | "namespace" | "kind" | "code";

export function listFindings({ problems }: Pick<CheckResults, "problems">, query: ListQuery): FindingsList {
  const entries: readonly Entry[] =
    query.by === "cause" ? problems.map(wholeProblem) : problems.flatMap(eachFinding);
  const words = query.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const searched = words.length === 0 ? entries : entries.filter((entry) => holds(entry, words));
  /** What all filters but one leave; a problem stays where any one of its findings passes all of them. */
  const without = (dimension: Dimension | undefined) =>
    searched.filter((entry) => passes(entry, query, dimension));
  const left = without(undefined);
  const bySeverity = without("severity");
  const count = (severity: Severity) => bySeverity.filter((entry) => entry.severity === severity).length;
  return {
    ...(query.by === "cause"
      ? { problems: page(left, query).map(({ problem }) => problem), listed: [] }
      : { problems: [], listed: listedBy(query.by, left, query) }),
    total: left.length,
    counts: { error: count("error"), warning: count("warning"), info: count("info") },
    facets: {
      namespaces: facet(without("namespace"), namespaceOf),
      kinds: facet(without("kind"), kindOf),
      codes: facet(without("code"), codeOf),
    },
  };
}

function wholeProblem(problem: Problem): Entry {
  const findings = [problem.root, ...problem.consequences.map(({ finding }) => finding)];
  return { severity: problem.severity, findings, hosts: problem.affects.hosts, problem };
}

function eachFinding(problem: Problem): readonly Entry[] {
  const { findings, hosts } = wholeProblem(problem);
  return findings.map((finding) => ({ severity: finding.severity, findings: [finding], hosts, problem }));
}

function holds({ findings, hosts }: Entry, words: readonly string[]): boolean {
  const text = [
    ...findings.flatMap(({ code, check, subject, message, nearMiss = "" }) => [
      code,
      check,
      subject,
      message,
      nearMiss,
    ]),
    ...hosts,
  ]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function passes(entry: Entry, query: ListQuery, except: Dimension | undefined): boolean {
  const { severities, namespaces, kinds, codes } = query;
  const admits = <T>(dimension: Dimension, chosen: readonly T[], value: T) =>
    except === dimension || chosen.length === 0 || chosen.includes(value);
  return (
    admits("severity", severities, entry.severity) &&
    entry.findings.some(
      (finding) =>
        admits("namespace", namespaces, namespaceOf(finding)) &&
        admits("kind", kinds, kindOf(finding)) &&
        admits("code", codes, codeOf(finding)),
    )
  );
}

/** The first of them, and the open one, which a link may name however far down it stands. */
function page(entries: readonly Entry[], { limit, open }: ListQuery): readonly Entry[] {
  const isOpen = ({ findings }: Entry) => findings.some((finding) => findingKey(finding) === open);
  return entries.filter((entry, i) => i < limit || (open !== undefined && isOpen(entry)));
}

function listedBy(by: Exclude<ListQuery["by"], "cause">, left: readonly Entry[], query: ListQuery): Listed[] {
  const groupOf = { namespace: namespaceOf, kind: kindOf, code: codeOf }[by];
  const all = left.flatMap(({ findings, problem }) =>
    findings.map((finding) => ({ finding, problem, group: groupOf(finding) })),
  );
  const sorted = all.sort((a, b) => compare(a.group, b.group) || byUrgency(a.finding, b.finding));
  return sorted
    .filter(({ finding }, i) => i < query.limit || findingKey(finding) === query.open)
    .map(({ finding, problem, group }) => ({
      group,
      finding,
      cause: finding === problem.root ? problem.ignoredCause : problem.root,
    }));
}

function facet(entries: readonly Entry[], of: (finding: Finding) => string): readonly FacetValue[] {
  const counts = new Map<string, number>();
  for (const { findings } of entries)
    for (const value of new Set(findings.map(of))) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => compare(a.value, b.value));
}

function namespaceOf({ subject }: Finding): string {
  const ref = parseObjectId(subject);
  return ref?.kind === "namespace" ? ref.name : (ref?.namespace ?? "-");
}

function kindOf({ subject }: Finding): string {
  return parseObjectId(subject)?.kind ?? "-";
}

function codeOf({ code }: Finding): string {
  return code;
}
