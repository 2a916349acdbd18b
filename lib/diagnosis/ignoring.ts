/** Who asks to leave a finding out: annotations in the cluster, and rules in a configuration file. */
import type { Facts } from "#lib/engine/facts.ts";
import type { Finding, Ignored } from "#lib/model/finding.ts";
import { type ObjectId, objectId, refOf } from "#lib/model/ids.ts";

/** A rule of a configuration file. A finding is ignored where all that the rule names fits; an empty list is any. */
export interface IgnoreRule {
  /** Codes or ids of checks, with `*` for any characters: `NET-105`, `policy/*`. */
  readonly checks: readonly string[];
  /** Ids of objects, with `*`: `service/shop/legacy-*`. A workload is meant with its pods. */
  readonly objects: readonly string[];
  /** Names of namespaces, with `*`. */
  readonly namespaces: readonly string[];
  readonly reason: string;
  /** The last day on which it holds, `2026-12-31`. */
  readonly until: string | undefined;
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

const annotation = "throughline.dev/ignore";
const reasonAnnotation = "throughline.dev/ignore-reason";

/**
 * Says of a finding who ignores it, and why; undefined where nobody does. What stands nearest to it counts: its object's
 * annotation, its workload's, its namespace's, then the rules in their order. `today` is a day, `2026-11-25`.
 */
export function ignoring(
  facts: Facts,
  rules: readonly IgnoreRule[],
  today: string,
): (finding: Finding) => Ignored | undefined {
  const inForce = rules.filter((rule) => !isExpired(rule, today)).map(compiled);
  return (finding) => {
    const places = placesOf(finding.subject, facts);
    for (const object of places) {
      const annotations = facts.index.byId.get(object)?.annotations;
      const words = annotations?.[annotation]?.split(/[\s,]+/).filter((word) => word !== "") ?? [];
      if (!words.some((word) => namesCheck(word, finding))) continue;
      const reason = annotations?.[reasonAnnotation]?.trim();
      return { finding, by: { kind: "annotation", object }, reason: reason === "" ? undefined : reason };
    }
    const found = inForce.find(({ fits }) => fits(finding, places));
    if (found === undefined) return undefined;
    const { file, line, until, reason } = found.rule;
    return { finding, by: { kind: "file", file, line, until }, reason };
  };
}

/** Whether its last day is over. */
export function isExpired({ until }: Pick<IgnoreRule, "until">, today: string): boolean {
  return until !== undefined && today > until;
}

/** `*` stands for any characters, of an id also across its parts. */
export function fitsPattern(pattern: string, text: string): boolean {
  return patternOf(pattern).test(text);
}

function compiled(rule: IgnoreRule) {
  const [checks, objects, namespaces] = [rule.checks, rule.objects, rule.namespaces].map((list) =>
    list.map(patternOf),
  );
  const any = (patterns: readonly RegExp[] | undefined, words: readonly string[]) =>
    patterns === undefined ||
    patterns.length === 0 ||
    words.some((word) => patterns.some((pattern) => pattern.test(word)));
  return {
    rule,
    fits: ({ code, check, subject }: Finding, places: readonly ObjectId[]) =>
      any(checks, [code, check]) && any(objects, places) && any(namespaces, namespaceOf(subject)),
  };
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "u");
}

function namesCheck(word: string, { code, check }: Finding): boolean {
  return fitsPattern(word, code) || fitsPattern(word, check);
}

/** The object itself, what owns it, and its namespace: whoever may speak for it. */
function placesOf(subject: ObjectId, { index }: Facts): readonly ObjectId[] {
  const owner = index.ownerOf.get(subject);
  const namespaces = namespaceOf(subject).map((name) => objectId("namespace", undefined, name));
  return [...new Set([subject, ...(owner === undefined ? [] : [owner]), ...namespaces])];
}

function namespaceOf(subject: ObjectId): readonly string[] {
  const { kind, namespace, name } = refOf(subject);
  if (kind === "namespace") return [name];
  return namespace === undefined ? [] : [namespace];
}
