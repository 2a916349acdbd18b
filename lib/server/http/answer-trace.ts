import { parseQuestion, type QuestionText } from "#lib/engine/trace/question.ts";
import { traceInSteps } from "#lib/engine/trace/trace.ts";
import { everything } from "#lib/graph/everything.ts";
import { namespaceLabels, nodeLabels } from "#lib/graph/node-labels.ts";
import { pathOverlay } from "#lib/graph/path-overlay.ts";
import { viewGraph } from "#lib/graph/view-graph.ts";
import { capital } from "#lib/model/capital.ts";
import type { QuestionProblem, Trace } from "#lib/model/trace.ts";
import { graphViewToWire } from "#lib/protocol/graph.ts";
import type { Problem } from "#lib/protocol/problem.ts";
import { overlayToWire, type TraceAnswer, traceToWire } from "#lib/protocol/trace.ts";
import { loadTraceLink } from "#lib/protocol/trace-link.ts";
import { clustersFor } from "../auth/clusters-for.ts";
import { inSlices } from "../in-slices.ts";
import { fixView } from "../panels/finding-view.ts";
import { askingOf } from "../session/worlds.ts";
import { clusterStatus } from "./cluster-status.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

/** `map=1` adds the map with the path on it. */
export function answerTrace(request: Request, id: string): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const question = questionOf(searchParams);
  return withAnswers(request, id, async (asked) =>
    responseTo(await askTrace(asked, question, searchParams.get("map") === "1", request.signal), request),
  );
}

/** The same for a link of the trace page, which names the cluster in its query. */
export async function answerTraceLink(request: Request): Promise<Response> {
  const { cluster, from, to, port, protocol } = loadTraceLink(request);
  const id = cluster ?? clustersFor(request.headers).defaultId;
  return withAnswers(request, id, async (asked) =>
    responseTo(await askTrace(asked, { from, to, port, protocol }, false, request.signal), request),
  );
}

function responseTo(asking: TraceAsking, request: Request): Response {
  if (asking.kind === "answer") return Response.json(asking.answer);
  const { type, ...problem } = asking.problem;
  const instance = new URL(request.url).pathname;
  return problemResponse({ ...problem, type: type.replace("/problems/", ""), instance });
}

/** What an address asks; nothing is taken apart yet. */
export function questionOf(params: URLSearchParams): QuestionText {
  const of = (name: string) => params.get(name)?.slice(0, longest);
  return { from: of("from") ?? "", to: of("to") ?? "", port: of("port"), protocol: of("protocol") };
}

/** Two names of the longest that Kubernetes has, a kind, and some air. */
const longest = 700;

export type TraceAsking =
  | { readonly kind: "answer"; readonly answer: TraceAnswer }
  | { readonly kind: "problem"; readonly problem: Problem };

/** One question's answer, for the API and for the first paint alike. */
export async function askTrace(
  asked: Asked,
  text: QuestionText,
  withMap: boolean,
  signal?: AbortSignal,
): Promise<TraceAsking> {
  const question = parseQuestion(text);
  if (question.kind === "problem")
    return { kind: "problem", problem: problemOf(question.problem, "question-malformed", 400) };
  const { answers, dialect, asOf } = asked;
  const { world } = askingOf(answers, dialect);
  const result = await inSlices(traceInSteps(world, question.value), signal);
  if (result.kind === "problem")
    return { kind: "problem", problem: problemOf(result.problem, "end-not-found", 404) };
  return {
    kind: "answer",
    answer: {
      cluster: clusterStatus(asked.cluster, answers),
      trace: traceToWire(result.trace, fixView),
      map: withMap ? mapOf(asked, result.trace) : undefined,
      checkedAt: asOf,
    },
  };
}

function mapOf({ answers }: Asked, answer: Trace): TraceAnswer["map"] {
  const view = viewGraph(
    answers.graph,
    { ...everything, pinned: answer.path },
    {
      labelsOf: nodeLabels(answers.facts),
      namespaceLabels: namespaceLabels(answers.facts),
    },
  );
  return { view: graphViewToWire(view), path: overlayToWire(pathOverlay(view, answer)) };
}

/** A question that cannot be asked, as a problem document. */
export function problemOf(
  { field, sentence, nearest }: QuestionProblem,
  type: string,
  status: number,
): Problem {
  return {
    type: `/problems/${type}`,
    title: capital(sentence),
    status,
    detail: `The question's ${field} cannot be asked about.`,
    field,
    nearest: [...nearest],
  };
}
