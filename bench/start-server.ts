/** Starts the built command as a user would, and listens to what it logs. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { ensureBuilt } from "#cli/ensure-built.ts";
import { packageRoot } from "#cli/package-root.ts";
import { clusterListSchema } from "#lib/protocol/cluster.ts";

export interface Started {
  readonly url: string;
  readonly pid: number;
  /** The id of the cluster that the start page shows. */
  readonly cluster: string;
  /** From the start of the process until the first whole answer about that cluster was here. */
  readonly firstAnswerMs: number;
  /** As the server logs it: reading the source, then facts, checks and graph. */
  readonly readMs: number;
  readonly answerMs: number;
  stop(): Promise<void>;
}

/** Longer than this, and something hangs. */
const longestReadMs = 180_000;

export interface HowToStart {
  /** Besides the environment that there is. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Called when the server listens, before anything was read. */
  readonly onListening?: ((url: string) => void) | undefined;
  readonly longestReadMs?: number | undefined;
}

const listening = z.object({ url: z.string() });
const clusterRead = z.object({ msg: z.literal("cluster read"), readMs: z.number(), answerMs: z.number() });

/** `throughline start ARGS`; rejects with the server's own words when it does not come up. */
export async function startServer(args: readonly string[], how: HowToStart = {}): Promise<Started> {
  // Otherwise the command builds first what is older than its sources, and that would count.
  if ((await ensureBuilt(packageRoot)) === undefined) throw new Error("the dashboard cannot be built");
  const startedMs = performance.now();
  const child = spawn(process.execPath, ["cli/main.ts", "start", ...args, "--port", "0", "--json"], {
    cwd: packageRoot,
    // Nobody asks as much as a bench.
    env: {
      ...process.env,
      THROUGHLINE_LOG_LEVEL: "info",
      THROUGHLINE_LIMIT_PER_MINUTE: "1000000",
      ...how.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // Also where the bench itself is stopped half way.
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  const stop = () => {
    kill();
    return ended;
  };
  const said: string[] = [];
  try {
    const url = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        // Next prints a banner of its own; the command's line is the one that is JSON.
        if (line.startsWith("{")) resolve(listening.parse(JSON.parse(line)).url);
      });
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said.join("\n")}`)));
    });
    const times = new Promise<z.infer<typeof clusterRead>>((resolve) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        said.push(line);
        const entry = line.startsWith("{") ? clusterRead.safeParse(JSON.parse(line)) : undefined;
        if (entry?.success === true) resolve(entry.data);
      });
    });
    const at = await url;
    how.onListening?.(at);
    const cluster = await defaultCluster(at);
    await firstAnswer(at, cluster, how.longestReadMs ?? longestReadMs);
    const firstAnswerMs = performance.now() - startedMs;
    const { readMs, answerMs } = await times;
    return { url: at, pid: child.pid ?? 0, cluster, firstAnswerMs, readMs, answerMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function defaultCluster(url: string): Promise<string> {
  const { clusters } = clusterListSchema.parse(await (await fetch(`${url}/api/v1/clusters`)).json());
  const first = clusters.find((cluster) => cluster.isDefault);
  if (first === undefined) throw new Error("the server offers no cluster");
  return first.id;
}

/** The server holds a request for some seconds while it reads, and then asks to come again. */
async function firstAnswer(url: string, cluster: string, longestMs: number): Promise<void> {
  const signal = AbortSignal.timeout(longestMs);
  for (;;) {
    const response = await fetch(`${url}/api/v1/clusters/${cluster}/graph`, { signal });
    const body = await response.text();
    if (response.ok) return;
    if (response.status !== 503) throw new Error(`the server cannot read it: ${body}`);
  }
}
