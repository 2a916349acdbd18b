import { assertPassed } from "../gate/passed.ts";
import { answerClusterMetrics } from "../http/answer-cluster-metrics.ts";
import { answerFindings } from "../http/answer-findings.ts";
import { answerGraph } from "../http/answer-graph.ts";
import { answerIncident, changeIncident } from "../http/answer-incident.ts";
import { answerNamespaces } from "../http/answer-namespaces.ts";
import { answerObject, answerService } from "../http/answer-object.ts";
import { answerReachability } from "../http/answer-reachability.ts";
import { answerReady } from "../http/answer-ready.ts";
import { answerSearch } from "../http/answer-search.ts";
import { answerTrace, answerTraceLink } from "../http/answer-trace.ts";
import { listClusters } from "../http/list-clusters.ts";
import { takeUpload } from "../http/take-upload.ts";
import { bugResponse } from "../http/with-answers.ts";
import { openFindings } from "../pages/open-findings.ts";
import { openMap } from "../pages/open-map.ts";
import { openMatrix } from "../pages/open-matrix.ts";
import { openTrace } from "../pages/open-trace.ts";
import { streamAnswers } from "../stream/stream-answers.ts";

/** What a handler's path names; empty where it has no such part. */
export interface Params {
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

type Answering = (request: Request, params: Params) => Response | Promise<Response>;

/** Everything that clusters are asked. Where they live on another thread than the web server, it is asked there. */
const answers = {
  clusters: listClusters,
  upload: takeUpload,
  findings: (request, { id }) => answerFindings(request, id),
  graph: (request, { id }) => answerGraph(request, id),
  namespaces: (request, { id }) => answerNamespaces(request, id),
  object: (request, { id, kind, namespace, name }) => answerObject(request, id, kind, namespace, name),
  reachability: (request, { id }) => answerReachability(request, id),
  search: (request, { id }) => answerSearch(request, id),
  service: (request, { id, namespace, name }) =>
    answerService(request, id, { kind: "service", namespace, name }),
  stream: (request, { id }) => streamAnswers(request, id),
  trace: (request, { id }) => answerTrace(request, id),
  "trace-of-link": answerTraceLink,
  incident: answerIncident,
  "change-incident": changeIncident,
  metrics: answerClusterMetrics,
  ready: answerReady,
  "open-findings": openFindings,
  "open-map": openMap,
  "open-matrix": openMatrix,
  "open-trace": openTrace,
} satisfies Readonly<Record<string, Answering>>;

export type AnswerName = keyof typeof answers;

/** Never throws: a bug is logged, and answered with 500. */
export async function answer(name: AnswerName, request: Request, params: Params): Promise<Response> {
  const answering: Answering = answers[name];
  try {
    assertPassed(request.headers);
    return await answering(request, params);
  } catch (error) {
    return bugResponse(error, new URL(request.url).pathname);
  }
}
