/** Promises that every check keeps, tried on its own fixture. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import type { Facts } from "#lib/engine/facts.ts";
import { type Finding, findingKey } from "#lib/model/finding.ts";
import { parseObjectId } from "#lib/model/ids.ts";
import type { PluralKind, Snapshot } from "#lib/model/snapshot.ts";
import { documentsOf, patched, yamlOf } from "#lib/testing/check-fixture.ts";
import { factsFromYaml, snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { checks } from "./registry.ts";
import { runChecks } from "./run-checks.ts";

const forbidden = { reason: "forbidden", message: "not allowed" } as const;
const now = "2026-01-01T00:00:00Z";

describe.each(checks)("$id", (check) => {
  const yaml = readFileSync(new URL(`./checks/${check.id}.yaml`, import.meta.url), "utf8");
  const run = (facts: Facts) => runChecks(facts, [check]);
  const complete = run(factsFromYaml(yaml));

  it("finds something in its fixture, and can tell", () => {
    expect(complete.findings.length).toBeGreaterThan(0);
    expect(complete.cannotTell).toEqual([]);
  });

  it("stays silent on an empty cluster", () => {
    expect(run(factsFromYaml("")).findings).toEqual([]);
    expect(run(factsFromYaml("")).cannotTell).toEqual([]);
  });

  it.each(check.inputs)("cannot tell when %s were not read", (kind) => {
    const { findings, cannotTell } = run(factsWithout(yaml, kind));
    expect(findings).toEqual([]);
    expect(cannotTell.map((each) => each.missing)).toEqual([[{ kind, why: "not allowed" }]]);
  });

  it.each([...check.each, ...check.ifRead])(
    "claims nothing new when %s were not read, and says what it lost",
    (kind) => {
      const { findings, cannotTell } = run(factsWithout(yaml, kind));
      const kept = new Set(findings.map(keyOf));
      const lost = complete.findings.map(keyOf).filter((key) => !kept.has(key));
      expect(complete.findings.map(keyOf)).toEqual(expect.arrayContaining([...kept]));
      const admitted = cannotTell.flatMap((each) => each.missing.map((missing) => missing.kind));
      if (lost.length > 0 || check.each.includes(kind)) expect(admitted).toContain(kind);
    },
  );

  it("cannot tell anything when nothing was read", () => {
    const all = [...check.inputs, ...check.each];
    const { findings, cannotTell } = run(factsWithout(yaml, ...all));
    expect(findings).toEqual([]);
    expect(cannotTell).toHaveLength(1);
  });

  it.each([...check.inputs, ...check.each, ...check.ifRead])(
    "claims nothing new when only some %s were read, and perhaps others not at all",
    (kind) => {
      const snapshot = snapshotFromYaml(yaml);
      const known = new Set(complete.findings.map(keyOf));
      const optional = [...check.each, ...check.ifRead].filter((other) => other !== kind);
      fc.assert(
        fc.property(
          fc.shuffledSubarray([...(snapshot.objects[kind] ?? [])]),
          fc.subarray(optional),
          (some, none) => {
            const rest = all(snapshot, none, "forbidden");
            const part = {
              ...rest,
              objects: { ...rest.objects, [kind]: some },
              unread: { ...rest.unread, [kind]: forbidden },
            };
            for (const finding of run(compileFacts(part, now)).findings)
              expect(known).toContain(keyOf(finding));
          },
        ),
        { numRuns: 50 },
      );
    },
  );

  it("takes a kind that is not served for empty, not for unknown", () => {
    const notServed = all(
      snapshotFromYaml(yaml),
      [...check.inputs, ...check.each, ...check.ifRead],
      "not-served",
    );
    expect(run(compileFacts(notServed, now)).cannotTell).toEqual([]);
  });

  it("finds the same in whatever order the objects come", () => {
    const documents = documentsOf(yaml);
    fc.assert(
      fc.property(fc.shuffledSubarray([...documents], { minLength: documents.length }), (shuffled) => {
        expect(run(factsFromYaml(yamlOf(shuffled))).findings).toEqual(complete.findings);
      }),
      { numRuns: 10 },
    );
  });

  it("finds no two of one key, by which links and baselines know them", () => {
    const keys = complete.findings.map(findingKey);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it("follows only from findings of other checks, which there are", () => {
    for (const { object, checks: ids } of complete.findings.flatMap(({ follows }) => follows)) {
      expect(parseObjectId(object)).toBeDefined();
      expect(ids.length).toBeGreaterThan(0);
      expect(ids).not.toContain(check.id);
      expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
    }
  });

  it("says what is wrong in one plain line, with evidence and a kubectl line", () => {
    for (const finding of complete.findings) {
      for (const sentence of [finding.message, finding.fix.text, finding.nearMiss ?? "none"]) {
        expect(sentence).toMatch(/^\S.*[^.\s]$/);
      }
      expect(finding.kubectl).toMatch(/^kubectl /);
      expect(finding.evidence.length).toBeGreaterThan(0);
      for (const id of [
        finding.subject,
        ...finding.touches,
        ...finding.evidence.map((each) => each.object),
      ]) {
        expect(parseObjectId(id)).toBeDefined();
      }
    }
  });

  const withPatch = complete.findings.filter((finding) => finding.fix.patch !== undefined);
  it.each(withPatch.map((finding) => [finding.subject, finding] as const))(
    "no longer finds %s once its patch is applied",
    (_, finding) => {
      if (finding.fix.patch === undefined) throw new Error("filtered above");
      const after = run(factsFromYaml(patched(yaml, finding.fix.patch)));
      const left = complete.findings.map(keyOf).filter((key) => key !== keyOf(finding));
      // One label may mend several findings at once; it must never make a new one.
      expect(left).toEqual(expect.arrayContaining(after.findings.map(keyOf)));
    },
  );

  const withManifest = complete.findings.filter((finding) => finding.fix.manifest !== undefined);
  it.each(withManifest.map((finding) => [finding.subject, finding] as const))(
    "no longer finds %s once its manifest is applied",
    (_, finding) => {
      const after = run(factsFromYaml(`${yaml}\n---\n${finding.fix.manifest}`));
      expect(after.findings.map(keyOf)).toEqual(
        complete.findings.map(keyOf).filter((key) => key !== keyOf(finding)),
      );
    },
  );
});

function keyOf({ code, subject, part }: Finding): string {
  return `${code} ${subject} ${part ?? ""}`;
}

function factsWithout(yaml: string, ...unread: readonly PluralKind[]): Facts {
  return compileFacts(all(snapshotFromYaml(yaml), unread, "forbidden"), now);
}

function all(snapshot: Snapshot, kinds: readonly PluralKind[], reason: "forbidden" | "not-served"): Snapshot {
  return {
    ...snapshot,
    objects: { ...snapshot.objects, ...Object.fromEntries(kinds.map((kind) => [kind, undefined])) },
    unread: {
      ...snapshot.unread,
      ...Object.fromEntries(kinds.map((kind) => [kind, { reason, message: "not allowed" }])),
    },
  };
}
