/** The report as JUnit XML, which CI systems show as tests: a suite a check, a case a finding. */
import type { Check } from "#lib/diagnosis/check.ts";
import { type Finding, findingKey } from "#lib/model/finding.ts";
import { patchCommand } from "#lib/server/questions/patch-command.ts";
import { ignoredBy } from "./ignored-by.ts";
import { placeInWords } from "./places.ts";
import { fails, findingsIn, type Report } from "./report.ts";

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly className: string;
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly result:
    | { readonly kind: "passed" }
    | { readonly kind: "skipped"; readonly message: string }
    | {
        readonly kind: "failure" | "error";
        readonly type: string;
        readonly message: string;
        readonly text: string;
      };
}

/**
 * A finding at the level that fails is a failure; a milder one, or one that is ignored, is skipped, so that it can be
 * seen. A check that found nothing is one case: it passed, or was skipped since it could not tell. Input that
 * could not be read is an error.
 */
export function reportJunit(report: Report): string {
  const suites = [...report.checks.map((check) => suiteOf(check, report)), ...inputSuite(report)];
  const all = suites.flatMap(({ cases }) => cases);
  const { name, takenAt } = report;
  const timestamp = takenAt === undefined ? "" : ` timestamp="${takenAt.slice(0, 19)}"`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${quoted(`throughline check ${name}`)} ${tally(all)} time="0">`,
    ...suites.flatMap((suite) => [
      `  <testsuite name=${quoted(suite.name)} ${tally(suite.cases)} skipped="${count(suite.cases, "skipped")}" time="0"${timestamp}>`,
      ...suite.cases.map(caseXml),
      "  </testsuite>",
    ]),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function suiteOf({ code, id, summary }: Check, report: Report): Suite {
  const { problems, ignored, cannotTell } = report.results;
  const found = [...findingsIn(problems)].filter(({ finding }) => finding.code === code);
  const skipped = ignored.filter(({ finding }) => finding.code === code);
  const cases: readonly Case[] = [
    ...found.map(({ finding, root }) => findingCase(finding, root, report)),
    ...skipped.map((each): Case => {
      const message = `Ignored: ${ignoredBy(each, report.placeOf)}`;
      return { ...caseOf(each.finding, report), result: { kind: "skipped", message } };
    }),
    ...cannotTell
      .filter((each) => each.code === code)
      .map(({ missing, error }): Case => {
        const name = "what it could not judge";
        if (error !== undefined)
          return { className: id, name, result: { kind: "error", type: "bug", message: error, text: error } };
        const message = missing.map(({ kind, why }) => `${kind}: ${why}`).join("; ");
        return { className: id, name, result: { kind: "skipped", message } };
      }),
  ];
  const none: Case = { className: id, name: "nothing found", result: { kind: "passed" } };
  return { name: `${code} ${summary}`, cases: cases.length === 0 ? [none] : cases };
}

function caseOf(finding: Finding, { placeOf }: Report): Omit<Case, "result"> {
  const place = placeOf(finding.subject);
  const [, ...rest] = findingKey(finding).split(finding.code);
  return {
    className: finding.check,
    name: rest.join(finding.code).slice(1),
    file: place?.file,
    line: place?.inside === undefined ? place?.line : undefined,
  };
}

function findingCase(finding: Finding, root: Finding | undefined, report: Report): Case {
  const { severity, message } = finding;
  const about = caseOf(finding, report);
  if (!fails(severity, report))
    return { ...about, result: { kind: "skipped", message: `${severity}: ${message}` } };
  return {
    ...about,
    result: { kind: "failure", type: severity, message, text: detailsOf(finding, root, report) },
  };
}

function detailsOf(finding: Finding, root: Finding | undefined, { placeOf }: Report): string {
  const { nearMiss, fix, kubectl, subject } = finding;
  const place = placeOf(subject);
  return [
    place === undefined ? subject : `${subject} (${placeInWords(place)})`,
    ...(root === undefined ? [] : [`Follows from ${root.code} ${root.subject}: ${root.message}`]),
    ...(nearMiss === undefined ? [] : [`Nearly: ${nearMiss}`]),
    `Fix: ${fix.text}`,
    ...(fix.patch === undefined ? [] : [patchCommand(fix.patch)]),
    ...(fix.manifest === undefined ? [] : ["kubectl apply -f -", fix.manifest.trimEnd()]),
    `See: ${kubectl}`,
  ].join("\n");
}

function inputSuite({ input }: Report): readonly Suite[] {
  if (input.length === 0) return [];
  const cases = input.map(({ kind, where, line, place, subject, why }): Case => {
    const at = line === undefined ? where : `${where}:${line}`;
    const name = subject === undefined ? at : `${at} ${subject}`;
    const result: Case["result"] =
      kind === "skipped" ? { kind, message: why } : { kind: "error", type: kind, message: why, text: why };
    return { className: "input", name, file: place?.file, line: place?.line, result };
  });
  return [{ name: "What was not taken from the input", cases }];
}

function tally(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${count(cases, "failure")}" errors="${count(cases, "error")}"`;
}

function count(cases: readonly Case[], kind: Case["result"]["kind"]): number {
  return cases.filter(({ result }) => result.kind === kind).length;
}

function caseXml({ className, name, file, line, result }: Case): string {
  const place = `${file === undefined ? "" : ` file=${quoted(file)}`}${line === undefined ? "" : ` line="${line}"`}`;
  const start = `    <testcase classname=${quoted(className)} name=${quoted(name)} time="0"${place}`;
  switch (result.kind) {
    case "passed":
      return `${start}/>`;
    case "skipped":
      return `${start}><skipped message=${quoted(result.message)}/></testcase>`;
    default: {
      const { kind, type, message, text } = result;
      return `${start}><${kind} type=${quoted(type)} message=${quoted(message)}>${escaped(text)}</${kind}></testcase>`;
    }
  }
}

/** Words between tags. Characters that XML cannot hold, as a container's last words may, are replaced. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** An attribute's value, in one line: readers take an end of line there for a space anyway. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll(/\s+/g, " ").replaceAll('"', "&quot;")}"`;
}
