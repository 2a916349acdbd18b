import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addedClusterSchema } from "#lib/protocol/answers.ts";
import { clusterListSchema } from "#lib/protocol/cluster.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { runInRequest } from "../gate/in-request.ts";
import { markHeader } from "../gate/passed.ts";
import { silentLog } from "../log.ts";
import type { AnswerName, Params } from "./answers.ts";
import { ClustersThread, type Heard } from "./clusters-thread.ts";

const mark = "a-mark";
const file = `${import.meta.dirname}/main.ts`;
const nothing: Params = { id: "", kind: "", namespace: "", name: "" };
const demo: Params = { ...nothing, id: "demo" };
let thread: ClustersThread;
let deaths = 0;

beforeAll(() => {
  vi.stubEnv("THROUGHLINE_DEMO", "1");
  vi.stubEnv("THROUGHLINE_FILES", "");
  vi.stubEnv("THROUGHLINE_CONTEXT", "");
  thread = new ClustersThread(
    file,
    { mark },
    silentLog,
    heard(() => deaths++),
  );
});

afterAll(async () => {
  await thread.stop();
  vi.unstubAllEnvs();
});

function heard(died: () => void): Heard {
  return { died, collected: () => {} };
}

/** A request as it is after the gate. */
function passed(path: string, init: RequestInit & { readonly duplex?: "half" } = {}): Request {
  return new Request(get(path), { ...init, headers: { [markHeader]: mark } });
}

const ask = (name: AnswerName, request: Request, params = nothing) => thread.ask(name, request, params);

describe("the clusters' thread", () => {
  it("answers whole answers, with their status and headers", async () => {
    const list = await ask("clusters", passed("/api/v1/clusters"));
    expect(list.headers.get("cache-control")).toBe("no-store");
    const { clusters } = await jsonOf(list, clusterListSchema);
    expect(clusters.map(({ id }) => id)).toEqual(["demo"]);
    const none = await ask("graph", passed("/api/v1/clusters/nope/graph"), { ...nothing, id: "nope" });
    expect(await problemOf(none)).toMatchObject({ status: 404, type: "/problems/cluster-not-found" });
  });

  it("answers nobody whom the gate did not let through", async () => {
    const response = await ask("clusters", get("/api/v1/clusters"));
    expect(await problemOf(response)).toMatchObject({ status: 503, type: "/problems/starting" });
  });

  it("takes a body piece by piece", async () => {
    const yaml =
      "apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { ports: [{ port: 80 }] }\n";
    const packed = gzipSync(yaml);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of packed) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const request = passed("/api/v1/clusters?name=web.yaml.gz", { method: "POST", body, duplex: "half" });
    const response = await ask("upload", request);
    expect(await jsonOf(response, addedClusterSchema)).toEqual({ id: "web.yaml.gz", name: "web.yaml.gz" });
  });

  it("streams what it tells as it tells it", async () => {
    const response = await ask("stream", passed("/api/v1/clusters/demo/stream?watch=/graph"), demo);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let told = "";
    while (!told.includes("event: told")) {
      const piece = await reader?.read();
      if (piece === undefined || piece.done) throw new Error(`the stream ended after ${told}`);
      told += decoder.decode(piece.value, { stream: true });
    }
    expect(told).toContain('"status":200');
    await reader?.cancel();
  });

  it("ends a stream whose reader left before it began", async () => {
    const over = new AbortController();
    over.abort();
    const request = new Request(passed("/api/v1/clusters/demo/stream?watch=/graph"), { signal: over.signal });
    const response = await ask("stream", request, demo);
    // Nobody reads it for now, as nobody would; were it not over, this would wait for ever.
    const told = await response.text().catch(() => "");
    expect(told).not.toContain("event: ending");
  });

  it("reads a body that it has no use for", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        if (sent > 50) controller.close();
        else controller.enqueue(new Uint8Array(1_000));
      },
    });
    const unnamed = passed("/api/v1/clusters", { method: "POST", body, duplex: "half" });
    expect((await ask("upload", unnamed)).status).toBe(400);
    await vi.waitFor(() => expect(sent).toBe(51));
  });

  it("sends its streams' readers away when the process ends, and is not ready then", async () => {
    const response = await ask("stream", passed("/api/v1/clusters/demo/stream?watch=/graph"), demo);
    const all = response.text();
    thread.end();
    expect(await all).toMatch(/event: ending\ndata: \{\}\n\n$/);
    expect(await problemOf(await ask("ready", passed("/readyz")))).toMatchObject({
      type: "/problems/ending",
    });
    expect(deaths).toBe(0);
  });
});

it("a clusters' thread that gives no sign of life has ended", async () => {
  const silent = `data:text/javascript,setInterval(() => {}, 1e6)`;
  const log = vi.fn();
  const died = Promise.withResolvers<void>();
  const one = new ClustersThread(new URL(silent), { mark }, log, heard(died.resolve), 5);
  await died.promise;
  expect(log.mock.calls).toMatchObject([["error", "the clusters' thread ended", { missed: 24 }]]);
  await one.stop();
});

it("a clusters' thread that ends by itself says so, once", async () => {
  const log = vi.fn();
  const died = Promise.withResolvers<void>();
  new ClustersThread(`${import.meta.dirname}/no-such-file.ts`, { mark }, log, heard(died.resolve));
  await died.promise;
  expect(log.mock.calls).toMatchObject([["error", "the clusters' thread ended", { error: "Error" }]]);
});

it("a bug on the clusters' thread is answered with 500, under the request's id", async () => {
  vi.stubEnv("THROUGHLINE_DEMO", "maybe");
  const broken = new ClustersThread(
    file,
    { mark },
    silentLog,
    heard(() => {}),
  );
  const known = { id: "request-17", route: "/api/v1/clusters", peer: undefined };
  const response = await runInRequest(known, () =>
    broken.ask("clusters", passed("/api/v1/clusters"), nothing),
  );
  expect(await problemOf(response)).toMatchObject({
    status: 500,
    detail: expect.stringContaining("request-17"),
  });
  await broken.stop();
  vi.unstubAllEnvs();
});
