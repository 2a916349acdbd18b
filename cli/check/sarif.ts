/** The report as SARIF 2.1.0, which code hosts show beside the lines that it is about. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Location, Log, Notification, ReportingDescriptor, Result } from "sarif";
import type { Check } from "#lib/diagnosis/check.ts";
import { type Finding, findingKey, type Ignored, type Severity } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { version } from "../version.ts";
import { expiredRule, ignoredBy } from "./ignored-by.ts";
import { firstParagraph, pageOf } from "./pages.ts";
import type { Place } from "./places.ts";
import { failed, findingsIn, type Report } from "./report.ts";

const levels = { error: "error", warning: "warning", info: "note" } as const satisfies Record<
  Severity,
  Result["level"]
>;

export function reportSarif(report: Report): string {
  const { checks, results } = report;
  const indexes = new Map(checks.map(({ code }, index) => [code, index]));
  const resultOf = (finding: Finding, root: Finding | undefined): Result => ({
    ruleId: finding.code,
    ruleIndex: indexes.get(finding.code) ?? -1,
    level: levels[finding.severity],
    message: { text: messageOf(finding) },
    locations: [locationOf(finding.subject, report)],
    ...(root === undefined ? {} : { relatedLocations: [causeOf(root, report)] }),
    partialFingerprints: { "throughlineFinding/v1": findingKey(finding) },
    properties: {
      object: finding.subject,
      kubectl: finding.kubectl,
      ...(finding.part === undefined ? {} : { part: finding.part }),
      ...(root === undefined ? {} : { followsFrom: findingKey(root) }),
    },
  });
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Throughline", version, rules: checks.map(ruleOf) } },
        invocations: [
          {
            executionSuccessful: true,
            exitCode: failed(report) ? 1 : 0,
            toolExecutionNotifications: notifications(report),
          },
        ],
        results: [
          ...[...findingsIn(results.problems)].map(({ finding, root }) => resultOf(finding, root)),
          ...results.ignored.map((ignored) => ({
            ...resultOf(ignored.finding, undefined),
            suppressions: [suppressionOf(ignored, report)],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(check: Check): ReportingDescriptor {
  const { code, id, severity, summary } = check;
  const page = pageOf(check);
  const meaning = page === undefined ? undefined : firstParagraph(page, "What it means");
  return {
    id: code,
    name: nameOf(id),
    shortDescription: { text: `${summary}.` },
    ...(meaning === undefined ? {} : { fullDescription: { text: meaning } }),
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ["kubernetes", "network", id.split("/")[0] ?? id] },
  };
}

/** `service/selector-matches-nothing` as `ServiceSelectorMatchesNothing`, which is what rules are called there. */
function nameOf(id: string): string {
  return id
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function messageOf({ message, nearMiss, fix }: Finding): string {
  return [message, nearMiss, `Fix: ${fix.text}`]
    .flatMap((sentence) => sentence ?? [])
    .join(". ")
    .concat(".");
}

function locationOf(id: ObjectId, { placeOf }: Report): Location {
  const place = placeOf(id);
  return {
    ...(place === undefined ? {} : { physicalLocation: physicalLocation(place) }),
    logicalLocations: [{ fullyQualifiedName: id, kind: "resource" }],
  };
}

function causeOf(root: Finding, report: Report): Location {
  return {
    ...locationOf(root.subject, report),
    message: { text: `Follows from ${root.code}: ${root.message}.` },
  };
}

/** Of a file within an archive there is no line that anyone could open. */
function physicalLocation({ file, line, inside }: Place): NonNullable<Location["physicalLocation"]> {
  const uri = path.isAbsolute(file)
    ? pathToFileURL(file).href
    : encodeURI(file).replaceAll(/[?#]/g, encodeURIComponent);
  return {
    artifactLocation: { uri },
    ...(line === undefined || inside !== undefined ? {} : { region: { startLine: line } }),
  };
}

function suppressionOf(ignored: Ignored, { placeOf }: Report): NonNullable<Result["suppressions"]>[number] {
  return {
    kind: ignored.by.kind === "annotation" ? "inSource" : "external",
    justification: ignoredBy(ignored, placeOf),
  };
}

/** What was not judged, or not in full: a file without results is not the same as a file without faults. */
function notifications({ input, missing, results, expired }: Report): Notification[] {
  const broken = results.cannotTell.flatMap(({ code, error }) =>
    error === undefined ? [] : [{ code, error }],
  );
  return [
    ...input.map(
      ({ where, place, subject, why }): Notification => ({
        level: "warning",
        message: { text: [subject ?? where, why].join(": ") },
        ...(place === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(place) }] }),
      }),
    ),
    ...missing.map(
      ({ kinds, why, codes }): Notification => ({
        level: "warning",
        message: { text: `Not judged in full (${codes.join(", ")}): ${kinds.join(", ")}: ${why}` },
      }),
    ),
    ...expired.map(
      (rule): Notification => ({
        level: "note",
        message: { text: `No longer ignored: ${expiredRule(rule)}.` },
      }),
    ),
    ...broken.map(
      ({ code, error }): Notification => ({
        level: "error",
        message: { text: `${code} failed, which is a bug in it: ${error}` },
        associatedRule: { id: code },
      }),
    ),
  ];
}
