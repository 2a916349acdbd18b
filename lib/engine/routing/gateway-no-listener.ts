import { listedUpTo } from "../object-words.ts";
import type { EntryListener, GatewayEntry } from "./gateway-entries.ts";
import { listenerEvidence, listenerFit, speaks } from "./gateway-listeners.ts";
import { urlInWords } from "./http-scheme.ts";
import type { HttpAnswer, HttpRequest } from "./http-way.ts";

type Refusal = Extract<HttpAnswer, { kind: "refused" }>;

/** No listener takes the request: the port or the protocol is another, or no hostname covers the host. */
export function noListener(entry: GatewayEntry, request: HttpRequest): Refusal {
  const { port } = request;
  const here = entry.listeners.filter(({ listener }) => listener.port === port && speaks(listener, request));
  const covering = entry.listeners.filter(
    ({ listener }) => listenerFit(listener, request.host) !== undefined,
  );
  const refusal = {
    kind: "refused",
    object: entry.id,
    evidence: (here.length > 0 ? here : entry.listeners).slice(0, 3).map(listenerEvidence),
  } as const;
  if (here.length > 0) {
    return {
      ...refusal,
      reason: "NoMatchingListenerHostname",
      sentence: `No listener on port ${port} serves ${request.host}`,
      nearMiss: here
        .slice(0, 3)
        .map(({ listener }) => `listener ${listener.name} serves ${listener.hostname ?? "every host"}`)
        .join("; "),
    };
  }
  return {
    ...refusal,
    reason: "NoListener",
    sentence: `No listener takes ${urlInWords(request)}: none speaks ${protocolOf(request)} on port ${port}`,
    nearMiss: listenersNearMiss(covering, entry.listeners),
  };
}

function listenersNearMiss(covering: readonly EntryListener[], all: readonly EntryListener[]): string {
  if (all.length === 0) return "it has no listeners";
  const words = (covering.length > 0 ? covering : all).map(
    ({ listener }) => `${listener.name} (${listener.protocol} on port ${listener.port})`,
  );
  const subject = words.length === 1 ? "listener" : "listeners";
  return covering.length > 0
    ? `this host is served by ${subject} ${listedUpTo(words, 3)}`
    : `it has ${subject} ${listedUpTo(words, 3)}`;
}

function protocolOf({ scheme }: HttpRequest): string {
  return scheme === "http" || scheme === "grpc" ? "HTTP" : "HTTPS or TLS";
}
