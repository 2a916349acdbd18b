import { loadLink } from "#lib/protocol/link.ts";
import { isAsked, loadTraceLink } from "#lib/protocol/trace-link.ts";
import { graphAnswer } from "../http/answer-graph.ts";
import { askTrace } from "../http/answer-trace.ts";
import { openPage } from "./open-page.ts";

export function openTrace(request: Request): Promise<Response> {
  const link = loadTraceLink(request);
  const { from, to, port, protocol, cluster } = link;
  return openPage<"open-trace">(request, cluster, async (asked) => {
    const asking = isAsked(link) ? await askTrace(asked, { from, to, port, protocol }, true) : undefined;
    return {
      base: graphAnswer(asked, loadLink({})),
      first: asking?.kind === "answer" ? asking.answer : undefined,
      problem: asking?.kind === "problem" ? asking.problem : undefined,
    };
  });
}
