/** The answers that a client can follow: the API's own GETs, by their addresses below a cluster's. */
import { mostTopics } from "#lib/protocol/stream.ts";
import { answerFindings } from "../http/answer-findings.ts";
import { answerGraph } from "../http/answer-graph.ts";
import { answerNamespaces } from "../http/answer-namespaces.ts";
import { answerObject, answerService } from "../http/answer-object.ts";
import { answerTrace } from "../http/answer-trace.ts";

type Answering = (request: Request, cluster: string) => Promise<Response>;

/** Addresses longer than this are no question that a page asks. */
const longest = 4_000;

/** Why these cannot be followed, in words; undefined where they can. */
export function topicsProblem(topics: readonly string[]): string | undefined {
  if (topics.length === 0) return "Nothing is named to follow: watch=/graph, for example.";
  if (topics.length > mostTopics) return `At most ${mostTopics} answers can be followed at once.`;
  const wrong = topics.find((topic) => topic.length > longest || answeringOf(topic) === undefined);
  return wrong === undefined ? undefined : `watch=${wrong.slice(0, 80)} is no answer that can be followed.`;
}

/** Asks a topic as a GET of its address would. `from` is the request of the stream, whose identity and headers count. */
export function answerTopic(from: Request, cluster: string, topic: string): Promise<Response> {
  const answering = answeringOf(topic);
  if (answering === undefined) throw new Error("topics are checked before they are asked");
  const address = new URL(`/api/v1/clusters/${encodeURIComponent(cluster)}${topic}`, from.url);
  return answering(new Request(address, { headers: from.headers }), cluster);
}

function answeringOf(topic: string): Answering | undefined {
  const [path = ""] = topic.split("?");
  const [empty, first, ...rest] = path.split("/");
  if (empty !== "") return undefined;
  const [kind, namespace, name] = rest.map(decoded);
  switch (first) {
    case "graph":
      return rest.length === 0 && !/[?&]format=/.test(topic) ? answerGraph : undefined;
    case "namespaces":
      return rest.length === 0 ? answerNamespaces : undefined;
    case "findings":
      return rest.length === 0 ? answerFindings : undefined;
    case "trace":
      return rest.length === 0 ? answerTrace : undefined;
    case "services":
      return kind === undefined || namespace === undefined || rest.length !== 2
        ? undefined
        : (request, id) => answerService(request, id, { kind: "service", namespace: kind, name: namespace });
    case "objects":
      return kind === undefined || namespace === undefined || name === undefined || rest.length !== 3
        ? undefined
        : (request, id) => answerObject(request, id, kind, namespace, name);
    default:
      return undefined;
  }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
