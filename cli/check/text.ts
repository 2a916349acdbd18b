import { listedUpTo } from "#lib/engine/object-words.ts";
import type { Finding, Ignored, Problem } from "#lib/model/finding.ts";
import { fixLines, type Look, labelled, marked } from "../marked-lines.ts";
import { shownInLine } from "../shown.ts";
import { affectsInWords } from "./affects.ts";
import { expiredRule, ignoredBy } from "./ignored-by.ts";
import { placeInWords } from "./places.ts";
import { countsInWords, failed, type Report } from "./report.ts";

/** The report for a terminal: what to repair, what follows from it, and what could not be judged. */
export function reportLines(report: Report, look: Look): readonly string[] {
  const { problems, ignored } = report.results;
  return [
    ...problems.flatMap((problem) => [...problemLines(problem, report, look), ""]),
    ...section("Could not be judged in full", untoldLines(report, look), look),
    ...section("Not taken from the input", inputLines(report, look), look),
    ...section(
      "Ignored",
      ignored.flatMap((each) => ignoredLine(each, report, look)),
      look,
    ),
    ...section(
      "No longer ignored",
      report.expired.map((rule) => marked("  ", "warning", expiredRule(rule), look)),
      look,
    ),
    summaryLine(report, look),
  ];
}

function section(title: string, lines: readonly string[], { paint }: Look): readonly string[] {
  return lines.length === 0 ? [] : [paint("strong", title), ...lines, ""];
}

function problemLines(problem: Problem, report: Report, look: Look): readonly string[] {
  const indent = "    ";
  const { root, consequences, ignoredCause } = problem;
  const hanging = affectsInWords(problem);
  return [
    headLine("", root, look),
    whereLine(indent, root, report, look),
    ...(root.nearMiss === undefined ? [] : [labelled(indent, "nearly", root.nearMiss, look)]),
    ...fixLines(root.fix, indent, look),
    look.paint("faint", `${indent}see: ${shownInLine(root.kubectl)}`),
    ...(hanging === undefined ? [] : [labelled(indent, "affects", hanging, look)]),
    ...(ignoredCause === undefined
      ? []
      : [
          labelled(
            indent,
            "follows from",
            `${ignoredCause.code} ${ignoredCause.subject}, which is ignored`,
            look,
          ),
        ]),
    ...consequences.flatMap(({ finding, depth }) => {
      const deeper = indent.repeat(depth);
      return [headLine(`${deeper}→ `, finding, look), whereLine(`${deeper}    `, finding, report, look)];
    }),
  ];
}

function headLine(indent: string, { severity, code, message }: Finding, look: Look): string {
  return marked(indent, severity, message, look, `${severity} ${code}`);
}

function whereLine(indent: string, { subject }: Finding, { placeOf }: Report, { paint }: Look): string {
  const place = placeOf(subject);
  const where = place === undefined ? "" : `  ${placeInWords(place)}`;
  return paint("faint", shownInLine(`${indent}${subject}${where}`));
}

function untoldLines({ missing: lacking, results }: Report, look: Look): readonly string[] {
  const broken = results.cannotTell.flatMap(({ code, error }) =>
    error === undefined
      ? []
      : [marked("  ", "unknown", `${code} failed, which is a bug in it: ${error}`, look)],
  );
  const missing = lacking.map(({ kinds, why, codes }) =>
    marked("  ", "unknown", `${listedUpTo(kinds, 8)}: ${why} (${listedUpTo(codes, 8)})`, look),
  );
  return [...missing, ...broken];
}

const mostInput = 20;

function inputLines({ input }: Report, look: Look): readonly string[] {
  const lines = input.slice(0, mostInput).map(({ where, place, subject, why }) => {
    const parts = [place === undefined ? where : placeInWords(place), subject, why];
    return marked("  ", "unknown", parts.filter((part) => part !== undefined).join(": "), look);
  });
  const more = input.length - lines.length;
  return more === 0 ? lines : [...lines, `  and ${more} more`];
}

function ignoredLine(ignored: Ignored, { placeOf }: Report, look: Look): string {
  const { code, subject, message } = ignored.finding;
  return marked("  ", "skipped", `${code} ${subject}: ${message} (${ignoredBy(ignored, placeOf)})`, look);
}

/** "2 errors, 1 warning in manifests: 12 checks ran, 3 of them could not judge everything; 1 finding ignored". */
function summaryLine(report: Report, { paint }: Look): string {
  const { name, takenAt, checks, results } = report;
  const { problems, findings, ignored, cannotTell } = results;
  const counts = countsInWords(report);
  const asOf = takenAt === undefined ? "" : ` as of ${takenAt.slice(0, 19).replace("T", " ")} UTC`;
  const follow = findings.length - problems.length;
  const ran = checks.length === 1 ? "1 check ran" : `${checks.length} checks ran`;
  const parts = [
    ...(follow === 0
      ? []
      : [`${follow} more ${follow === 1 ? "finding follows" : "findings follow"} from them`]),
    cannotTell.length === 0 ? ran : `${ran}, ${cannotTell.length} of them could not judge everything`,
    ...(ignored.length === 0 ? [] : [`${ignored.length} ignored`]),
  ];
  const tone = failed(report) ? "bad" : problems.length > 0 || cannotTell.length > 0 ? "partly" : "good";
  const start = counts.charAt(0).toUpperCase() + counts.slice(1);
  return paint(tone, shownInLine(`${start} in ${name}${asOf}: ${parts.join("; ")}`));
}
