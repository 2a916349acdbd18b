/** A cluster that is watched, at the size of the largest: against a stand-in for its API server, each a process. */
import { type ChildProcess, spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Figure, quantile } from "./figure.ts";

export interface LiveSize {
  readonly pods: number;
  readonly nodes: number;
  readonly namespaces: number;
  readonly services: number;
  readonly policies: number;
}

/** Kubernetes' own limits: 5,000 nodes and 150,000 pods. */
export const largest: LiveSize = {
  pods: 150_000,
  nodes: 5_000,
  namespaces: 2_000,
  services: 10_000,
  policies: 5_000,
};

/** A first answer takes at most twice as long as merely downloading and parsing the same pages. */
const downloadFactor = 2;
const restMb = 768;
/** A probe waits for no longer than this, whatever is being worked out. */
const probeMs = 100;
/** From a change on the wire to answers that have it. */
const followMs = 250;
const changesPerSecond = 200;
const markers = 40;

const started = z.object({ url: z.string() });
const downloaded = z.object({ ms: z.number(), bytes: z.number(), objects: z.number() });
const statsShape = z.object({
  firstMs: z.number().optional(),
  rssMb: z.number(),
  heapMb: z.number(),
  cpuMs: z.number(),
  answers: z.number(),
});

export async function measureLive(
  size: LiveSize,
  folder: string,
  progress: (what: string) => void,
): Promise<readonly Figure[]> {
  const kubeconfig = path.join(folder, "live-kubeconfig");
  const options = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  progress("live: generating");
  const api = await startedProcess("api-server/main.ts", [...options, "--kubeconfig", kubeconfig]);
  let live: { readonly child: ChildProcess; readonly url: string } | undefined;
  try {
    progress("live: downloading alone");
    const download = await downloadOf(api.url);
    progress("live: first answers");
    live = await startedProcess("live-process.ts", [kubeconfig]);
    const reading = probing(live.url);
    const first = await firstOf(live.url);
    const readingProbes = await reading.stop();
    const rest = await restOf(live.url);

    progress("live: changes");
    await control(api.url, { do: "churn", perSecond: changesPerSecond });
    const following = probing(live.url);
    const before = await statsOf(`${live.url}/stats`);
    const startMs = performance.now();
    const lags = await lagsOf(api.url, live.url);
    const after = await statsOf(`${live.url}/stats`);
    const seconds = (performance.now() - startMs) / 1000;
    const followingProbes = await following.stop();
    await control(api.url, { do: "calm" });
    const later = await restOf(live.url);

    const name = (what: string) => `live, ${size.pods.toLocaleString("en")} pods: ${what}`;
    const ms = (what: string, value: number, bound?: number): Figure => ({
      name: name(what),
      unit: "ms",
      values: [value],
      bound,
    });
    const at = `at ${changesPerSecond} changes a second`;
    return [
      { name: name("download and JSON.parse alone"), unit: "s", values: [download.ms / 1000] },
      {
        name: name("start to first answers"),
        unit: "s",
        values: [first / 1000],
        bound: (downloadFactor * download.ms) / 1000,
      },
      { name: name("resident at rest"), unit: "MB", values: [rest.rssMb], bound: restMb },
      { name: name("heap at rest"), unit: "MB", values: [rest.heapMb] },
      ms("healthz while reading, p99", quantile(readingProbes, 0.99)),
      ms("healthz while reading, longest", quantile(readingProbes, 1), probeMs),
      ms(`change to answers ${at}, p50`, quantile(lags, 0.5)),
      ms(`change to answers ${at}, p95`, quantile(lags, 0.95), followMs),
      { name: name(`CPU ${at}`), unit: "", values: [(after.cpuMs - before.cpuMs) / 1000 / seconds] },
      { name: name(`answers ${at}`), unit: "/s", values: [(after.answers - before.answers) / seconds] },
      ms(`healthz ${at}, p99`, quantile(followingProbes, 0.99)),
      ms(`healthz ${at}, longest`, quantile(followingProbes, 1), probeMs),
      { name: name("heap afterwards"), unit: "MB", values: [later.heapMb], bound: 1.1 * rest.heapMb },
    ];
  } finally {
    live?.child.kill("SIGTERM");
    api.child.kill("SIGTERM");
  }
}

async function startedProcess(file: string, args: readonly string[]) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill("SIGTERM"));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) =>
      resolve(started.parse(JSON.parse(line)).url),
    );
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return { child, url };
}

async function downloadOf(url: string): Promise<z.infer<typeof downloaded>> {
  const file = path.join(import.meta.dirname, "api-server", "download.ts");
  const child = spawn(process.execPath, [file, url], { stdio: ["ignore", "pipe", "inherit"] });
  return downloaded.parse(JSON.parse(await text(child.stdout)));
}

async function firstOf(url: string): Promise<number> {
  for (;;) {
    const { firstMs } = await statsOf(`${url}/stats`);
    if (firstMs !== undefined) return firstMs;
    await sleep(500);
  }
}

async function statsOf(url: string): Promise<z.infer<typeof statsShape>> {
  return statsShape.parse(JSON.parse(await got(url)));
}

/** The collector gives memory back to the system some time after it has found that it may. */
async function restOf(url: string): Promise<z.infer<typeof statsShape>> {
  await statsOf(`${url}/rest`);
  await sleep(15_000);
  return statsOf(`${url}/stats`);
}

async function control(url: string, command: object): Promise<void> {
  const response = await fetch(`${url}/control`, { method: "POST", body: JSON.stringify(command) });
  if (!response.ok) throw new Error(await response.text());
}

/** Over a connection of its own, as a kubelet's probe has. */
function got(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false }, (res) => void text(res).then(resolve, reject)).once("error", reject);
  });
}

/** How long a probe waits, asked again and again until it is stopped; sorted. */
function probing(url: string): { stop(): Promise<readonly number[]> } {
  const times: number[] = [];
  let on = true;
  const asking = (async () => {
    while (on) {
      const startMs = performance.now();
      await got(`${url}/healthz`);
      times.push(performance.now() - startMs);
      await sleep(10);
    }
  })();
  return {
    async stop() {
      on = false;
      await asking;
      return times.sort((a, b) => a - b);
    },
  };
}

/** From the moment at which the API server has a new pod until the answers have it; sorted. */
async function lagsOf(api: string, live: string): Promise<readonly number[]> {
  const lags: number[] = [];
  for (let marker = 0; marker < markers; marker++) {
    const name = `marker-${marker}`;
    const seen = got(`${live}/has?pod=pod/payments/${name}`);
    const startMs = performance.now();
    await control(api, {
      do: "put",
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace: "payments" },
        spec: { containers: [{ name: "main" }] },
        status: { phase: "Running" },
      },
    });
    await seen;
    lags.push(performance.now() - startMs);
    await sleep(137);
  }
  return lags.sort((a, b) => a - b);
}
