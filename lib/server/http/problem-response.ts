import type { Problem } from "#lib/protocol/problem.ts";
import type { SourceFailure } from "#lib/server/sources/source.ts";

type ProblemInit = Omit<Problem, "type"> & { readonly type: string };

/** An RFC 9457 answer. `type` is the short name; the wire carries it as a path. */
export function problemResponse(
  { type, ...rest }: ProblemInit,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const problem: Problem = { type: `/problems/${type}`, ...rest };
  return Response.json(problem, {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}

/** A source that could give nothing, as the API says it: the fault lies behind us, so 502. */
export function failureResponse(failure: SourceFailure, instance: string): Response {
  return problemResponse({
    type: failure.code,
    title: failure.title,
    status: failure.code === "not-found" ? 404 : 502,
    detail: failure.detail,
    remedy: failure.remedy,
    instance,
  });
}
