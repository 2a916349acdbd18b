import type { IncomingHttpHeaders } from "node:http";

export interface Arriving {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names of headers, in lower case, that came more than once: Node takes the first of some and joins others. */
  readonly repeated: ReadonlySet<string>;
  /** The address at the other end of the connection. */
  readonly peer: string | undefined;
}

/** A request that goes no further, and what its sender is told. */
export interface Refusal {
  readonly kind: "refuse";
  readonly status: number;
  /** Short name of the problem: `host-not-allowed`. */
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly remedy?: string | undefined;
  /** Of a method that is not taken: those that are. */
  readonly allow?: string | undefined;
  /** When to ask again; absent: asking again changes nothing. */
  readonly retryAfterSeconds?: number | undefined;
}
