/** What a server behind the gate does with who asks for too much, or sends too much or too slowly: over real connections. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "#lib/protocol/problem.ts";
import { problemSchema } from "#lib/protocol/problem.ts";
import { identityHeader, readIdentity } from "../auth/identity.ts";
import { silentLog } from "../log.ts";
import { installGate } from "./install.ts";
import { assertPassed, BeforeGate, forgetGate } from "./passed.ts";
import type { RequestLimits } from "./request-limits.ts";

const limits: RequestLimits = {
  streams: 2,
  questions: 2,
  uploads: 2,
  perMinute: 600,
  uploadBytes: 1_000_000,
  uploadFiles: 10,
  uploadMs: 1_200,
};
const times = { headersMs: 300, bodyMs: 600, pauseMs: 250, unreadMs: 60_000 };

/** Answers when the test says so, unless the path is `/now…` or what it sends is whole. */
const open: ServerResponse[] = [];
const seen: Headers[] = [];
let server: Server;
let port: number;

beforeAll(async () => {
  installGate(
    {
      auth: { mode: "proxy", from: ["127.0.0.1/32"], userHeader: "x-user", groupsHeader: "x-groups" },
      url: undefined,
      hosts: [],
      metricsToken: undefined,
    },
    limits,
    silentLog,
    times,
  );
  server = createServer({ connectionsCheckingInterval: 50 }, (request, response) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
    seen.push(headers);
    if (request.method === "POST") {
      if (request.url === held) {
        open.push(response);
        return;
      }
      request.resume();
      request.on("end", () => response.end("whole"));
      return;
    }
    if (request.url?.includes("/search") === true) response.end("now");
    else open.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(over));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  forgetGate();
});

const graph = "/api/v1/clusters/prod/graph";
const search = "/api/v1/clusters/prod/search?q=a";
const stream = "/api/v1/clusters/prod/stream?watch=%2Fgraph";
const uploads = "/api/v1/clusters?name=a.yaml";
/** What is sent here has arrived, is never read, and its answer takes its time. */
const held = "/api/v1/demo";

/** Answers, and waits until the share that was taken is given back. */
async function over(response: ServerResponse): Promise<void> {
  if (response.closed) return;
  const closed = once(response, "close");
  response.end();
  await closed;
}

function ask(path: string, init: RequestInit & { user?: string } = {}): Promise<Response> {
  const { user = "ada", headers, ...rest } = init;
  return fetch(`http://127.0.0.1:${port}${path}`, { ...rest, headers: { "x-user": user, ...headers } });
}

async function problemIn(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  return problemSchema.strict().parse(await response.json());
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Opens as many as are waited for, and gives the function that lets them go. */
async function openMany(path: string, count: number, user = "ada"): Promise<() => void> {
  const before = open.length;
  const over = new AbortController();
  for (let i = 0; i < count; i++) ask(path, { user, signal: over.signal }).catch(() => undefined);
  await until(() => open.length === before + count);
  return () => over.abort();
}

describe("too many at once", () => {
  it.each([
    ["questions", graph, "Too many questions at once"],
    ["streams", stream, "Too many pages follow at once"],
  ])(
    "of %s are 429, with when to ask again, until one is over; others are answered",
    async (_, path, title) => {
      await openMany(path, 2);
      const refused = await ask(path);
      expect(refused.status).toBe(429);
      expect(refused.headers.get("retry-after")).toBe("1");
      expect(await problemIn(refused)).toMatchObject({
        type: "/problems/too-many-requests",
        status: 429,
        title,
        detail: expect.stringContaining("At most 2 "),
        remedy: expect.stringContaining("Ask again in a second"),
      });
      await openMany(path, 1, "ben");
      const [first] = open.splice(0, 1);
      if (first === undefined) throw new Error("two are open");
      await over(first);
      await openMany(path, 1);
    },
  );

  it("are counted no more once their readers are gone", async () => {
    for (let round = 0; round < 5; round++) {
      const leave = await openMany(stream, 2);
      expect((await ask(stream)).status).toBe(429);
      leave();
      await until(() => open.every((response) => response.destroyed));
      open.splice(0);
    }
  });

  it("leave probes and files of the page alone, and streams leave questions", async () => {
    await openMany(stream, 2);
    expect((await ask(search)).status).toBe(200);
    await openMany(graph, 2);
    expect((await ask(search)).status).toBe(429);
    await openMany("/_next/static/chunks/a.js", 3);
    await openMany("/healthz", 3);
  });

  it("are told to a person in words, and the browser asks again by itself", async () => {
    await openMany(graph, 2);
    const page = await ask("/findings", { headers: { accept: "text/html" } });
    expect(page.status).toBe(429);
    expect(page.headers.get("refresh")).toBe("1");
    expect(await page.text()).toBe(
      "Too many questions at once.\nAt most 2 questions at the same time are taken from one person or address, and there are 2.\nAsk again in a second; pages do so by themselves. THROUGHLINE_LIMIT_QUESTIONS sets how many are taken.\n",
    );
  });

  it("in a minute are 429 as well", async () => {
    const statuses = new Set<number>();
    let after: string | null = null;
    for (let i = 0; i < 3_000 && after === null; i++) {
      const response = await ask(search, { user: "hasty" });
      await response.text();
      statuses.add(response.status);
      after = response.headers.get("retry-after");
    }
    expect([...statuses]).toEqual([200, 429]);
    expect(after).toBe("1");
    expect((await ask(search, { user: "calm" })).status).toBe(200);
  });
});

describe("too much", () => {
  it.each([
    ["a form", "/auth/token", 70_000, "body-too-large"],
    ["a file", uploads, 1_000_001, "body-too-large"],
  ])("sent as %s is 413 before it is read", async (_, path, bytes, type) => {
    const response = await ask(path, { method: "POST", body: new Uint8Array(bytes) });
    expect(response.status).toBe(413);
    expect(await problemIn(response)).toMatchObject({ type: `/problems/${type}`, status: 413 });
  });

  it("cannot be sent without saying how much, but as a file", async () => {
    const body = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(10));
          controller.close();
        },
      });
    const init = () => ({ method: "POST", body: body(), duplex: "half" }) as RequestInit;
    const response = await ask("/auth/token", init());
    expect(response.status).toBe(411);
    expect(await problemIn(response)).toMatchObject({ type: "/problems/length-needed" });
    expect((await ask(uploads, init())).status).toBe(200);
  });

  it("of an address is 414, of headers 431, both as problems", async () => {
    const long = await ask(`${graph}?ns=${"x".repeat(17_000)}`);
    expect(long.status).toBe(414);
    expect(await problemIn(long)).toMatchObject({ type: "/problems/address-too-long" });
    const headers = await ask(graph, { headers: { cookie: `a=${"x".repeat(40_000)}` } });
    expect(headers.status).toBe(431);
    expect(await problemIn(headers)).toMatchObject({ type: "/problems/headers-too-long", status: 431 });
  });
});

