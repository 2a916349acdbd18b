import {
  cannotTellView,
  findingView,
  ignoredView,
  problemGroupViews,
} from "#lib/server/panels/finding-view.ts";
import { countsOf, failed, type Report } from "./report.ts";

/** What the HTTP API answers about findings, with the files that objects stand in and what was not taken from them. */
export function reportJson(report: Report): string {
  const { name, takenAt, checks, results, input, placeOf, failOn } = report;
  const { findings, problems, ignored, cannotTell } = results;
  const json = {
    cluster: name,
    takenAt,
    failOn,
    failed: failed(report),
    counts: countsOf(report),
    findings: findings.map((finding) => ({ ...findingView(finding), place: placeOf(finding.subject) })),
    problems: problemGroupViews(problems, findings),
    ignored: ignored.map(ignoredView),
    cannotTell: cannotTell.map(cannotTellView),
    input,
    checks: checks.map(({ code, id, severity, summary }) => ({ code, id, severity, summary })),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
