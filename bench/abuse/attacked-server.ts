/** The built server in a process of its own, as a container runs it, to do to it what one would not to one that people use. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { packageRoot } from "#cli/package-root.ts";
import { canary } from "./attack.ts";

const memorySchema = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  arrayBuffers: z.number(),
});

/** Bytes, after a garbage collection. */
export type Memory = z.infer<typeof memorySchema>;

export interface AttackedServer {
  readonly port: number;
  readonly host: string;
  /** Why it is gone; undefined while it runs. */
  crashed(): string | undefined;
  memory(): Promise<Memory>;
  /** Milliseconds that it worked, since it was started: on a busy machine fewer than went by. */
  work(): Promise<number>;
  /** What it said, the last few kB. */
  said(): string;
  /** `SIGKILL`: as a node that loses power. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Longer than this, and it does not come up. */
const longestStartMs = 30_000;

/** A folder with the demo's manifests and one namespace more; by its name, and the folder's, answers about the cluster are known. */
export function servedFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), `throughline-abuse-${canary}-`));
  cpSync(path.join(packageRoot, "demo/cluster"), folder, { recursive: true });
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: canary } };
  writeFileSync(path.join(folder, "canary.yaml"), JSON.stringify(object));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Resolves once it is ready. Has to be built. */
export async function attackedServer(
  env: Readonly<Record<string, string>>,
  wantedPort?: number,
): Promise<AttackedServer> {
  const port = wantedPort ?? (await freePort());
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("THROUGHLINE_"));
  const server = path.join(packageRoot, ".next/standalone/server.js");
  const child = spawn(process.execPath, ["--import", path.join(import.meta.dirname, "inside.ts"), server], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...Object.fromEntries(own),
      NODE_ENV: "production",
      HOSTNAME: "127.0.0.1",
      PORT: String(port),
      THROUGHLINE_ROOT: path.dirname(server),
      ...env,
    },
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-20_000);
    });
  let isStopped = false;
  let crashed: string | undefined;
  const ended = new Promise<void>((resolve) =>
    child.once("exit", (code, signal) => {
      process.off("exit", kill);
      if (!isStopped) crashed = `it ended with ${signal ?? code}: ${said.slice(-2_000)}`;
      resolve();
    }),
  );
  const host = `127.0.0.1:${port}`;
  await ready(`http://${host}/readyz`, () => crashed);
  return {
    port,
    host,
    crashed: () => crashed,
    memory: async () => memorySchema.parse(await told(child, "memory")),
    work: async () => z.object({ ms: z.number() }).parse(await told(child, "work")).ms,
    said: () => said,
    async stop(signal = "SIGTERM") {
      isStopped = true;
      child.kill(signal);
      await ended;
    },
  };
}

async function told(child: ChildProcess, what: "memory" | "work"): Promise<unknown> {
  const answer = once(child, "message");
  child.send(what);
  return (await answer)[0];
}

async function ready(address: string, crashed: () => string | undefined): Promise<void> {
  const until = performance.now() + longestStartMs;
  for (;;) {
    const response = await fetch(address).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    const why = crashed();
    if (why !== undefined || performance.now() > until)
      throw new Error(why ?? `nothing is ready at ${address}`);
    await sleep(20);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