/** Writes these parts with a pause after each, and gives all that comes back. */
function sendSlowly(parts: readonly string[], pauseMs: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let at = 0;
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("error", () => undefined);
    const timer = setInterval(() => {
      const part = parts[at++];
      if (part !== undefined && socket.writable) socket.write(part);
    }, pauseMs);
    socket.on("close", () => {
      clearInterval(timer);
      resolve(text);
    });
  });
}

const started = (method: string, path: string, more: string) =>
  `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-user: slow\r\n${more}`;

describe("too slow", () => {
  it("with its headers is 408", async () => {
    const text = await sendSlowly([started("GET", graph, ""), ...Array<string>(200).fill("a: b\r\n")], 100);
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(text).toContain('"type":"/problems/sent-too-slowly"');
  });

  it.each([
    ["pauses", uploads, 5_000, "Nothing more of it arrived"],
    ["takes too long for a file", uploads, 100, "It was not whole after"],
    ["takes too long for a form", "/auth/token", 100, "It was not whole after"],
  ])("with a body that %s is 408, and its place is free again", async (_, path, pauseMs, why) => {
    const head = started("POST", path, "content-type: text/plain\r\ncontent-length: 1000\r\n\r\n");
    const sent = [head.slice(0, 5), head.slice(5), ...Array<string>(900).fill("x")];
    const texts = await Promise.all(
      [1, 2].map(() =>
        sendSlowly(pauseMs > 1_000 ? [sent.slice(0, 3).join("")] : sent, Math.min(pauseMs, 50)),
      ),
    );
    // One person sends half of all files at a time: the second is told so.
    const own = path === uploads ? texts.filter((text) => !text.includes(" 429 ")) : texts;
    expect(own.length).toBeGreaterThanOrEqual(1);
    for (const text of own) {
      expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(text).toContain(why);
    }
    expect((await ask(uploads, { method: "POST", body: "whole", user: "slow" })).status).toBe(200);
  });

  it("is nobody who only waits for the answer", async () => {
    const sent = ask(held, { method: "POST", body: "{}" });
    await until(() => open.length === 1);
    // For longer than a body may take.
    await new Promise((resolve) => setTimeout(resolve, 1.5 * times.bodyMs));
    open.shift()?.end("late");
    expect(await (await sent).text()).toBe("late");
  });
});

it.each([
  ["nonsense", "\u0000\u0001\u0002\r\n\r\n", 400],
  ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n", 400],
  ["two lengths", `${started("POST", graph, "content-length: 1\r\ncontent-length: 2\r\n\r\n")}xx`, 400],
])("%s is told that it is no request", async (_, text, status) => {
  expect(await sendSlowly([text], 10)).toContain(`HTTP/1.1 ${status} `);
});

it("marks what it lets through, so that whatever came before it stood is refused", async () => {
  seen.splice(0);
  await (await ask(search, { headers: { [identityHeader]: "forged" } })).text();
  const [headers] = seen;
  if (headers === undefined) throw new Error("nothing arrived");
  expect(() => assertPassed(headers)).not.toThrow();
  expect(readIdentity(headers)?.user).toBe("ada");
  expect(() => assertPassed(new Headers({ [identityHeader]: "forged" }))).toThrow(BeforeGate);
});
