import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { metrics } from "./metrics.ts";
import { routeName } from "./route-names.ts";

const key: unique symbol = Symbol.for("throughline.measuring");
const holder: typeof globalThis & { [key]?: true } = globalThis;

/** These last for as long as someone looks. */
const endless = new Set(["/api/v1/clusters/{id}/stream"]);
const methods = new Set(["GET", "HEAD", "POST"]);

/**
 * Measures every answer of this process's HTTP server, pages and files included, from what Node's server tells of
 * itself: so no handler has to. Once a process, however often it is asked for.
 */
export function measureRequests(): void {
  if (holder[key] === true) return;
  holder[key] = true;
  const startedMs = new WeakMap<IncomingMessage, number>();
  subscribe("http.server.request.start", (message) => {
    if (isExchange(message)) startedMs.set(message.request, performance.now());
  });
  subscribe("http.server.response.finish", (message) => {
    if (!isExchange(message)) return;
    const { request, response } = message;
    const started = startedMs.get(request);
    const route = routeName(request.url?.split("?")[0] ?? "");
    if (started === undefined || endless.has(route)) return;
    const method = methods.has(request.method ?? "") ? (request.method ?? "") : "other";
    const seconds = (performance.now() - started) / 1000;
    metrics().answerSeconds.observe({ method, route, status: `${response.statusCode}` }, seconds);
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function isExchange(message: unknown): message is Exchange {
  return typeof message === "object" && message !== null && "request" in message && "response" in message;
}
