import { z } from "zod";
import { readInFull } from "#lib/engine/read-in-full.ts";
import { exportJson } from "#lib/graph/export-json.ts";
import { exportMermaid } from "#lib/graph/export-mermaid.ts";
import { exportSvg } from "#lib/graph/export-svg.ts";
import { namespaceLabels, nodeLabels } from "#lib/graph/node-labels.ts";
import { viewGraph } from "#lib/graph/view-graph.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type { GraphAnswer } from "#lib/protocol/answers.ts";
import { graphViewToWire } from "#lib/protocol/graph.ts";
import { type LinkState, linkProblems, loadLink, paramsOf, viewQueryOf } from "#lib/protocol/link.ts";
import { clusterStatus } from "./cluster-status.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

export function answerGraph(request: Request, id: string): Promise<Response> {
  const { searchParams, pathname } = new URL(request.url);
  const options = optionsShape.safeParse({
    format: searchParams.get("format") ?? undefined,
    theme: searchParams.get("theme") ?? undefined,
  });
  const malformed = [
    ...linkProblems(paramsOf(searchParams)),
    ...(options.error?.issues ?? []).map((issue) => `${issue.path.join(".")} ${issue.message}`),
  ];
  if (!options.success || malformed.length > 0) {
    return Promise.resolve(
      problemResponse({
        type: "malformed-query",
        title: "A part of the query is not understood",
        status: 400,
        detail: malformed.join("; "),
        instance: pathname,
      }),
    );
  }
  const { format, theme } = options.data;
  return withAnswers(request, id, (asked) => {
    const link = loadLink(searchParams);
    switch (format) {
      case undefined:
        return Response.json(graphAnswer(asked, link));
      case "svg":
        return text(exportSvg(viewOf(asked, link), theme), "image/svg+xml");
      case "mermaid":
        return text(exportMermaid(viewOf(asked, link)), "text/plain");
      case "json":
        return Response.json(exportJson(viewOf(asked, link)));
      default:
        return assertNever(format);
    }
  });
}

const optionsShape = z.object({
  format: z.enum(["svg", "mermaid", "json"], "may be svg, mermaid or json").optional(),
  theme: z.enum(["light", "dark"], "may be light or dark").default("light"),
});

/** The map's answer, for the API and for the first paint alike. */
export function graphAnswer(asked: Pick<Asked, "cluster" | "answers">, link: LinkState): GraphAnswer {
  return {
    cluster: clusterStatus(asked.cluster, asked.answers),
    view: graphViewToWire(viewOf(asked, link)),
    noSuch: noSuch(link.ns, asked.answers),
  };
}

/** Where namespaces could not be read, one of which nothing is seen may be there all the same. */
function noSuch(names: readonly string[], { snapshot, facts }: Asked["answers"]): string[] {
  if (!readInFull(snapshot, "namespaces")) return [];
  return names.filter((name) => !facts.index.namespaceNames.includes(name));
}

function viewOf({ answers }: Pick<Asked, "answers">, link: LinkState) {
  return viewGraph(answers.graph, viewQueryOf(link), {
    labelsOf: nodeLabels(answers.facts),
    namespaceLabels: namespaceLabels(answers.facts),
  });
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
}
