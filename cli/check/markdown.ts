/** The report as Markdown, for a comment on a pull request: a line a problem, which opens. */
import { listedUpTo } from "#lib/engine/object-words.ts";
import type { Finding, Problem, Severity } from "#lib/model/finding.ts";
import { patchCommand } from "#lib/server/questions/patch-command.ts";
import { shown } from "../shown.ts";
import { affectsInWords } from "./affects.ts";
import { expiredRule, ignoredBy } from "./ignored-by.ts";
import { placeInWords } from "./places.ts";
import { countsInWords, type Report } from "./report.ts";

/** GitHub takes 65,536 characters in a comment. */
const mostCharacters = 60_000;

/** By which a later run finds the comment that it should replace. */
const marker = "<!-- throughline check -->";

const signs: Readonly<Record<Severity, string>> = { error: "❌", warning: "⚠️", info: "ℹ️" };

export function reportMarkdown(report: Report): string {
  const { name, checks, results } = report;
  const { problems, ignored, cannotTell } = results;
  const ran = checks.length === 1 ? "1 check ran" : `${checks.length} checks ran`;
  const untold = cannotTell.length === 0 ? "" : `, ${cannotTell.length} of them could not judge everything`;
  const head = [marker, `### Throughline: ${countsInWords(report)} in ${code(name)}`, ""];
  const foot = [
    ...details("What could not be judged in full", untoldItems(report)),
    ...details("Not taken from the input", inputItems(report)),
    ...details(
      `${ignored.length} ignored`,
      ignored.map((each) => {
        const { finding } = each;
        return `${finding.code} ${code(finding.subject)}: ${text(finding.message)} (${text(ignoredBy(each, report.placeOf))})`;
      }),
    ),
    ...details(
      "No longer ignored",
      report.expired.map((rule) => text(expiredRule(rule))),
    ),
    `<sub>${ran}${untold}.</sub>`,
    "",
  ];
  let left = mostCharacters - [...head, ...foot].join("\n").length;
  const told: string[] = [];
  for (const problem of problems) {
    const lines = problemLines(problem, report).join("\n");
    left -= lines.length + 1;
    if (left < 0) break;
    told.push(lines);
  }
  const more = problems.length - told.length;
  const rest = more === 0 ? [] : [`…and ${more} more, which are too many for a comment.`, ""];
  return [...head, ...told, ...rest, ...foot].join("\n");
}

function problemLines(problem: Problem, report: Report): readonly string[] {
  const { root, consequences, ignoredCause } = problem;
  const hanging = affectsInWords(problem);
  const { fix } = root;
  return [
    "<details>",
    // Folded, it is all that one sees of what follows.
    `<summary>${signs[problem.severity]} <b>${root.code}</b> ${html(root.message)} · <code>${html(root.subject)}</code></summary>`,
    "",
    ...(placed(root, report) === "" ? [] : [`${placed(root, report)}`, ""]),
    ...(root.nearMiss === undefined ? [] : [`Nearly: ${text(root.nearMiss)}`, ""]),
    `**Fix:** ${text(fix.text)}`,
    "",
    ...(fix.patch === undefined ? [] : fenced("sh", patchCommand(fix.patch))),
    ...(fix.manifest === undefined ? [] : fenced("yaml", fix.manifest)),
    "See it:",
    "",
    ...fenced("sh", root.kubectl),
    ...(hanging === undefined ? [] : [`Affects ${text(hanging)}.`, ""]),
    ...(ignoredCause === undefined
      ? []
      : [`Follows from ${ignoredCause.code} ${code(ignoredCause.subject)}, which is ignored.`, ""]),
    ...consequences.map(
      ({ finding, depth }) =>
        `${"  ".repeat(depth - 1)}- ${signs[finding.severity]} ${finding.code} ${text(finding.message)} · ${code(finding.subject)} ${placed(finding, report)}`,
    ),
    ...(consequences.length === 0 ? [] : [""]),
    "</details>",
    "",
  ];
}

function placed({ subject }: Finding, { placeOf }: Report): string {
  const place = placeOf(subject);
  return place === undefined ? "" : code(placeInWords(place));
}

function untoldItems({ missing, results }: Report): readonly string[] {
  return [
    ...missing.map(
      ({ kinds, why, codes }) => `${text(listedUpTo(kinds, 8))}: ${text(why)} (${listedUpTo(codes, 8)})`,
    ),
    ...results.cannotTell.flatMap(({ code: failed, error }) =>
      error === undefined ? [] : [`${failed} failed, which is a bug in it: ${text(error)}`],
    ),
  ];
}

const mostInput = 20;

function inputItems({ input }: Report): readonly string[] {
  const items = input.slice(0, mostInput).map(({ where, place, subject, why }) => {
    const object = subject === undefined ? "" : `${code(subject)}: `;
    return `${code(place === undefined ? where : placeInWords(place))}: ${object}${text(why)}`;
  });
  return input.length === items.length ? items : [...items, `and ${input.length - items.length} more`];
}

function details(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  return [
    "<details>",
    `<summary>${title}</summary>`,
    "",
    ...items.map((item) => `- ${item}`),
    "",
    "</details>",
    "",
  ];
}

/** In HTML, where nothing is Markdown. */
function html(words: string): string {
  return unaddressed(inLine(words)).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Names and messages come from the cluster: what Markdown would take for its own within a line is taken literally. */
function text(words: string): string {
  return unaddressed(inLine(words)).replaceAll(/[\\`*_{}[\]<>|~&]/g, "\\$&");
}

function code(words: string): string {
  const line = inLine(words);
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function fenced(language: string, block: string): readonly string[] {
  const fence = "`".repeat(Math.max(3, longestRun(block) + 1));
  return [`${fence}${language}`, ...shown(block).trimEnd().split("\n"), fence, ""];
}

function longestRun(words: string): number {
  return Math.max(0, ...[...words.matchAll(/`+/g)].map(([run]) => run.length));
}

function inLine(words: string): string {
  return shown(words).replaceAll(/\s+/g, " ");
}

/** Nobody is to be called by a name that stands in someone's event: a zero width space keeps it from being one. */
function unaddressed(words: string): string {
  return words.replaceAll("@", "@\u200b");
}
