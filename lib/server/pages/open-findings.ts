import { litBy } from "#lib/protocol/finding.ts";
import { loadFindingsLink } from "#lib/protocol/findings-link.ts";
import { loadLink } from "#lib/protocol/link.ts";
import { findingsAnswer, listQueryOf } from "../http/answer-findings.ts";
import { graphAnswer } from "../http/answer-graph.ts";
import { openPage } from "./open-page.ts";

export function openFindings(request: Request): Promise<Response> {
  const link = loadFindingsLink(request);
  return openPage<"open-findings">(request, link.cluster, (asked) => {
    const first = findingsAnswer(asked, listQueryOf(link));
    const open = first.findings.find(({ key }) => key === link.open);
    const pin = open === undefined ? "" : litBy(open).join(",");
    return { first, map: graphAnswer(asked, loadLink({ pin })) };
  });
}
