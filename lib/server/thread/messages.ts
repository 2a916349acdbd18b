/** What the two threads of the server tell each other. Both ends are this project's own, built together. */
import type { Transferable } from "node:worker_threads";
import type { InRequest } from "../gate/in-request.ts";
import type { AnswerName, Params } from "./answers.ts";

export interface Ask {
  readonly kind: "ask";
  readonly id: number;
  readonly name: AnswerName;
  readonly params: Params;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly [string, string][];
  readonly body: ReadableStream<Uint8Array> | undefined;
  readonly inRequest: InRequest | undefined;
}

export type ToClusters =
  | Ask
  /** Whoever asked this has gone, or has read all of its stream. */
  | { readonly kind: "leave"; readonly id: number }
  /** The process was told to end. */
  | { readonly kind: "end" }
  /** Asks for a sign of life. */
  | { readonly kind: "ping" };

export type FromClusters =
  | Answered
  | { readonly kind: "pong" }
  /** The thread has collected all its garbage. */
  | { readonly kind: "collected" };

export interface Answered {
  readonly kind: "answer";
  readonly id: number;
  readonly status: number;
  readonly headers: readonly [string, string][];
  /** Whole, or a stream where the answer has no end. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;
}

export interface ThreadData {
  /** What the gate marks requests with. */
  readonly mark: string;
}

/** Node can hand a stream to another thread; the DOM's type of the same class does not say so. */
export function transferable(stream: ReadableStream<Uint8Array>): Transferable {
  return stream as unknown as Transferable;
}
