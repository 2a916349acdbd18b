/**
 * The page in a real browser, against a server that watches a stand-in for an API server: how soon it can be used, how
 * it moves, finds and unfolds, what it takes, and whether anything of the cluster is left out.
 */
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { type GraphAnswer, graphAnswerSchema } from "#lib/protocol/answers.ts";
import { type ClusterNumbers, startApiServer } from "./api-server/start.ts";
import { type Figure, quantile } from "./figure.ts";
import { largest } from "./measure-live.ts";
import { measurePage, screen } from "./measure-page.ts";
import { startServer } from "./start-server.ts";
import { watchPage } from "./watch-page.ts";

interface BrowserSize {
  readonly cluster: ClusterNumbers;
  /** Open until it can be used: a peer's time to its first graph at that size, where one is known. */
  readonly usableMs: number;
  /** The same for the median frame while panning. */
  readonly panMs?: number | undefined;
}

/** The first three are those that a peer's map was measured at, with as many namespaces. */
export const browserSizes: readonly BrowserSize[] = [
  { cluster: clusterOf(500, 5), usableMs: 1_300, panMs: 17 },
  { cluster: clusterOf(2_000, 5), usableMs: 1_400, panMs: 17 },
  { cluster: clusterOf(20_000, 10), usableMs: 1_800, panMs: 27 },
  { cluster: largest, usableMs: 1_500 },
];

/** People feel no wait below this. */
const answerMs = 100;
/** What is typed, key by key: a name, a label, an address, and what nothing has. */
const searches = ["payments-web", "name=orders-api", "10.1.2", "zzzz"] as const;
const runs = 5;

export async function measureBrowser(
  browser: Browser,
  { cluster: size, usableMs, panMs }: BrowserSize,
  folder: string,
  progress: (what: string) => void,
): Promise<readonly Figure[]> {
  const name = `${size.pods.toLocaleString("en")} pods watched`;
  const kubeconfig = path.join(folder, `browser-${size.pods}-kubeconfig`);
  progress(`browser: ${name}, generating`);
  const api = await startApiServer(size, kubeconfig);
  try {
    progress(`browser: ${name}, syncing`);
    const server = await startServer([], { env: { KUBECONFIG: kubeconfig } });
    try {
      const { url, cluster } = server;
      progress(`browser: ${name}, opening`);
      const opened = await measurePage(browser, { name, url, cluster, runs, usableMs, panMs });
      progress(`browser: ${name}, finding and unfolding`);
      return [...opened, ...(await measureUse(browser, name, url, cluster))];
    } finally {
      await server.stop();
    }
  } finally {
    api.stop();
  }
}

async function measureUse(
  browser: Browser,
  name: string,
  url: string,
  cluster: string,
): Promise<readonly Figure[]> {
  const heapMb: number[] = [];
  const wireKb: number[] = [];
  const median: number[] = [];
  const slowest: number[] = [];
  const unfoldMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext({ viewport: screen, colorScheme: "light" });
    try {
      const page = await context.newPage();
      const wire = bytesOnTheWire(page);
      await page.addInitScript(watchPage);
      await page.goto(`${url}/?cluster=${cluster}`, { waitUntil: "commit" });
      await page.waitForFunction(() => window.benchMarks?.usableMs !== undefined);
      heapMb.push(await heapOf(page));
      wireKb.push((await wire()) / 1000);
      const keys = await searching(page);
      median.push(quantile(keys, 0.5));
      slowest.push(quantile(keys, 1));
      unfoldMs.push(await unfolding(page));
    } finally {
      await context.close();
    }
  }
  const { missing, of } = leftOut(
    graphAnswerSchema.parse(await (await fetch(`${url}/api/v1/clusters/${cluster}/graph`)).json()),
  );
  return [
    { name: `${name}: on the wire until usable`, unit: "kB", values: wireKb },
    { name: `${name}: script heap`, unit: "MB", values: heapMb },
    { name: `${name}: key to results, median key`, unit: "ms", values: median, bound: answerMs },
    { name: `${name}: key to results, slowest key`, unit: "ms", values: slowest, bound: answerMs },
    { name: `${name}: press to unfolded`, unit: "ms", values: unfoldMs, bound: answerMs },
    {
      name: `${name}: of ${of.toLocaleString("en")} objects on the map, neither drawn nor counted`,
      unit: "",
      values: [missing],
    },
  ];
}

