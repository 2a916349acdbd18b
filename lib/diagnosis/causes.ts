/** Findings that follow from one another are one problem: what to repair, and what hangs on it. */
import type { Affected, Consequence, Finding, Problem, Severity } from "#lib/model/finding.ts";
import { byUrgency, ranks } from "./by-urgency.ts";

/**
 * Groups findings under what explains them (see `Finding.follows`). Every one of `findings` stands in exactly one
 * problem, whatever their order and however they refer to each other. `ignored` ones only pass on: what follows from
 * one that is ignored hangs on that one's own cause, and where it has none, starts a problem that names it.
 */
export function groupByCause(
  findings: readonly Finding[],
  ignored: readonly Finding[],
  affected: (group: readonly Finding[]) => Affected,
): readonly Problem[] {
  const shown = new Set(findings);
  const causes = chooseCauses([...findings, ...ignored].sort(byUrgency));
  const cause = (finding: Finding) => nearest(finding, causes, (each) => shown.has(each));

  const children = Map.groupBy([...findings].sort(byUrgency), cause);
  return (children.get(undefined) ?? [])
    .map((root): Problem => {
      const consequences = [...below(root, children, 1)];
      return problemOf(root, consequences, causes.get(root), affected);
    })
    .sort((a, b) => ranks[a.severity] - ranks[b.severity] || byUrgency(a.root, b.root));
}

/**
 * A problem cut down to the findings that are `wanted`, with the causes of those: they stand above them whatever they
 * are about. Undefined where none is wanted.
 */
export function narrowed(
  { root, consequences, ignoredCause }: Problem,
  wanted: (finding: Finding) => boolean,
  affected: (group: readonly Finding[]) => Affected,
): Problem | undefined {
  // From the last to the first: what stands above something that is kept is kept too.
  let above = 0;
  const kept = consequences.toReversed().filter(({ finding, depth }) => {
    const keeps = depth === above || wanted(finding);
    if (keeps) above = depth - 1;
    return keeps;
  });
  return kept.length === 0 && !wanted(root)
    ? undefined
    : problemOf(root, kept.reverse(), ignoredCause, affected);
}

function problemOf(
  root: Finding,
  consequences: readonly Consequence[],
  ignoredCause: Finding | undefined,
  affected: (group: readonly Finding[]) => Affected,
): Problem {
  const group = [root, ...consequences.map(({ finding }) => finding)];
  return { root, consequences, severity: mostSevere(group), affects: affected(group), ignoredCause };
}

/**
 * The one cause of each finding that has any: the most severe, then the one that explains the fewest (a failing probe
 * says more about a Service than its node does), then the first by `byUrgency`. Two that explain each other do not both
 * hang on the other: the more urgent one is the cause.
 */
function chooseCauses(sorted: readonly Finding[]): ReadonlyMap<Finding, Finding> {
  const places = Map.groupBy(sorted, (finding) => placeOf(finding.subject, finding.check));
  const explained = new Map<Finding, number>();
  const candidates = new Map<Finding, readonly Finding[]>();
  for (const finding of sorted) {
    const found = new Set(
      finding.follows.flatMap(({ object, checks }) =>
        checks.flatMap((check) => places.get(placeOf(object, check)) ?? []),
      ),
    );
    found.delete(finding);
    candidates.set(finding, [...found]);
    for (const each of found) explained.set(each, (explained.get(each) ?? 0) + 1);
  }

  const causes = new Map<Finding, Finding>();
  // The least urgent chooses first, so that of two that explain each other it is the one that hangs.
  for (const finding of sorted.toReversed()) {
    const chosen = candidates
      .get(finding)
      ?.toSorted(
        (a, b) =>
          ranks[a.severity] - ranks[b.severity] ||
          (explained.get(a) ?? 0) - (explained.get(b) ?? 0) ||
          byUrgency(a, b),
      )
      .find((candidate) => !hangsOn(candidate, finding, causes));
    if (chosen !== undefined) causes.set(finding, chosen);
  }
  return causes;
}

function placeOf(object: string, check: string): string {
  return `${check} ${object}`;
}

function hangsOn(finding: Finding, on: Finding, causes: ReadonlyMap<Finding, Finding>): boolean {
  return finding === on || nearest(finding, causes, (each) => each === on) !== undefined;
}

/** The nearest of a finding's causes, its cause's cause and so on, that is `wanted`. */
function nearest(
  finding: Finding,
  causes: ReadonlyMap<Finding, Finding>,
  wanted: (finding: Finding) => boolean,
): Finding | undefined {
  let each = causes.get(finding);
  while (each !== undefined && !wanted(each)) each = causes.get(each);
  return each;
}

function* below(
  finding: Finding,
  children: ReadonlyMap<Finding | undefined, readonly Finding[]>,
  depth: number,
): Generator<Consequence> {
  for (const child of children.get(finding) ?? []) {
    yield { finding: child, depth };
    yield* below(child, children, depth + 1);
  }
}

function mostSevere(group: readonly Finding[]): Severity {
  return group.reduce<Severity>(
    (most, { severity }) => (ranks[severity] < ranks[most] ? severity : most),
    "info",
  );
}
