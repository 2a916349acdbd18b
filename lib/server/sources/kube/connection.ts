import type { RequestOptions } from "node:https";
import { type Broken, brokenRequest, notKubernetes, type Place } from "./connection-failure.ts";
import { type HttpAnswer, HttpError, httpGet, httpPost } from "./http-get.ts";
import { httpStream } from "./http-stream.ts";
import type { KubeOptions } from "./kube-options.ts";
import { redact } from "./redact.ts";
import { withoutManagedFields } from "./without-managed-fields.ts";

/** What a GET of the API came to. Nothing here ever throws for what a server does. */
export type ApiAnswer =
  | {
      readonly kind: "json";
      readonly json: unknown /** Characters of text that it was. */;
      readonly size: number;
    }
  /** Any status but 2xx; `message` is the server's own, one line. `retryAfterMs`: it is still busy, and says until when. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
    }
  | ({ readonly kind: "broken" } & Broken);

/** How a stream of the API ended. Nothing here ever throws for what a server does. */
export type StreamEnd =
  /** The server ended it, as it does after the time that was asked for; `cut`: in the middle of a line. */
  | { readonly kind: "ended"; readonly cut: boolean }
  /** The reader had enough. */
  | { readonly kind: "stopped" }
  /** Any status but 200; `retryAfterMs` where the server says when to come again. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly message: string;
      readonly retryAfterMs: number | undefined;
    }
  /** `silent`: it stood, and nothing came for as long as was allowed. */
  | ({ readonly kind: "broken"; readonly silent: boolean } & Broken);

export interface StreamReader {
  readonly signal: AbortSignal;
  /** How long the server may say nothing once it has begun. */
  readonly silenceMs: number;
  onOpen(): void;
  onBytes(): void;
  /** One JSON text. False: enough. */
  onLine(line: string): boolean;
}

export interface Connection {
  readonly place: Place;
  /**
   * `path` is absolute, with its query; `accept` another form of JSON than the object itself. Waits and asks again where
   * the server asks for that (429, Retry-After).
   */
  get(path: string, signal: AbortSignal, accept?: string): Promise<ApiAnswer>;
  /** Asks whether someone may do something. The one POST there is: an access review is asked by creating it, and not kept. */
  reviewAccess(review: object, signal: AbortSignal): Promise<ApiAnswer>;
  /** A watch. Does not ask again by itself. */
  stream(path: string, reader: StreamReader): Promise<StreamEnd>;
  /** Connections that nobody uses are closed, and those in use once they are done with. */
  retire(): void;
  close(): void;
}

const accessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Waits that one request may take part in, before a busy server counts as failing. */
const mostRetries = 5;
const longestRetryMs = 30_000;
/** A page of 500 of the largest objects that etcd takes would be more, and more than one string holds. */
const maxPageBytes = 256 * 1024 * 1024;
/** One object; etcd takes 1.5 MB by default, and the API server 3 MB. */
const maxLineBytes = 32 * 1024 * 1024;