/** The map's own objects and the pods behind its workloads; what is only told of elsewhere (policies) is not among them. */
function leftOut({ view, cluster }: GraphAnswer): { readonly missing: number; readonly of: number } {
  const inFolds = view.nodes.reduce((sum, { folds }) => sum + (folds?.count ?? 1), 0);
  const counted = [...view.islands, ...view.nodes.flatMap(({ family }) => family ?? [])];
  const pods = counted.reduce((sum, one) => sum + one.pods, 0);
  const { nodes } = view.totals;
  // A workload counts the pods that it should have, and so may the map: more is nothing left out.
  const missingPods = Math.max(0, cluster.counts.pods - pods);
  return { missing: nodes - inFolds + missingPods, of: nodes + cluster.counts.pods };
}

function bytesOnTheWire(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    sizes.push(
      request
        .sizes()
        .then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    );
  });
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** After a collection, so that what is only waiting to be one is not counted. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1e6;
}

/** Milliseconds from each key until its results are on the screen, sorted. */
async function searching(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (const text of searches) {
    await page.keyboard.press("/");
    await page.locator("[cmdk-input]").waitFor();
    for (let at = 1; at <= text.length; at++) {
      const query = text.slice(0, at);
      await page.keyboard.press(query.at(-1) ?? "");
      times.push(await sincePress(page, `[data-results-for=${JSON.stringify(query)}]`));
    }
    await page.keyboard.press("Escape");
    await page.locator("[cmdk-input]").waitFor({ state: "detached" });
  }
  return times.sort((a, b) => a - b);
}

/** A row of namespaces where there are any, else a namespace. */
async function unfolding(page: Page): Promise<number> {
  const row = page.locator('[data-family] > button[aria-expanded="false"]').first();
  if ((await row.count()) > 0) {
    await row.click();
    return sincePress(page, '[data-family] > button[aria-expanded="true"]');
  }
  const island = page.locator("[data-island]", { has: page.getByRole("button", { name: /unfold/ }) }).first();
  const namespace = await island.getAttribute("data-island");
  const before = await page.locator("[data-node]").count();
  await island.getByRole("button").click();
  return sincePress(page, `[data-node*="/${namespace}/"]`, before);
}

/** From the last key or press until there is what the selector asks for (and more cards than `moreThan`), as it is painted. */
async function sincePress(page: Page, selector: string, moreThan = 0): Promise<number> {
  return page.evaluate(
    ({ wanted, least }) =>
      new Promise<number>((resolve) => {
        const pressedMs = window.benchMarks?.pressedMs ?? 0;
        const look = () => {
          const isThere =
            document.querySelector(wanted) !== null &&
            document.querySelectorAll("[data-node]").length > least;
          if (!isThere) return false;
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressedMs)));
          return true;
        };
        if (look()) return;
        const observer = new MutationObserver(() => {
          if (look()) observer.disconnect();
        });
        observer.observe(document, { attributes: true, childList: true, subtree: true });
      }),
    { wanted: selector, least: moreThan },
  );
}

/** As real clusters have it: ten apps a Service each for a hundred pods, and a node for thirty. */
function clusterOf(pods: number, namespaces: number): ClusterNumbers {
  return {
    pods,
    namespaces,
    nodes: Math.ceil(pods / 30),
    services: Math.ceil(pods / 10),
    policies: Math.ceil(pods / 40),
  };
}
