/**
 * A cluster that is watched, at the size of the largest: the server as users start it, on a stand-in for an API server,
 * with a real browser before it.
 */
import { spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "@playwright/test";
import { z } from "zod";
import { type ClusterNumbers, type StartedApiServer, startApiServer } from "./api-server/start.ts";
import { namespaceName } from "./cluster/plan.ts";
import { type Figure, quantile } from "./figure.ts";
import { type Started, startServer } from "./start-server.ts";
import { usageOf } from "./usage-of.ts";

/** Kubernetes' own limits: 5,000 nodes and 150,000 pods. */
export const largest: ClusterNumbers = {
  pods: 150_000,
  nodes: 5_000,
  namespaces: 2_000,
  services: 10_000,
  policies: 5_000,
};

export interface LiveOptions {
  readonly size: ClusterNumbers;
  /** For how long memory is watched while everything changes. */
  readonly soakMinutes: number;
  readonly folder: string;
  readonly browser: Browser;
  readonly progress: (what: string) => void;
}

/** A first answer takes at most twice as long as merely downloading and parsing the same pages. */
const downloadFactor = 2;
const restMb = 768;
/** A probe waits for no longer than this, whatever is being worked out. */
const probeMs = 100;
/** From a change on the wire to the page that shows it. */
const followMs = 250;
const changesPerSecond = 200;
/** Collections come every half minute or so: what they do to changes shows in as many as fall into some of them. */
const markers = 200;
const clientMarkers = 60;
const clients = 200;
/** So many of the namespaces are looked at by someone. */
const watchedNamespaces = 10;
const longestReadMs = 300_000;
/** A heap goes up and down with its collections, which come every half minute: of that the highest is compared. */
const settlingMs = 120_000;
const sampleMs = 2_000;
/** Garbage goes, and with it memory back to the system, some time after a first answer. */
const restAfterMs = 60_000;

const downloaded = z.object({ ms: z.number(), bytes: z.number(), objects: z.number() });
const seenLine = z.object({ marker: z.string(), atMs: z.number() });

export async function measureLive(options: LiveOptions): Promise<readonly Figure[]> {
  const { size, soakMinutes, folder, browser, progress } = options;
  const kubeconfig = path.join(folder, "live-kubeconfig");
  const name = (what: string) => `live, ${size.pods.toLocaleString("en")} pods: ${what}`;
  const figure = (what: string, unit: Figure["unit"], value: number, bound?: number): Figure => ({
    name: name(what),
    unit,
    values: [value],
    bound,
  });
  const at = `at ${changesPerSecond} changes a second`;

  progress("live: generating");
  const api = await startApiServer(size, kubeconfig);
  let server: Started | undefined;
  try {
    progress("live: downloading alone");
    const download = await downloadOf(api.url);

    progress("live: first answers");
    const reading = probing();
    server = await startServer([], {
      env: { KUBECONFIG: kubeconfig, THROUGHLINE_LIMIT_STREAMS: String(2 * clients) },
      onListening: reading.start,
      longestReadMs,
    });
    const { url, pid, cluster, firstAnswerMs } = server;
    const readingProbes = await reading.stop();
    await sleep(restAfterMs);
    const rest = usageOf(pid).residentMb;

    progress("live: changes on a page");
    const page = await openedOn(browser, `${url}/?cluster=${cluster}&ns=${namespaceName(0)}`);
    await api.control({ do: "churn", perSecond: changesPerSecond });
    const following = probing();
    following.start(url);
    const before = usageOf(pid);
    const startMs = performance.now();
    const lags = await lagsOnPage(api, page);
    const used = usageOf(pid).cpuSeconds - before.cpuSeconds;
    const share = (used * 1000) / (performance.now() - startMs);
    const followingProbes = await following.stop();

    progress(`live: ${soakMinutes} minutes of it`);
    const settling = await highestResident(pid, settlingMs);
    const later = await highestResident(pid, soakMinutes * 60_000);
    await page.context().close();

    progress(`live: ${clients} clients`);
    const alone = usageOf(pid).residentMb;
    const { lags: clientLags, residentMb } = await lagsOfClients(api, url, cluster, pid);
    await api.control({ do: "calm" });

    return [
      figure("download and JSON.parse alone", "s", download.ms / 1000),
      figure("start to first answers", "s", firstAnswerMs / 1000, (downloadFactor * download.ms) / 1000),
      figure("resident at rest", "MB", rest, restMb),
      figure("healthz while reading, p99", "ms", quantile(readingProbes, 0.99)),
      figure("healthz while reading, longest", "ms", quantile(readingProbes, 1), probeMs),
      figure(`change to page ${at}, p50`, "ms", quantile(lags, 0.5)),
      figure(`change to page ${at}, p95`, "ms", quantile(lags, 0.95), followMs),
      figure(`CPU ${at}, of one core`, "", share),
      figure(`healthz ${at}, p99`, "ms", quantile(followingProbes, 0.99)),
      figure(`healthz ${at}, longest`, "ms", quantile(followingProbes, 1), probeMs),
      figure(`resident ${at}, highest in the first 2 min`, "MB", settling),
      figure(`resident ${at}, highest in ${soakMinutes} min after that`, "MB", later, 1.1 * settling),
      figure(`${clients} clients: memory of each`, "MB", Math.max(0, residentMb - alone) / clients),
      figure(`${clients} clients: change to client, p50`, "ms", quantile(clientLags, 0.5)),
      figure(`${clients} clients: change to client, p95`, "ms", quantile(clientLags, 0.95)),
    ];
  } finally {
    await server?.stop();
    api.stop();
  }
}

/** The most memory that a process held at any time of these, in MB. */
async function highestResident(pid: number, ms: number): Promise<number> {
  const endMs = performance.now() + ms;
  let highest = usageOf(pid).residentMb;
  while (performance.now() < endMs) {
    await sleep(sampleMs);
    highest = Math.max(highest, usageOf(pid).residentMb);
  }
  return highest;
}

async function downloadOf(url: string): Promise<z.infer<typeof downloaded>> {
  const file = path.join(import.meta.dirname, "api-server", "download.ts");
  const child = spawn(process.execPath, [file, url], { stdio: ["ignore", "pipe", "inherit"] });
  return downloaded.parse(JSON.parse(await text(child.stdout)));
}

/** Over a connection of its own, as a kubelet's probe has. */
function got(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false }, (res) => void text(res).then(resolve, reject)).once("error", reject);
  });
}

