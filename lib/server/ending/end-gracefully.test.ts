/** A server that is told to end cuts nobody off. */
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { silentLog } from "../log.ts";
import { type EndingTimes, type Ends, endGracefully } from "./end-gracefully.ts";
import { readDrain } from "./end-on-signals.ts";

const clean: (() => void)[] = [];
afterEach(() => {
  for (const each of clean.splice(0)) each();
});

interface Running {
  readonly ends: Ends;
  readonly ending: AbortController;
  /** Answers under way, by path. */
  readonly under: Map<string, ServerResponse>;
  ask(path: string): Promise<{ readonly status: number; readonly text: string; readonly closes: boolean }>;
}

/** `/slow…` is answered when the test says so, everything else at once. */
async function running(times: Partial<EndingTimes> = {}): Promise<Running> {
  const ending = new AbortController();
  const ends = endGracefully(ending, { drainMs: 0, patienceMs: 2_000, ...times }, silentLog);
  const under = new Map<string, ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/slow") === true) under.set(request.url, response);
    else response.end("at once");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // As browsers do: one connection for many requests.
  const agent = new Agent({ keepAlive: true });
  clean.push(() => {
    ends.stop();
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  return {
    ends,
    ending,
    under,
    ask: (path) =>
      new Promise((resolve, reject) => {
        const request = get({ port, path, agent, host: "127.0.0.1" }, (response: IncomingMessage) => {
          const parts: string[] = [];
          response.on("data", (part: Buffer) => parts.push(part.toString()));
          response.on("error", reject);
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              text: parts.join(""),
              closes: response.headers.connection === "close",
            }),
          );
        });
        request.on("error", reject);
      }),
  };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

it("says at once that it ends, finishes what is under way, and takes nothing after that", async () => {
  const { ends, ending, under, ask } = await running();
  await ask("/");
  const slow = ask("/slow");
  await until(() => under.has("/slow"));
  let over = false;
  const end = ends.end().then(() => {
    over = true;
  });
  expect(ending.signal.aborted).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(over).toBe(false);
  await expect(ask("/")).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
  under.get("/slow")?.end("whole");
  expect(await slow).toMatchObject({ status: 200, text: "whole" });
  await end;
});

it("takes requests while others learn of the end, each on a connection of its own", async () => {
  const { ends, ask } = await running({ drainMs: 300 });
  expect(await ask("/")).toMatchObject({ closes: false });
  const end = ends.end();
  expect(await ask("/")).toMatchObject({ status: 200, text: "at once", closes: true });
  await end;
  await expect(ask("/")).rejects.toThrow();
});

it("is over at once where nobody asks anything, whatever connections are kept open", async () => {
  const { ends, ask } = await running();
  await ask("/");
  const started = performance.now();
  await ends.end();
  expect(performance.now() - started).toBeLessThan(1_000);
});

it("waits no longer than it has patience for", async () => {
  const { ends, under, ask } = await running({ patienceMs: 100 });
  const never = ask("/slow");
  never.catch(() => {});
  await until(() => under.has("/slow"));
  await ends.end();
  await expect(never).rejects.toThrow();
});

it("is hurried by a second signal", async () => {
  const { ends, under, ask } = await running({ drainMs: 60_000, patienceMs: 60_000 });
  const never = ask("/slow");
  never.catch(() => {});
  await until(() => under.has("/slow"));
  const end = ends.end();
  await ends.end();
  await end;
  await expect(never).rejects.toThrow();
});

it.each([
  [undefined, { kind: "drain", drainMs: 0 }],
  ["", { kind: "drain", drainMs: 0 }],
  ["5", { kind: "drain", drainMs: 5_000 }],
  [
    "soon",
    { kind: "invalid", problem: "THROUGHLINE_DRAIN_SECONDS must be a number of seconds from 0 to 300." },
  ],
  ["1000", { kind: "invalid", problem: "THROUGHLINE_DRAIN_SECONDS must be at most 300." }],
])("takes THROUGHLINE_DRAIN_SECONDS=%s as %j", (text, result) => {
  expect(readDrain({ THROUGHLINE_DRAIN_SECONDS: text })).toEqual(result);
});
