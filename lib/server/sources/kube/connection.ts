import type { RequestOptions } from "node:https";
import { type Broken, brokenRequest, notKubernetes, type Place } from "./connection-failure.ts";
import { HttpError, httpGet } from "./http-get.ts";
import type { KubeOptions } from "./kube-options.ts";
import { redact } from "./redact.ts";

/** What a GET of the API came to. Nothing here ever throws for what a server does. */
export type ApiAnswer =
  | { readonly kind: "json"; readonly json: unknown }
  /** Any status but 2xx; `message` is the server's own, one line. */
  | { readonly kind: "status"; readonly status: number; readonly message: string }
  | ({ readonly kind: "broken" } & Broken);

export interface Connection {
  readonly place: Place;
  /**
   * `path` is absolute, with its query; `accept` another form of JSON than the object itself. Waits and asks again where
   * the server asks for that (429, Retry-After).
   */
  get(path: string, signal: AbortSignal, accept?: string): Promise<ApiAnswer>;
  close(): void;
}

/** Waits that one request may take part in, before a busy server counts as failing. */
const mostRetries = 5;
const longestRetryMs = 30_000;
/** A page of 500 of the largest objects that etcd takes would be more, and more than one string holds. */
const maxPageBytes = 256 * 1024 * 1024;

/** Asks one server, with TLS and credentials as given in `request`. */
export function openConnection(
  server: string,
  request: RequestOptions,
  place: Place,
  options: KubeOptions,
  close: () => void,
): Connection {
  const headers = {
    ...request.headers,
    "accept-encoding": "gzip",
    "user-agent": "throughline",
  };

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
      if (error instanceof HttpError) return error;
      // A header or TLS option that Node refuses before it sends anything.
      const code = error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
      return new HttpError(code, "the request could not be made", false);
    }
  }

  return {
    place,
    close,
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
          };
        }
        try {
          return { kind: "json", json: JSON.parse(answer.body) };
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
