import type { z } from "zod";
import { type Problem, problemSchema } from "#lib/protocol/problem.ts";

/** An answer that was no success, with its problem document. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** The server is busy, and says when to ask again. */
  readonly againAfterMs: number | undefined;

  constructor(problem: Problem, againAfterMs?: number) {
    super(problem.title);
    this.name = "ProblemError";
    this.problem = problem;
    this.againAfterMs = againAfterMs;
  }
}

/**
 * Fetches JSON and parses it at the door. Throws ProblemError: with the server's problem document, or with one made
 * here when the server could not be reached or answered something else. A request that its caller aborts throws that.
 */
export async function fetchJson<Schema extends z.ZodType>(
  address: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.infer<Schema>> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    // Given up by whoever asked: nothing is wrong with the server.
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new ProblemError(unreachable(address));
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const problem = problemSchema.safeParse(body);
    throw new ProblemError(
      problem.success ? problem.data : unexpected(address, response.status),
      againAfterMs(response),
    );
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ProblemError(unexpected(address, response.status));
  return parsed.data;
}

/**
 * Why a stream could not be opened, which an `EventSource` does not say; undefined where it can be by now, or where
 * nobody answers. What would be streamed is not read.
 */
export async function refusalAt(
  address: string,
): Promise<{ readonly problem: Problem; readonly againAfterMs: number | undefined } | undefined> {
  const over = new AbortController();
  try {
    const response = await fetch(address, { signal: over.signal });
    if (response.ok) return undefined;
    const problem = problemSchema.safeParse(await response.json());
    return problem.success ? { problem: problem.data, againAfterMs: againAfterMs(response) } : undefined;
  } catch {
    return undefined;
  } finally {
    over.abort();
  }
}

/** Of 429 and 503, which say when to come back; a minute at most, whatever they say. */
export function againAfterMs({ status, headers }: Pick<Response, "status" | "headers">): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return seconds >= 0 ? Math.min(Math.max(seconds, 1), 60) * 1_000 : undefined;
}

function unreachable(instance: string): Problem {
  return {
    type: "/problems/server-unreachable",
    title: "Throughline's server does not answer",
    status: 0,
    detail: "The page could not reach the server that it came from.",
    instance,
    remedy: "Check that the process still runs; the page tries again by itself.",
  };
}

function unexpected(instance: string, status: number): Problem {
  return {
    type: "/problems/unexpected-answer",
    title: "The server's answer was not understood",
    status,
    detail: `${instance} answered ${status} with something that this page does not read.`,
    instance,
    remedy: "Reload the page: it may be older than the server.",
  };
}
