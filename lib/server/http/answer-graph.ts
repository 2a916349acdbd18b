import { exportJson } from "#lib/graph/export-json.ts";
import { exportMermaid } from "#lib/graph/export-mermaid.ts";
import { exportSvg } from "#lib/graph/export-svg.ts";
import { nodeLabels } from "#lib/graph/node-labels.ts";
import { viewGraph } from "#lib/graph/view-graph.ts";
import type { GraphAnswer } from "#lib/protocol/answers.ts";
import { graphViewToWire } from "#lib/protocol/graph.ts";
import { type LinkState, linkProblems, loadLink, viewQueryOf } from "#lib/protocol/link.ts";
import { clusterStatus } from "./cluster-status.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

export function answerGraph(request: Request, id: string): Promise<Response> {
  const { searchParams, pathname } = new URL(request.url);
  const params = Object.fromEntries(searchParams);
  const [malformed] = linkProblems(params);
  if (malformed !== undefined) {
    return Promise.resolve(
      problemResponse({
        type: "malformed-query",
        title: "A part of the query is not understood",
        status: 400,
        detail: malformed,
        instance: pathname,
      }),
    );
  }
  const format = params.format ?? "view";
  return withAnswers(request, id, (asked) => {
    const link = loadLink(searchParams);
    switch (format) {
      case "view":
        return Response.json(graphAnswer(asked, link));
      case "svg":
        return text(
          exportSvg(viewOf(asked, link), params.theme === "dark" ? "dark" : "light"),
          "image/svg+xml",
        );
      case "mermaid":
        return text(exportMermaid(viewOf(asked, link)), "text/plain");
      case "json":
        return Response.json(exportJson(viewOf(asked, link)));
      default:
        return problemResponse({
          type: "malformed-query",
          title: "There is no such format",
          status: 400,
          detail: `format=${format.slice(0, 40)}: it may be svg, mermaid or json.`,
          instance: pathname,
        });
    }
  });
}

/** The map's answer, for the API and for the first paint alike. */
export function graphAnswer(asked: Pick<Asked, "cluster" | "answers">, link: LinkState): GraphAnswer {
  return { cluster: clusterStatus(asked.cluster, asked.answers), view: graphViewToWire(viewOf(asked, link)) };
}

function viewOf({ answers }: Pick<Asked, "answers">, link: LinkState) {
  return viewGraph(answers.graph, viewQueryOf(link), { labelsOf: nodeLabels(answers.facts) });
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
}
