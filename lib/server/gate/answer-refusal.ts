/** What is said to a request that goes no further, in the shape of every problem here. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Refusal } from "./refusal.ts";
import { requestIdHeader } from "./request-log.ts";

/** Whoever still sends reads the answer first; after that nobody listens. */
const lingerMs = 2_000;

/** For an API a problem document; for a person the same in words. */
export function answerRefusal(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, retryAfterSeconds, allow } = refusal;
  if (response.headersSent) {
    request.destroy();
    return;
  }
  const isPage = (request.headers.accept ?? "").includes("text/html");
  response.setHeader("cache-control", "no-store");
  if (allow !== undefined) response.setHeader("allow", allow);
  if (retryAfterSeconds !== undefined) {
    response.setHeader("retry-after", String(retryAfterSeconds));
    // A browser asks again by itself.
    if (isPage && request.method === "GET") response.setHeader("refresh", String(retryAfterSeconds));
  }
  if (!request.complete && hasBody(request)) {
    response.setHeader("connection", "close");
    const cut = setTimeout(() => request.destroy(), lingerMs);
    request.once("close", () => clearTimeout(cut));
  }
  request.resume();
  if (isPage)
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(inWords(refusal));
  else response.writeHead(status, { "content-type": "application/problem+json" }).end(problemText(refusal));
}

/** The same on a bare connection; `id` is the request's, where one could be made out of what arrived. */
export function refuseOnSocket(socket: Duplex, refusal: Refusal, id?: string): void {
  const body = problemText(refusal);
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? "Refused"}`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      "cache-control: no-store",
      "connection: close",
      ...(id === undefined ? [] : [`${requestIdHeader}: ${id}`]),
      "",
      body,
    ].join("\r\n"),
    () => socket.destroy(),
  );
}

export function hasBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function inWords({ title, detail, remedy }: Refusal): string {
  const sentence = (text: string) => `${text.replace(/\.$/, "")}.\n`;
  return [title, detail, remedy].map((part) => (part === undefined ? "" : sentence(part))).join("");
}

function problemText({ type, title, status, detail, remedy }: Refusal): string {
  return JSON.stringify({
    type: `/problems/${type}`,
    title,
    status,
    detail,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
