import { getHeapStatistics } from "node:v8";
import { type Transferable, Worker } from "node:worker_threads";
import { inRequest } from "../gate/in-request.ts";
import { faultOf, type Log, type LogFields } from "../log.ts";
import type { AnswerName, Params } from "./answers.ts";
import {
  type Answered,
  type FromClusters,
  type ThreadData,
  type ToClusters,
  transferable,
} from "./messages.ts";

const mebibyte = 1024 * 1024;
/** Two minutes without a sign of life: no work of ours takes a part of that without a pause. */
const mostMissed = 24;

/** What is heard of the thread. */
export interface Heard {
  /** Called once, should it ever end by itself, or answer no more. */
  died(): void;
  /** It has collected all its garbage. */
  collected(): void;
}

/**
 * The thread that clusters live on: they are read, followed and asked there. It has a heap of its own, so that neither
 * its work nor the collection of its garbage ever stops the web server, which stays with what is small and quick.
 */
export class ClustersThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answered: Answered) => void>();
  readonly #watch: NodeJS.Timeout;
  readonly #log: Log;
  readonly #heard: Heard;
  #asked = 0;
  /** Signs of life that were asked for since the last one came. */
  #missed = 0;
  #isOver = false;

  /** `file` is the thread's module. */
  constructor(file: string | URL, data: ThreadData, log: Log, heard: Heard, pingMs = 5_000) {
    this.#log = log;
    this.#heard = heard;
    this.#worker = new Worker(file, {
      name: "clusters",
      workerData: data,
      // As much as the process was given.
      resourceLimits: { maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / mebibyte) },
    });
    this.#worker.on("message", (message: FromClusters) => this.#take(message));
    this.#worker.once("error", (error) => this.#die(faultOf(error)));
    this.#worker.once("messageerror", (error) => this.#die(faultOf(error)));
    this.#worker.once("exit", (code) => this.#die({ code }));
    // By count, not by the clock: a machine that slept has missed one, however long it was.
    this.#watch = setInterval(() => {
      this.#missed += 1;
      if (this.#missed > mostMissed) this.#die({ missed: mostMissed });
      else this.#tell({ kind: "ping" });
    }, pingMs).unref();
  }

  /** The request's body and signal go with it, and a stream's end comes back. */
  async ask(name: AnswerName, request: Request, params: Params): Promise<Response> {
    this.#asked += 1;
    const id = this.#asked;
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
    this.#tell(ask, body === null ? [] : [transferable(body)]);
    const { promise, resolve } = Promise.withResolvers<Answered>();
    this.#waiting.set(id, resolve);
    const leave = () => this.#tell({ kind: "leave", id });
    const over = () => signal.removeEventListener("abort", leave);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    const answered = await promise;
    if (!(answered.body instanceof ReadableStream)) {
      over();
      return new Response(answered.body, headOf(answered));
    }
    // Whoever leaves before they read anything may never close it: the signal goes on telling.
    const stream = toldWhenOver(answered.body, () => {
      over();
      leave();
    });
    return new Response(stream, headOf(answered));
  }

  /** Tells it that the process ends: it is not ready for anything new, and its streams send their readers away. */
  end(): void {
    this.#tell({ kind: "end" });
  }

  /** For tests: at once. */
  async stop(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#watch);
    await this.#worker.terminate();
  }

  #take(message: FromClusters): void {
    switch (message.kind) {
      case "pong":
        this.#missed = 0;
        break;
      case "collected":
        this.#heard.collected();
        break;
      case "answer":
        this.#waiting.get(message.id)?.(message);
        this.#waiting.delete(message.id);
        break;
    }
  }

  #die(fields: LogFields): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#log("error", "the clusters' thread ended", fields);
    this.#heard.died();
  }

  #tell(message: ToClusters, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, [...transfer]);
  }
}

function headOf({ status, headers }: Answered): ResponseInit {
  return { status, headers: [...headers] };
}

/** The same stream; `over` is called when it has ended, or its reader is gone. */
function toldWhenOver(body: ReadableStream<Uint8Array>, over: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await reader.read().catch((error: unknown) => {
          over();
          throw error;
        });
        if (!piece.done) return controller.enqueue(piece.value);
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
