import type { CannotTell, Finding, Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { CannotTellView, FindingView, FixView } from "#lib/protocol/finding.ts";
import { patchCommand } from "../questions/patch-command.ts";
import { patchLines } from "../questions/patch-lines.ts";

/** A finding as the wire carries it: the patch has become a command to paste. */
export function findingView(finding: Finding): FindingView {
  return {
    ...finding,
    evidence: [...finding.evidence],
    touches: [...finding.touches],
    fix: fixView(finding.fix),
  };
}

export function cannotTellView({ code, check, summary, missing, error }: CannotTell): CannotTellView {
  return { code, check, summary, missing: [...missing], error };
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
