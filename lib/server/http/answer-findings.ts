import type { Severity } from "#lib/model/finding.ts";
import type { FindingsAnswer } from "#lib/protocol/answers.ts";
import { cannotTellView, findingView } from "../panels/finding-view.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

export function answerFindings(request: Request, id: string): Promise<Response> {
  return withAnswers(request, id, (asked) => Response.json(findingsAnswer(asked)));
}

function findingsAnswer({ answers, asOf }: Asked): FindingsAnswer {
  const { findings, cannotTell } = answers;
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    findings: findings.map(findingView),
    cannotTell: cannotTell.map(cannotTellView),
    counts: { error: count("error"), warning: count("warning"), info: count("info") },
    checkedAt: asOf,
  };
}
