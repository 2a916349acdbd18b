import type { Severity } from "#lib/model/finding.ts";
import type { FindingsAnswer } from "#lib/protocol/answers.ts";
import { cannotTellView, findingView, ignoredView, problemGroupViews } from "../panels/finding-view.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

export function answerFindings(request: Request, id: string): Promise<Response> {
  return withAnswers(request, id, (asked) => Response.json(findingsAnswer(asked)));
}

function findingsAnswer({ answers, asOf }: Asked): FindingsAnswer {
  const { findings, problems, ignored, cannotTell } = answers;
  const count = (severity: Severity) => problems.filter((problem) => problem.severity === severity).length;
  return {
    findings: findings.map(findingView),
    problems: problemGroupViews(problems, findings),
    ignored: ignored.map(ignoredView),
    cannotTell: cannotTell.map(cannotTellView),
    counts: { error: count("error"), warning: count("warning"), info: count("info") },
    checkedAt: asOf,
  };
}
