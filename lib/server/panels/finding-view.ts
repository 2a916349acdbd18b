import { kubectl } from "#lib/engine/fix/kubectl.ts";
import {
  type CannotTell,
  type Finding,
  type Fix,
  findingKey,
  type Ignored,
  type Problem,
} from "#lib/model/finding.ts";
import { type ObjectId, parseObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type {
  CannotTellView,
  FindingView,
  FixView,
  IgnoredView,
  ProblemGroupView,
} from "#lib/protocol/finding.ts";
import { patchCommand } from "../questions/patch-command.ts";
import { patchLines } from "../questions/patch-lines.ts";

/** A finding as the wire carries it: the patch has become a command to paste. */
export function findingView(finding: Finding): FindingView {
  const { follows: _, ...rest } = finding;
  return {
    key: findingKey(finding),
    ...rest,
    evidence: [...finding.evidence],
    touches: [...finding.touches],
    ignore: ignoreCommand(finding),
    fix: fixView(finding.fix),
  };
}

function ignoreCommand({ code, subject }: Finding): string {
  const ref = parseObjectId(subject);
  if (ref === undefined) return "";
  const { kind, namespace, name } = ref;
  return kubectl(namespace, "annotate", kinds[kind].resource, name, `throughline.dev/ignore=${code}`);
}

export function cannotTellView({ code, check, summary, missing, error }: CannotTell): CannotTellView {
  return { code, check, summary, missing: [...missing], error };
}

/** Problems as the wire carries them: findings by their place in the list of all of them. */
export function problemGroupViews(
  problems: readonly Problem[],
  findings: readonly Finding[],
): ProblemGroupView[] {
  const places = new Map(findings.map((finding, index) => [finding, index]));
  const placeOf = (finding: Finding) => {
    const place = places.get(finding);
    if (place === undefined)
      throw new Error(`a problem holds ${finding.code}, which is not among the findings`);
    return place;
  };
  return problems.map(({ root, consequences, severity, affects, ignoredCause }) => ({
    root: placeOf(root),
    consequences: consequences.map(({ finding, depth }) => ({ finding: placeOf(finding), depth })),
    severity,
    affects: {
      services: [...affects.services],
      entries: [...affects.entries],
      hosts: [...affects.hosts],
    },
    ignoredCause: ignoredCause === undefined ? undefined : findingView(ignoredCause),
  }));
}

export function ignoredView({ finding, by, reason }: Ignored): IgnoredView {
  return { finding: findingView(finding), by, reason };
}

/** The findings that an object's panel shows: those about it, and those that touch it. */
export function findingsAbout(findings: readonly Finding[], id: ObjectId): readonly Finding[] {
  return findings.filter((finding) => finding.subject === id || finding.touches.includes(id));
}

/** A fix as the wire carries it: the patch has become a command to paste as well. */
export function fixView({ text, patch, manifest }: Fix): FixView {
  if (patch === undefined) return { text, manifest };
  return {
    text,
    command: patchCommand(patch),
    patch: { ...patch, lines: [...patchLines(patch)] },
    manifest,
  };
}
