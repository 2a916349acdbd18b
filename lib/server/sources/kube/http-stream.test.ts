import http from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { HttpError } from "./http-get.ts";
import { httpStream, type StreamResult } from "./http-stream.ts";

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface Streamed {
  readonly lines: readonly string[];
  readonly opened: boolean;
  readonly end: StreamResult | string;
}

async function stream(
  handle: (res: http.ServerResponse) => void,
  options: { enoughAt?: string; silenceMs?: number; maxLineBytes?: number; signal?: AbortSignal } = {},
): Promise<Streamed> {
  const server = http.createServer((_req, res) => handle(res));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const lines: string[] = [];
  let opened = false;
  const {
    enoughAt,
    silenceMs = 5_000,
    maxLineBytes = 1_000_000,
    signal = new AbortController().signal,
  } = options;
  const end = await httpStream(
    new URL(`http://127.0.0.1:${port}/`),
    {},
    { beginTimeoutMs: 500, silenceMs, maxLineBytes, signal },
    {
      onOpen: () => {
        opened = true;
      },
      onBytes: () => {},
      onLine: (line) => {
        lines.push(line);
        return line !== enoughAt;
      },
    },
  ).catch((error: unknown) => (error instanceof HttpError ? error.code : `no HttpError: ${error}`));
  return { lines, opened, end };
}

describe("httpStream", () => {
  it("gives line by line, however the bytes were cut, and what was left over", async () => {
    const text = Buffer.from("one\nzwei ü\n\ndrei\nhal");
    const { lines, end } = await stream((res) => {
      const send = (at: number) => {
        if (at < text.length) res.write(text.subarray(at, at + 1), () => setImmediate(send, at + 1));
        else res.end();
      };
      send(0);
    });
    expect(lines).toEqual(["one", "zwei ü", "drei"]);
    expect(end).toEqual({ kind: "ended", cut: true });
  });

  it("stops when its reader has enough", async () => {
    const { lines, end } = await stream((res) => void res.write("a\nb\nc\n"), { enoughAt: "b" });
    expect(lines).toEqual(["a", "b"]);
    expect(end).toEqual({ kind: "stopped" });
  });

  it("tells a status with its body, and opens nothing", async () => {
    const { opened, end } = await stream((res) => res.writeHead(410, { "x-more": "1" }).end("gone"));
    expect(opened).toBe(false);
    expect(end).toMatchObject({ kind: "status", status: 410, body: "gone", headers: { "x-more": "1" } });
  });

  it.each([
    ["nothing at all comes", () => {}, {}, "TIMEOUT"],
    [
      "it falls silent",
      (res: http.ServerResponse): void => void res.write("a\n"),
      { silenceMs: 50 },
      "TIMEOUT",
    ],
    [
      "it breaks",
      (res: http.ServerResponse): void => void res.write("a\nb", () => res.destroy()),
      {},
      "ECONNRESET",
    ],
    [
      "a line is too long",
      (res: http.ServerResponse): void => void res.write("x".repeat(100)),
      { maxLineBytes: 10 },
      "TOO_LARGE",
    ],
  ] as const)("rejects where %s", async (_, handle, options, code) => {
    expect((await stream(handle, options)).end).toBe(code);
  });

  it("ends at once when it is given up", async () => {
    const over = new AbortController();
    const streamed = stream((res): void => void res.write("a\n", () => over.abort()), {
      signal: over.signal,
    });
    expect((await streamed).end).toBe("ABORTED");
    expect((await stream(() => {}, { signal: AbortSignal.abort() })).end).toBe("ABORTED");
  });
});
