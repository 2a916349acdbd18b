/** One HTTP GET whose answer never ends by itself: a watch, line by line. */
import http from "node:http";
import https from "node:https";
import { readBody } from "./http-body.ts";
import { codeOf, HttpError } from "./http-get.ts";

export interface StreamLimits {
  /** How long the server may take until it begins to answer. */
  readonly beginTimeoutMs: number;
  /** How long it may say nothing after that. */
  readonly silenceMs: number;
  readonly maxLineBytes: number;
  readonly signal: AbortSignal;
}

export interface StreamHandlers {
  /** The server has agreed; lines follow as they come. */
  onOpen(): void;
  /** Any bytes came, be they a whole line or not. */
  onBytes(): void;
  /** False: enough, the connection is closed. Must not throw. */
  onLine(line: string): boolean;
}

export type StreamResult =
  /** `cut`: a part of a line was left over. */
  | { readonly kind: "ended"; readonly cut: boolean }
  | { readonly kind: "stopped" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: string;
    };

const newline = 10;
const maxStatusBytes = 1024 * 1024;

/** Resolves when the stream ends; rejects with an HttpError (`TIMEOUT`: it fell silent) and with nothing else. */
export function httpStream(
  url: URL,
  options: https.RequestOptions,
  limits: StreamLimits,
  handlers: StreamHandlers,
): Promise<StreamResult> {
  return new Promise((resolve, reject) => {
    let stopped: { readonly code: string; readonly message: string } | undefined;
    const client = url.protocol === "http:" ? http : https;
    const req = client.request(url, { ...options, method: "GET" });
    const stop = (code: string, message: string) => {
      stopped ??= { code, message };
      req.destroy(new Error(message));
    };
    const begins = () => {
      if (req.socket?.connecting !== false)
        stop("ETIMEDOUT", `no connection within ${limits.beginTimeoutMs} ms`);
      else stop("TIMEOUT", `nothing came for ${limits.beginTimeoutMs} ms`);
    };
    let timer = setTimeout(begins, limits.beginTimeoutMs);
    const onAbort = () => stop("ABORTED", "given up");
    const clean = () => {
      clearTimeout(timer);
      limits.signal.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown) => {
      clean();
      const { code, message } = stopped ?? codeOf(error);
      reject(new HttpError(code, message, req.reusedSocket && stopped === undefined));
    };
    const settle = (result: StreamResult) => {
      clean();
      resolve(result);
    };

    // Stays on for good: a socket may fail again after the promise has settled.
    req.on("error", fail);
    req.on("response", (res) => {
      const status = res.statusCode ?? 0;
      if (status !== 200) {
        readBody(res, maxStatusBytes, () => stop("TOO_LARGE", "the answer is too large")).then(
          (body) => settle({ kind: "status", status, headers: res.headers, body }),
          fail,
        );
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => stop("TIMEOUT", `nothing came for ${limits.silenceMs} ms`), limits.silenceMs);
      handlers.onOpen();
      const lines = lineSplitter(limits.maxLineBytes, handlers.onLine);
      res.on("data", (chunk: Buffer) => {
        // One timer for all of a stream's life: a busy one would make a new one thousands of times a second.
        timer.refresh();
        handlers.onBytes();
        const end = lines.push(chunk);
        if (end === "more") return;
        if (end === "too-long") {
          stop("TOO_LARGE", `a line has more than ${limits.maxLineBytes} bytes`);
          return;
        }
        settle({ kind: "stopped" });
        req.destroy();
      });
      res.on("end", () => settle({ kind: "ended", cut: lines.rest() > 0 }));
      res.on("error", fail);
      res.on("close", () => {
        if (!res.complete) fail(Object.assign(new Error("the answer broke off"), { code: "ECONNRESET" }));
      });
    });
    if (limits.signal.aborted) onAbort();
    else limits.signal.addEventListener("abort", onAbort);
    req.end();
  });
}

interface LineSplitter {
  push(chunk: Buffer): "more" | "stopped" | "too-long";
  /** Bytes of a line that has not ended. */
  rest(): number;
}

function lineSplitter(maxBytes: number, onLine: (line: string) => boolean): LineSplitter {
  let parts: Buffer[] = [];
  let bytes = 0;
  return {
    rest: () => bytes,
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
        const end = chunk.subarray(from, at);
        const line =
          parts.length === 0 ? end.toString("utf8") : Buffer.concat([...parts, end]).toString("utf8");
        parts = [];
        bytes = 0;
        from = at + 1;
        if (line !== "" && !onLine(line)) return "stopped";
      }
      const left = chunk.length - from;
      if (left === 0) return "more";
      // A copy: the chunk's memory belongs to the socket, and is 64 kB for the sake of a few bytes.
      parts.push(Buffer.from(chunk.subarray(from)));
      bytes += left;
      return bytes > maxBytes ? "too-long" : "more";
    },
  };
}
