import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

const reasons: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
};

/** The API's Status object, as failed requests answer and ERROR events carry. */
export function statusOf(code: number, message: string) {
  const reason = reasons[code];
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}

export function send(res: ServerResponse, json: unknown): void {
  res.writeHead(200, { "content-type": "application/json" });
  res.end(JSON.stringify(json));
}

export function sendStatus(
  res: ServerResponse,
  code: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  res.writeHead(code, { "content-type": "application/json", ...headers });
  res.end(JSON.stringify(statusOf(code, message)));
}
