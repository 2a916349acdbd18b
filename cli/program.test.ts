import type { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgram } from "./program.ts";
import { version } from "./version.ts";

const { start, traceCommand, assertCommand } = vi.hoisted(() => ({
  start: vi.fn(),
  traceCommand: vi.fn(),
  assertCommand: vi.fn(),
}));
vi.mock("./start.ts", () => ({ start }));
vi.mock("./trace-command.ts", () => ({ traceCommand }));
vi.mock("./assert-command.ts", () => ({ assertCommand }));

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  for (const command of [start, traceCommand, assertCommand]) command.mockReset();
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function program(): Command {
  const made = createProgram();
  for (const command of [made, ...made.commands]) {
    command.configureOutput({
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
    });
  }
  return made;
}

const run = (...words: readonly string[]) => program().parseAsync(["node", "throughline", ...words]);

/** The options that the command was started with. */
async function started(...words: readonly string[]): Promise<unknown> {
  await run(...words);
  expect(start).toHaveBeenCalledTimes(1);
  return start.mock.calls[0]?.[0];
}

describe("throughline", () => {
  const defaults = { host: "127.0.0.1", port: 3000 };

  it.each<[readonly string[], object]>([
    [[], defaults],
    [["start"], defaults],
    [["--demo"], { ...defaults, demo: true }],
    [
      ["start", "--demo", "--port", "8080", "--json"],
      { host: "127.0.0.1", port: 8080, demo: true, json: true },
    ],
    [["--files", "./manifests"], { ...defaults, files: "./manifests" }],
    [["start", "--context", "prod-eu", "--host", "::1"], { host: "::1", port: 3000, context: "prod-eu" }],
    [["--port", "0"], { ...defaults, port: 0 }],
    [["--port=65535"], { ...defaults, port: 65_535 }],
    [
      ["--demo", "--ip-block-matches-pods=no", "--ip-block-matches-nodes=yes", "--host-network", "as-pod"],
      {
        ...defaults,
        demo: true,
        ipBlockMatchesPods: "no",
        ipBlockMatchesNodes: "yes",
        hostNetwork: "as-pod",
      },
    ],
  ])("with %j starts the dashboard, on loopback unless told otherwise", async (words, options) => {
    expect(await started(...words)).toEqual(options);
  });

  it.each([
    [["--demo", "--files", "x"]],
    [["--files", "x", "--demo"]],
    [["--context", "x", "--demo"]],
    [["--context", "x", "--files", "y"]],
    [["start", "--demo", "--context", "x"]],
  ])("with %j asks for two clusters, which it refuses", async (words) => {
    await expect(run(...words)).rejects.toThrow("exit 2");
    expect(err).toMatch(/option '--\w+.*' cannot be used with option '--\w+/);
    expect(start).not.toHaveBeenCalled();
  });

  it.each(["65536", "-1", "1.5", "http", "", " 80", "0x50", "1e3"])("refuses the port %j", async (port) => {
    await expect(run(`--port=${port}`)).rejects.toThrow("exit 2");
    expect(err).toContain("a port is a whole number from 0 to 65535.");
    expect(start).not.toHaveBeenCalled();
  });

  it.each([
    [["--nope"], "unknown option '--nope'"],
    [["nope"], "too many arguments"],
    [["--files"], "argument missing"],
  ])("refuses %j with words and a way to the help", async (words, message) => {
    await expect(run(...words)).rejects.toThrow("exit 2");
    expect(err).toContain(message);
    expect(err).toContain("throughline --help");
  });

  it.each([
    [["start", "--host-network", "as-wolf"], "Allowed choices are as-node, as-pod"],
    [["--ip-block-matches-pods", "maybe"], "Allowed choices are yes, no"],
  ])("refuses %j, which no network plugin does", async (words, message) => {
    await expect(run(...words)).rejects.toThrow("exit 2");
    expect(err).toContain(message);
    expect(start).not.toHaveBeenCalled();
  });

  it("says its version", async () => {
    await expect(run("--version")).rejects.toThrow("exit 0");
    expect(out.trim()).toBe(version);
  });
});

describe("throughline trace", () => {
  it("asks from one end to another, on any port over TCP unless told otherwise", async () => {
    await run("trace", "shop/deployment/web", "cart");
    expect(traceCommand.mock.calls).toEqual([["shop/deployment/web", "cart", {}]]);
    expect(start).not.toHaveBeenCalled();
  });

  it("hands on where to look, what to ask and how to take it", async () => {
    const words = ["--files", "dump.yaml", "--complete", "--port", "http", "--protocol", "UDP", "--json"];
    const dialect = ["--ip-block-matches-pods=yes", "--ip-block-matches-nodes=no", "--host-network=as-pod"];
    await run("trace", "internet", "a/b", ...words, ...dialect);
    expect(traceCommand.mock.calls[0]?.[2]).toEqual({
      files: "dump.yaml",
      complete: true,
      port: "http",
      protocol: "UDP",
      json: true,
      ipBlockMatchesPods: "yes",
      ipBlockMatchesNodes: "no",
      hostNetwork: "as-pod",
    });
  });

  it.each([
    [["trace", "a/b"], "missing required argument 'to'"],
    [["trace", "a/b", "c/d", "--demo", "--complete"], "cannot be used with option"],
    [["trace", "a/b", "c/d", "--context", "x", "--complete"], "cannot be used with option"],
    [["trace", "a/b", "c/d", "--host-network", "as-wolf"], "Allowed choices are as-node, as-pod"],
  ])("refuses %j", async (words, message) => {
    await expect(run(...words)).rejects.toThrow("exit 2");
    expect(err).toContain(message);
    expect(traceCommand).not.toHaveBeenCalled();
  });
});

describe("throughline assert", () => {
  it("takes several files, and standard input", async () => {
    await run("assert", "a.yaml", "-", "b.json", "--context", "prod-eu", "--json");
    expect(assertCommand.mock.calls).toEqual([
      [["a.yaml", "-", "b.json"], { context: "prod-eu", json: true }],
    ]);
  });

  it("refuses to ask nothing", async () => {
    await expect(run("assert", "--demo")).rejects.toThrow("exit 2");
    expect(err).toContain("missing required argument 'file'");
  });
});

describe("the help", () => {
  it("names every command, and how it is used", async () => {
    await expect(run("--help")).rejects.toThrow("exit 0");
    const said = out.replaceAll(/\s+/g, " ");
    for (const command of program().commands) {
      expect(said).toContain(command.name());
      expect(said).toContain(command.description());
    }
    for (const example of [
      "--context prod-eu",
      "--files ./manifests",
      "--demo --port 8080",
      "throughline trace",
    ])
      expect(said).toContain(example);
  });

  it("of each command names every option, what it does, and what it is by default", async () => {
    for (const command of program().commands) {
      out = "";
      await expect(run(command.name(), "--help")).rejects.toThrow("exit 0");
      const said = out.replaceAll(/\s+/g, " ");
      expect(command.options.length).toBeGreaterThan(3);
      for (const { flags, description } of command.options) {
        expect(said).toContain(flags);
        expect(said).toContain(description);
      }
    }
  });

  it("of a command names its defaults, and of those that answer their exit codes", async () => {
    await expect(run("start", "--help")).rejects.toThrow("exit 0");
    expect(out).toContain("(default: 3000)");
    for (const name of ["trace", "assert"]) {
      out = "";
      await expect(run(name, "--help")).rejects.toThrow("exit 0");
      expect(out).toMatch(/^Exit codes: 0 .*; 1 .*; 2 could not run/m);
      expect(out).toContain("Examples:");
    }
  });
});
