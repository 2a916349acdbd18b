/** Starts the built command on a free port, as a user would, and stops it. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { test as base } from "@playwright/test";
import { z } from "zod";

const root = path.resolve(import.meta.dirname, "..");

export interface Served {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** `throughline start ARGS --port PORT --json`, 0 for any free one; resolves when it answers, rejects with its words when it does not. */
export async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  port = 0,
): Promise<Served> {
  const child = spawn(process.execPath, ["cli/main.ts", "start", ...args, "--port", String(port), "--json"], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Next prints a banner of its own; the command's line is the one that is JSON.
      if (line.startsWith("{")) resolve(z.object({ url: z.string() }).parse(JSON.parse(line)).url);
    });
    child.once("exit", (code) => reject(new Error(`throughline ended with ${code}: ${errors.join("")}`)));
  });
  return { url, stop: () => ended(child) };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** A test with the demo served once a worker; `page.goto("/…")` is relative to it. */
export const test = base.extend<object, { demo: Served }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to find what a fixture needs
    async ({}, use) => {
      const served = await serve(["--demo"]);
      await use(served);
      await served.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ demo }, use) => {
    await use(demo.url);
  },
});

export { expect } from "@playwright/test";