/** How long a probe waits, asked again and again from start to stop; sorted. */
function probing() {
  const times: number[] = [];
  let asking: Promise<void> = Promise.resolve();
  let on = true;
  return {
    start(url: string) {
      asking = (async () => {
        while (on) {
          const startMs = performance.now();
          await got(`${url}/healthz`);
          times.push(performance.now() - startMs);
          await sleep(10);
        }
      })();
    },
    async stop(): Promise<readonly number[]> {
      on = false;
      await asking;
      return times.sort((a, b) => a - b);
    },
  };
}

async function openedOn(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('[data-map][data-ready="true"]').waitFor({ timeout: 60_000 });
  return page;
}

/** A pod that nothing owns has a card of its own. */
async function putMarker(api: StartedApiServer, namespace: string, name: string): Promise<void> {
  await api.control({
    do: "put",
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace },
      spec: { containers: [{ name: "main" }] },
      status: { phase: "Running" },
    },
  });
}

async function dropMarker(api: StartedApiServer, namespace: string, name: string): Promise<void> {
  await api.control({
    do: "delete",
    object: { apiVersion: "v1", kind: "Pod", metadata: { name, namespace } },
  });
}

/** From the moment at which the API server is given a new pod until its card is on an open page; sorted. */
async function lagsOnPage(api: StartedApiServer, page: Page): Promise<readonly number[]> {
  const namespace = namespaceName(0);
  const lags: number[] = [];
  for (let marker = 0; marker < markers; marker++) {
    const name = `marker-${marker}`;
    const seen = page.evaluate(
      (selector) =>
        new Promise<number>((resolve) => {
          const look = () => {
            if (document.querySelector(selector) === null) requestAnimationFrame(look);
            else resolve(performance.timeOrigin + performance.now());
          };
          look();
        }),
      `[data-node="pod/${namespace}/${name}"]`,
    );
    const putMs = performance.timeOrigin + performance.now();
    await putMarker(api, namespace, name);
    lags.push((await seen) - putMs);
    await dropMarker(api, namespace, name);
    // In no step with the server's own rounds.
    await sleep(300 + ((marker * 137) % 500));
  }
  return lags.sort((a, b) => a - b);
}

/** The same for many clients of the stream at once, each of which looks at one of some namespaces. */
async function lagsOfClients(api: StartedApiServer, url: string, cluster: string, pid: number) {
  const namespaces = Array.from({ length: watchedNamespaces }, (_, at) => namespaceName(at));
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, "stream-clients.ts"), url, cluster, String(clients), ...namespaces],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  process.once("exit", () => child.kill("SIGTERM"));
  const put = new Map<string, number>();
  const lags: number[] = [];
  const ready = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  const expected = clients / watchedNamespaces;
  let told = Promise.withResolvers<void>();
  let count = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === '{"ready":true}') return ready.resolve();
    const { marker, atMs } = seenLine.parse(JSON.parse(line));
    lags.push(atMs - (put.get(marker) ?? Number.NaN));
    count += 1;
    if (count === expected) told.resolve();
  });
  child.once("exit", (code) => all.reject(new Error(`the clients ended with ${code}`)));
  all.promise.catch(() => {});
  try {
    await Promise.race([ready.promise, all.promise]);
    for (let marker = 0; marker < clientMarkers; marker++) {
      const name = `marker-${1_000 + marker}`;
      const namespace = namespaces[marker % namespaces.length] ?? "";
      told = Promise.withResolvers();
      count = 0;
      put.set(name, performance.timeOrigin + performance.now());
      await putMarker(api, namespace, name);
      await Promise.race([told.promise, all.promise]);
      await sleep(200 + ((marker * 137) % 300));
    }
    const { residentMb } = usageOf(pid);
    return { lags: lags.sort((a, b) => a - b), residentMb };
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
  }
}
