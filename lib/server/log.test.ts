import { describe, expect, it } from "vitest";
import { consoleToLog } from "./console-to-log.ts";
import { createLog, faultOf, type LogFields } from "./log.ts";

it("writes one line of JSON an entry, from the lowest level on", () => {
  const lines: string[] = [];
  const log = createLog(
    "warn",
    (line) => lines.push(line),
    () => "2026-01-01T00:00:00Z",
  );
  log("info", "left out");
  log("warn", "cluster not read", { cluster: "prod", ms: 12, code: undefined });
  log("error", "two\nlines", { cluster: 'a"b' });
  expect(lines).toEqual([
    '{"level":"warn","time":"2026-01-01T00:00:00Z","cluster":"prod","ms":12,"msg":"cluster not read"}\n',
    '{"level":"error","time":"2026-01-01T00:00:00Z","cluster":"a\\"b","msg":"two\\nlines"}\n',
  ]);
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("of a fault is written", () => {
  const secret = "hunter2";
  it.each<[string, () => unknown, LogFields]>([
    [
      "where it is, and not what it cites",
      () => JSON.parse(`${secret} {"labels": "${secret}"}`),
      { error: "SyntaxError" },
    ],
    ["a message of V8's own", () => undefinedValue(secret).length, { error: "TypeError" }],
    ["a code", () => Object.assign(new Error(secret), { code: "ECONNRESET" }), { code: "ECONNRESET" }],
    ["no code of another kind", () => Object.assign(new Error("x"), { code: secret }), { error: "Error" }],
    [
      "no name that is none",
      () => Object.assign(new Error("x"), { name: `${secret} x` }),
      { error: "Error" },
    ],
    [
      "no line of a message that looks like a place",
      () => new Error(`x\n    at ${secret} (file:1:1)\n    at ${secret} (file:2:2)`),
      { error: "Error" },
    ],
    ["the kind of what is no error", () => secret, { error: "string" }],
    [
      "no value that a library's message quotes",
      () => new Headers([["a", `${secret}\n\u0000`]]),
      { error: "TypeError" },
    ],
  ])("%s", (_, run, fields) => {
    const written = faultOf(thrownBy(run));
    expect(written).toMatchObject(fields);
    expect(JSON.stringify(written)).not.toContain(secret);
    if (fields.error !== "string") expect(written.at).toContain("log.test.ts");
  });

  function undefinedValue(_: string): string {
    return undefined as unknown as string;
  }
});

it("what a library says on the console becomes an entry, without what it cites", () => {
  const lines: string[] = [];
  const target = { error: () => undefined, warn: () => undefined };
  consoleToLog(
    createLog("warn", (line) => lines.push(line)),
    target,
  );
  const said: { error: (...parts: unknown[]) => void } = target;
  said.error("Failed to handle request for /trace?from=hunter2", new Error("hunter2"));
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "error",
    msg: "said by a library",
    words: "Failed to handle request for …",
    error: "Error",
  });
  expect(lines.join()).not.toContain("hunter2");
});
