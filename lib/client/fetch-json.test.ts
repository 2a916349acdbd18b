import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { problemSchema } from "#lib/protocol/problem.ts";
import { againAfterMs, fetchJson, ProblemError, refusalAt } from "./fetch-json.ts";

const schema = z.object({ status: z.literal("ok") });

function answers(body: string, status = 200, type = "application/json") {
  const stub = vi.fn(async () => new Response(body, { status, headers: { "content-type": type } }));
  vi.stubGlobal("fetch", stub);
  return stub;
}

async function problemOf(address = "/x") {
  const error: unknown = await fetchJson(address, schema).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProblemError)) throw new Error(`no ProblemError: ${String(error)}`);
  expect(problemSchema.parse(error.problem)).toEqual(error.problem);
  expect(error.message).toBe(error.problem.title);
  return error.problem;
}

afterEach(() => vi.unstubAllGlobals());

describe("fetchJson", () => {
  it("gives what the schema reads, and drops the rest", async () => {
    const stub = answers('{"status": "ok", "more": 1}');
    expect(await fetchJson("/x", schema, { method: "POST" })).toEqual({ status: "ok" });
    expect(stub).toHaveBeenCalledWith("/x", { method: "POST" });
  });

  it("says that the server does not answer", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("fetch failed");
    });
    expect(await problemOf()).toMatchObject({
      type: "/problems/server-unreachable",
      status: 0,
      instance: "/x",
    });
  });

  it("passes on a request that was given up, which is no fault of the server", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new DOMException("This operation was aborted", "AbortError");
    });
    await expect(fetchJson("/x", schema)).rejects.toMatchObject({ name: "AbortError" });
  });

  it("hands on the server's own problem", async () => {
    const problem = {
      type: "/problems/object-not-found",
      title: "No",
      status: 404,
      detail: "d",
      nearest: ["a"],
    };
    answers(JSON.stringify(problem), 404, "application/problem+json");
    expect(await problemOf()).toEqual(problem);
  });

  it.each([
    [429, "3", 3_000],
    [503, "0", 1_000],
    [429, "86400", 60_000],
    [429, "soon", undefined],
    [429, undefined, undefined],
    [500, "3", undefined],
  ])("of %i with Retry-After %s is asked again after %s ms", (status, after, ms) => {
    const headers = new Headers(after === undefined ? {} : { "retry-after": after });
    expect(againAfterMs({ status, headers })).toBe(ms);
  });

  it("says why a stream is refused, and reads none that is not", async () => {
    const problem = { type: "/problems/too-many-requests", title: "Busy", status: 429, detail: "d" };
    vi.stubGlobal("fetch", async () =>
      Response.json(problem, { status: 429, headers: { "retry-after": "2" } }),
    );
    expect(await refusalAt("/stream")).toEqual({ problem, againAfterMs: 2_000 });
    let cancelled: AbortSignal | undefined;
    vi.stubGlobal("fetch", async (_: string, { signal }: { signal: AbortSignal }) => {
      cancelled = signal;
      return new Response(new ReadableStream());
    });
    expect(await refusalAt("/stream")).toBeUndefined();
    expect(cancelled?.aborted).toBe(true);
    answers("<h1>502</h1>", 502);
    expect(await refusalAt("/stream")).toBeUndefined();
  });

  it("hands on when to ask again", async () => {
    const problem = { type: "/problems/too-many-requests", title: "Busy", status: 429, detail: "d" };
    vi.stubGlobal("fetch", async () =>
      Response.json(problem, { status: 429, headers: { "retry-after": "2" } }),
    );
    await expect(fetchJson("/x", schema)).rejects.toMatchObject({ problem, againAfterMs: 2_000 });
  });

  it.each([
    ["an HTML page", "<!doctype html>", 200],
    ["an HTML error page of something in between", "<h1>502</h1>", 502],
    ["nothing at all", "", 200],
    ["JSON that is cut off", '{"status": "o', 200],
    ["another shape", '{"status": "bad"}', 200],
    ["an error that is no problem document", '{"error": "no"}', 500],
    ["null", "null", 404],
  ])("says that the answer was not understood: %s", async (_what, body, status) => {
    answers(body, status);
    expect(await problemOf("/api/v1/clusters")).toMatchObject({
      type: "/problems/unexpected-answer",
      status,
      detail: expect.stringContaining(`/api/v1/clusters answered ${status}`),
    });
  });
});
