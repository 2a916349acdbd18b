import { type ListQuery, listFindings } from "#lib/diagnosis/list-findings.ts";
import { checks } from "#lib/diagnosis/registry.ts";
import type { Finding } from "#lib/model/finding.ts";
import { findingKey } from "#lib/model/finding.ts";
import type { FindingsAnswer } from "#lib/protocol/answers.ts";
import { type FindingsLink, findingsProblems, loadFindingsLink } from "#lib/protocol/findings-link.ts";
import { paramsOf } from "#lib/protocol/link.ts";
import { cannotTellView, findingView, ignoredView, problemGroupViews } from "../panels/finding-view.ts";
import { clusterStatus } from "./cluster-status.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

export function answerFindings(request: Request, id: string): Promise<Response> {
  const { searchParams, pathname } = new URL(request.url);
  const malformed = findingsProblems(paramsOf(searchParams));
  if (malformed.length > 0)
    return Promise.resolve(
      problemResponse({
        type: "malformed-query",
        title: "A part of the query is not understood",
        status: 400,
        detail: malformed.join("; "),
        instance: pathname,
      }),
    );
  const link = loadFindingsLink(searchParams);
  // Whoever asks the API for no limit gets everything; the page asks for as much as it shows.
  const query = listQueryOf(searchParams.has("limit") ? link : { ...link, limit: Number.POSITIVE_INFINITY });
  return withAnswers(request, id, (asked) => Response.json(findingsAnswer(asked, query)));
}

/** What a link of the findings page asks to list. */
export function listQueryOf({ by, severity, ns, kind, code, q, limit, open }: FindingsLink): ListQuery {
  return {
    by,
    severities: severity,
    namespaces: ns,
    kinds: kind,
    codes: code,
    text: q,
    limit,
    open: open ?? undefined,
  };
}

const summaries: ReadonlyMap<string, string> = new Map(checks.map(({ code, summary }) => [code, summary]));

/** One list's answer, for the API and for the first paint alike. */
export function findingsAnswer({ cluster, answers, asOf }: Asked, query: ListQuery): FindingsAnswer {
  const { problems, listed, total, counts, facets } = listFindings(answers, query);
  const named = new Set<Finding>([
    ...problems.flatMap(({ root, consequences }) => [root, ...consequences.map(({ finding }) => finding)]),
    ...listed.map(({ finding }) => finding),
  ]);
  const findings = answers.findings.filter((finding) => named.has(finding));
  const places = new Map(findings.map((finding, index) => [finding, index]));
  return {
    cluster: clusterStatus(cluster, answers),
    findings: findings.map(findingView),
    problems: problemGroupViews(problems, findings),
    listed: listed.map(({ group, finding, cause }) => ({
      group,
      finding: places.get(finding) ?? 0,
      cause:
        cause === undefined
          ? undefined
          : { key: findingKey(cause), code: cause.code, subject: cause.subject },
    })),
    total,
    counts,
    facets: {
      namespaces: [...facets.namespaces],
      kinds: [...facets.kinds],
      codes: facets.codes.map(({ value, count }) => ({ value, title: summaries.get(value), count })),
    },
    ignored: answers.ignored.map(ignoredView),
    cannotTell: answers.cannotTell.map(cannotTellView),
    checkedAt: asOf,
  };
}
