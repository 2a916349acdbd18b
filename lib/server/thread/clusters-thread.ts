import { getHeapStatistics } from "node:v8";
import { type Transferable, Worker } from "node:worker_threads";
import { inRequest } from "../gate/in-request.ts";
import { faultOf, type Log } from "../log.ts";
import type { AnswerName, Params } from "./answers.ts";
import { type Answered, type ThreadData, type ToClusters, transferable } from "./messages.ts";

const mebibyte = 1024 * 1024;

/**
 * The thread that clusters live on: they are read, followed and asked there. It has a heap of its own, so that neither
 * its work nor the collection of its garbage ever stops the web server, which stays with what is small and quick.
 */
export class ClustersThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answered: Answered) => void>();
  #asked = 0;

  /** `file` is the thread's module. `onDeath` is called should the thread ever end by itself. */
  constructor(file: string, data: ThreadData, log: Log, onDeath: () => void) {
    this.#worker = new Worker(file, {
      name: "clusters",
      workerData: data,
      // As much as the process was given.
      resourceLimits: { maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / mebibyte) },
    });
    this.#worker.on("message", (answered: Answered) => {
      this.#waiting.get(answered.id)?.(answered);
      this.#waiting.delete(answered.id);
    });
    this.#worker.once("error", (error) => {
      log("error", "the clusters' thread ended", faultOf(error));
      onDeath();
    });
  }

  /** The request's body and signal go with it, and a stream's end comes back. */
  async ask(name: AnswerName, request: Request, params: Params): Promise<Response> {
    this.#asked += 1;
    const id = this.#asked;
    const { promise, resolve } = Promise.withResolvers<Answered>();
    this.#waiting.set(id, resolve);
    const { body, signal } = request;
    const ask: ToClusters = {
      kind: "ask",
      id,
      name,
      params,
      method: request.method,
      url: request.url,
      headers: [...request.headers],
      body: body ?? undefined,
      inRequest: inRequest(),
    };
    const leave = () => this.#tell({ kind: "leave", id });
    signal.addEventListener("abort", leave, { once: true });
    this.#tell(ask, body === null ? [] : [transferable(body)]);
    const answered = await promise;
    signal.removeEventListener("abort", leave);
    return responseOf(answered, leave);
  }

  /** Tells it that the process ends: it is not ready for anything new, and its streams send their readers away. */
  end(): void {
    this.#tell({ kind: "end" });
  }

  /** For tests: at once. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(message: ToClusters, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }
}

function responseOf({ status, headers, body }: Answered, over: () => void): Response {
  const init = { status, headers: [...headers] };
  return new Response(body instanceof ReadableStream ? toldWhenOver(body, over) : body, init);
}

/** The same stream; `over` is called when it has ended, or its reader is gone. */
function toldWhenOver(body: ReadableStream<Uint8Array>, over: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        over();
        controller.close();
      },
      cancel(reason) {
        over();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
