import { Readable } from "node:stream";
import { clustersFor } from "../auth/clusters-for.ts";
import { ending } from "../ending/ending.ts";
import { inRequest } from "../gate/in-request.ts";
import { problemResponse } from "../http/problem-response.ts";
import { beginSearch } from "../http/recent-search.ts";
import { noSuchCluster } from "../http/with-answers.ts";
import { createLog, faultOf } from "../log.ts";
import { wait } from "../wait.ts";
import { follow } from "./follow.ts";
import { SharedAnswers } from "./shared-answers.ts";
import { answerTopic, topicsProblem } from "./topics.ts";

const shared = new SharedAnswers();

/**
 * Follows answers of a cluster: `?watch=/graph?ns=shop&watch=/trace?…` (each escaped). `at`, or the header that
 * browsers send when they come back, names what the client has of each.
 */
export function streamAnswers(request: Request, id: string): Response {
  const { searchParams, pathname } = new URL(request.url);
  const topics = searchParams.getAll("watch");
  const problem = topicsProblem(topics);
  if (problem !== undefined)
    return problemResponse({
      type: "malformed-query",
      title: "The stream does not know what to tell",
      status: 400,
      detail: problem,
      instance: pathname,
    });
  const registry = clustersFor(request.headers);
  const session = registry.get(id);
  if (session === undefined) return noSuchCluster(registry, id, pathname);

  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    // Not `no-transform`: the server below compresses it, chunk by chunk.
    "cache-control": "no-cache",
    // Proxies that keep answers until they are whole would keep this one for ever.
    "x-accel-buffering": "no",
  };
  if (request.method === "HEAD") return new Response(null, { headers });

  const asked = inRequest();
  const over = new AbortController();
  const gone = AbortSignal.any([request.signal, over.signal]);
  const has = request.headers.get("last-event-id") ?? searchParams.get("at") ?? "";
  const source = Readable.from(
    encoded(
      follow({
        session,
        shared,
        topics,
        has: has.split("."),
        keyOf: (topic) => `${id} ${session.viewKey()} ${topic}`,
        ask: (topic) => answerTopic(request, id, topic),
        wait,
        onTold: () => {
          const { answers } = session.current();
          if (answers !== undefined)
            beginSearch(answers, { source: session.source, view: session.viewKey() });
        },
        signal: gone,
        ending: ending().signal,
      }),
    ),
    { objectMode: true, highWaterMark: 1 },
  );
  source.once("close", () => over.abort());
  // Whoever left before they read anything never closes it themselves.
  gone.addEventListener("abort", () => source.destroy(), { once: true });
  source.on("error", (error) => {
    // Whoever leaves is no fault of anybody's.
    if (!gone.aborted && error.name !== "ResponseAborted")
      createLog()("error", "a bug stopped a stream", {
        request: asked?.id,
        route: "/api/v1/clusters/{id}/stream",
        ...faultOf(error),
      });
  });
  return new Response(Readable.toWeb(source) as unknown as ReadableStream<Uint8Array>, {
    headers,
  });
}

async function* encoded(chunks: AsyncIterable<string>): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(chunk);
}
