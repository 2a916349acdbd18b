import { quoteForShell } from "#lib/engine/fix/kubectl.ts";
import type { CannotTell, Finding, Patch } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { CannotTellView, FindingView } from "#lib/protocol/finding.ts";

/** A finding as the wire carries it: the patch has become a command to paste. */
export function findingView(finding: Finding): FindingView {
  const { text, patch, manifest } = finding.fix;
  return {
    ...finding,
    evidence: [...finding.evidence],
    touches: [...finding.touches],
    fix: { text, command: patch === undefined ? undefined : patchCommand(patch), manifest },
  };
}

export function cannotTellView({ code, check, summary, missing, error }: CannotTell): CannotTellView {
  return { code, check, summary, missing: [...missing], error };
}

/** The findings that an object's panel shows: those about it, and those that touch it. */
export function findingsAbout(findings: readonly Finding[], id: ObjectId): readonly Finding[] {
  return findings.filter((finding) => finding.subject === id || finding.touches.includes(id));
}

function patchCommand({ object, type, body }: Patch): string {
  const { kind, namespace, name } = refOf(object);
  const scope = namespace === undefined ? "" : ` -n ${quoteForShell(namespace)}`;
  return `kubectl${scope} patch ${kinds[kind].api.toLowerCase()} ${quoteForShell(name)} --type ${type} -p ${quoteForShell(body)}`;
}