/** Asks one server, with TLS and credentials as given in `request`. */
export function openConnection(
  server: string,
  request: RequestOptions,
  place: Place,
  options: KubeOptions,
  agent: { retire(): void; close(): void },
): Connection {
  const plain = { ...request.headers, "user-agent": "throughline" };
  const headers = { ...plain, "accept-encoding": "gzip" };

  async function once(path: string, signal: AbortSignal, accept: string) {
    const { idleTimeoutMs, requestTimeoutMs } = options;
    try {
      const limits = { idleTimeoutMs, requestTimeoutMs, maxBytes: maxPageBytes, signal };
      return await httpGet(
        new URL(`${server}${path}`),
        { ...request, headers: { ...headers, accept } },
        limits,
      );
    } catch (error) {
      return httpError(error);
    }
  }

  return {
    place,
    ...agent,
    async stream(path, { signal, silenceMs, ...handlers }) {
      let opened = false;
      try {
        const end = await httpStream(
          new URL(`${server}${path}`),
          { ...request, headers: { ...plain, accept: "application/json" } },
          { beginTimeoutMs: options.idleTimeoutMs, silenceMs, maxLineBytes, signal },
          {
            ...handlers,
            onOpen() {
              opened = true;
              handlers.onOpen();
            },
          },
        );
        if (end.kind !== "status") return end;
        const { status, headers: sent, body } = end;
        return {
          kind: "status",
          status,
          message: messageOf(status, sent.location, body),
          retryAfterMs: retryAfterMs(status, sent["retry-after"]),
        };
      } catch (error) {
        const failed = httpError(error);
        const silent = opened && failed.code === "TIMEOUT";
        return { kind: "broken", silent, ...brokenRequest(failed, place) };
      }
    },
    async reviewAccess(review, signal) {
      const { idleTimeoutMs, requestTimeoutMs } = options;
      let answer: HttpAnswer;
      try {
        answer = await httpPost(
          new URL(`${server}${accessReviews}`),
          { ...request, headers: { ...headers, accept: "application/json" } },
          { idleTimeoutMs, requestTimeoutMs, maxBytes: maxLineBytes, signal },
          JSON.stringify(review),
        );
      } catch (error) {
        return { kind: "broken", ...brokenRequest(httpError(error), place) };
      }
      if (answer.status < 200 || answer.status > 299)
        return {
          kind: "status",
          status: answer.status,
          message: messageOf(answer.status, answer.headers.location, answer.body),
        };
      try {
        return { kind: "json", json: JSON.parse(answer.body), size: answer.body.length };
      } catch {
        const failure = notKubernetes(
          "An access review was answered with something that is not JSON.",
          place,
        );
        return { kind: "broken", scope: "request", failure };
      }
    },
    async get(path, signal, accept = "application/json") {
      let broken = 0;
      for (let tries = 0; ; tries++) {
        const answer = await once(path, signal, accept);
        if (answer instanceof HttpError) {
          const found = brokenRequest(answer, place);
          // A GET may be sent twice; one connection that broke is no news yet. A timeout has cost enough already.
          if (found.failure.code === "cluster-disconnected" && answer.code !== "TOO_LARGE" && broken++ < 1)
            continue;
          return { kind: "broken", ...found };
        }
        const retryMs = retryAfterMs(answer.status, answer.headers["retry-after"]);
        if (retryMs !== undefined && tries < mostRetries && !signal.aborted) {
          await options.wait(retryMs, signal);
          continue;
        }
        if (answer.status < 200 || answer.status > 299) {
          return {
            kind: "status",
            status: answer.status,
            message: messageOf(answer.status, answer.headers.location, answer.body),
            retryAfterMs: retryMs,
          };
        }
        try {
          const json: unknown = JSON.parse(withoutManagedFields(answer.body));
          return { kind: "json", json, size: answer.body.length };
        } catch {
          const failure = notKubernetes(
            `GET ${path.split("?")[0]} was answered with something that is not JSON.`,
            place,
          );
          return { kind: "broken", scope: "request", failure };
        }
      }
    },
  };
}

function httpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  // A header or TLS option that Node refuses before it sends anything.
  const code = error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
  return new HttpError(code, "the request could not be made", false);
}

/** A busy API server answers 429, and one that starts or stops 503, each with the seconds to wait. */
function retryAfterMs(status: number, header: string | undefined): number | undefined {
  if (status !== 429 && !(status === 503 && header !== undefined)) return undefined;
  const seconds = Number(header ?? "1");
  return Math.min(Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 1000, longestRetryMs);
}

function messageOf(status: number, location: string | undefined, body: string): string {
  if (location !== undefined && status >= 300 && status < 400) {
    const to = URL.canParse(location) ? new URL(location).host : "another place";
    return `The server answered with a redirect to ${to}, which an API server does not do.`;
  }
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json === "object" && json !== null && "message" in json && typeof json.message === "string") {
      return redact(json.message);
    }
  } catch {
    // Not a Status object: what proxies say stays with them.
  }
  return `The server answered ${status}.`;
}
