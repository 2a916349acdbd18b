/** For tests only: reads an HTTP answer as a client would, and holds it against what it should be. */
import type { z } from "zod";
import { type Problem, problemSchema } from "#lib/protocol/problem.ts";

export function get(path: string): Request {
  return new Request(`http://localhost${path}`);
}

/** The body of a JSON answer. Throws unless it is a success that the schema knows in full: nothing missing, nothing more. */
export async function jsonOf<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
  const parsed = schema.parse(body);
  const [sent, known] = [JSON.stringify(sorted(body)), JSON.stringify(sorted(parsed))];
  if (sent !== known) throw new Error(`the schema drops a part of ${sent.slice(0, 500)}`);
  return parsed;
}

/** The problem document of an answer. Throws unless it is one by type, shape and status, and is kept by no cache. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type");
  if (type !== "application/problem+json") throw new Error(`no problem document but ${type}`);
  if (response.headers.get("cache-control") !== "no-store") throw new Error("a cache may keep the problem");
  const problem = problemSchema.strict().parse(await response.json());
  if (problem.status !== response.status) throw new Error(`${problem.status} is not ${response.status}`);
  if (!problem.type.startsWith("/problems/")) throw new Error(`${problem.type} is no path under /problems/`);
  return problem;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  );
}
