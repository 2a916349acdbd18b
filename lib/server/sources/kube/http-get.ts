/**
 * One HTTP exchange over Node's own client. The folder knows two verbs: GET, and POST for the one object that asks instead
 * of changing, an access review.
 */
import http from "node:http";
import https from "node:https";
import { readBody } from "./http-body.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpLimits {
  readonly idleTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Why a request got no answer. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), or one of ours: `TIMEOUT`, `ABORTED`, `TOO_LARGE`. */
export class HttpError extends Error {
  readonly code: string;
  /** The server closed a kept-alive connection just as it was used again: the request never arrived. */
  readonly reusedSocket: boolean;

  constructor(code: string, message: string, reusedSocket: boolean) {
    super(message);
    this.name = "HttpError";
    this.code = code;
    this.reusedSocket = reusedSocket;
  }
}

/** Answers with the status and the whole body, unzipped; rejects with an HttpError and with nothing else. */
export function httpGet(url: URL, options: https.RequestOptions, limits: HttpLimits): Promise<HttpAnswer> {
  return exchange(url, { ...options, method: "GET" }, limits, undefined);
}

/** The same with JSON to send. */
export function httpPost(
  url: URL,
  options: https.RequestOptions,
  limits: HttpLimits,
  json: string,
): Promise<HttpAnswer> {
  const headers = {
    ...options.headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(json),
  };
  return exchange(url, { ...options, method: "POST", headers }, limits, json);
}

function exchange(
  url: URL,
  options: https.RequestOptions,
  limits: HttpLimits,
  body: string | undefined,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let stopped: { readonly code: string; readonly message: string } | undefined;
    const client = url.protocol === "http:" ? http : https;
    const req = client.request(url, options);

    const stop = (code: string, message: string) => {
      stopped ??= { code, message };
      req.destroy(new Error(message));
    };
    const idle = () => {
      if (req.socket?.connecting !== false)
        stop("ETIMEDOUT", `no connection within ${limits.idleTimeoutMs} ms`);
      else stop("TIMEOUT", `nothing came for ${limits.idleTimeoutMs} ms`);
    };
    let idleTimer = setTimeout(idle, limits.idleTimeoutMs);
    const alive = () => {
      clearTimeout(idleTimer);
      idleTimer = setTimeout(idle, limits.idleTimeoutMs);
    };
    const totalTimer = setTimeout(
      () => stop("TIMEOUT", `the answer was not whole after ${limits.requestTimeoutMs} ms`),
      limits.requestTimeoutMs,
    );
    const onAbort = () => stop("ABORTED", "given up");
    const clean = () => {
      clearTimeout(idleTimer);
      clearTimeout(totalTimer);
      limits.signal.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown) => {
      clean();
      const { code, message } = stopped ?? codeOf(error);
      reject(new HttpError(code, message, req.reusedSocket && stopped === undefined));
    };

    // Stays on for good: a socket may fail again after the promise has settled.
    req.on("error", fail);
    req.on("response", (res) => {
      alive();
      res.on("data", alive);
      readBody(res, limits.maxBytes, () =>
        stop("TOO_LARGE", `the answer has more than ${limits.maxBytes} bytes`),
      ).then((body) => {
        clean();
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body });
      }, fail);
    });
    if (limits.signal.aborted) onAbort();
    else limits.signal.addEventListener("abort", onAbort);
    req.end(body);
  });
}

/** Node's code and words for why a request failed. */
export function codeOf(error: unknown): { readonly code: string; readonly message: string } {
  // Where a name has several addresses, Node gives all their errors in one.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return { code: "UNKNOWN", message: "the request failed" };
  return { code: "code" in first ? String(first.code) : "UNKNOWN", message: first.message };
}
