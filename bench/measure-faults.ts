/**
 * What goes wrong around the dashboard, one thing after the other: what a page says meanwhile, how long it takes until
 * it is right again, and whether the answers are then those of a server that has just been started.
 */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { type ClusterNumbers, startApiServer } from "./api-server/start.ts";
import { namespaceName } from "./cluster/plan.ts";
import { contentOf } from "./content-of.ts";
import { type Fault, faults } from "./faults/faults.ts";
import { realApiServer } from "./faults/real-api-server.ts";
import type { Figure } from "./figure.ts";
import { screen } from "./measure-page.ts";
import { type Started, startServer } from "./start-server.ts";
import { watchWords } from "./watch-words.ts";

interface FaultOptions {
  readonly browser: Browser;
  readonly folder: string;
  readonly progress: (what: string) => void;
}

const size: ClusterNumbers = { pods: 2_000, nodes: 70, namespaces: 50, services: 200, policies: 50 };
const changesPerSecond = 10;
/** Longer than this, and it does not recover. */
const longestMs = 240_000;
/** A server that was just started may still be telling its first changes apart. */
const equalWithinMs = 20_000;
const compared = ["/graph", "/findings", "/graph?only=broken", "/findings?by=namespace"] as const;
const hourMs = 3_600_000;
const skews = [
  { name: "the server's clock an hour behind", serverMs: -hourMs, pageMs: 0 },
  { name: "the server's clock an hour ahead", serverMs: hourMs, pageMs: 0 },
  { name: "the browser's clock an hour behind", serverMs: 0, pageMs: -hourMs },
] as const;
/** A starting API server is tried again after at most this long. */
const reachMostS = 15;
const followS = 1;

interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the header says where nothing is wrong. */
  readonly calm: string;
}

export async function measureFaults({ browser, folder, progress }: FaultOptions): Promise<readonly Figure[]> {
  const kubeconfig = path.join(folder, "faults-kubeconfig");
  const env = { KUBECONFIG: kubeconfig };
  const namespace = namespaceName(0);
  const figures: Figure[] = [];
  const differences: string[] = [];
  progress("faults: generating");
  const api = await startApiServer(size, kubeconfig);
  const { control } = api;
  const putMarker = (name: string) => control({ do: "put", object: podNamed(namespace, name) });
  let server = await startServer([], { env });
  try {
    for (const [at, fault] of faults.entries()) {
      progress(`faults: ${fault.name}`);
      const opened = await openedOn(browser, server, namespace);
      await control({ do: "churn", perSecond: changesPerSecond });
      const measured = await measureFault(fault, { ...opened, pid: server.pid, control }, async () => {
        await control({ do: "calm" });
        await putMarker(`marker-${at}`);
        return `pod/${namespace}/marker-${at}`;
      });
      progress(`faults: ${measured.values.join()} s; ${measured.words}`);
      figures.push({ name: `faults, ${fault.name}: recovery`, unit: "s", bound: fault.boundS, ...measured });
      // Whatever it left behind is no part of the next one, nor of a fresh start.
      await control({ do: "streaming-lists", mode: "on" });
      const fresh = await startServer([], { env });
      differences.push(...(await differencesOf(fault.name, server, fresh)));
      await opened.context.close();
      await server.stop();
      server = fresh;
    }
    for (const [at, skew] of skews.entries()) {
      progress(`faults: ${skew.name}`);
      const skewed = await startServer([], { env: { ...env, ...skewedBy(skew.serverMs) } });
      try {
        const marker = `skew-${at}`;
        const opened = await openedOn(browser, skewed, namespace, skew.pageMs);
        const startMs = performance.now();
        await putMarker(marker);
        const values = [await recovered(opened, `pod/${namespace}/${marker}`, startMs)];
        const ages = await agesOn(opened.page, skewed, `pod/${namespace}/${marker}`);
        const words = [opened.calm, ...ages].join("; ");
        figures.push({
          name: `faults, ${skew.name}: change to page`,
          unit: "s",
          values,
          bound: followS,
          words,
        });
        differences.push(...(await differencesOf(skew.name, skewed, server)));
        await opened.context.close();
      } finally {
        await skewed.stop();
      }
    }
  } finally {
    // One that is stopped takes no other signal.
    process.kill(server.pid, "SIGCONT");
    await server.stop();
    api.stop();
  }
  const real = await measureRealOne(browser, progress);
  differences.push(...real.differences);
  for (const difference of differences) progress(`faults: differs from a fresh start: ${difference}`);
  const answers = compared.length * (faults.length + skews.length + real.figures.length);
  return [
    ...figures,
    ...real.figures,
    {
      name: `faults: of ${answers} answers afterwards, other than a fresh start's`,
      unit: "",
      values: [differences.length],
      bound: 0,
    },
  ];
}

async function measureRealOne(
  browser: Browser,
  progress: (what: string) => void,
): Promise<{ readonly figures: readonly Figure[]; readonly differences: readonly string[] }> {
  const name = "a real API server killed and started again";
  progress(`faults: ${name}`);
  const real = realApiServer();
  if (real === undefined) {
    progress("faults: left out, there is no ../shared/real-cluster beside the project");
    return { figures: [], differences: [] };
  }
  const namespace = "default";
  const env = { KUBECONFIG: real.kubeconfig };
  try {
    real.apply(podNamed(namespace, "marker-0"));
    const server = await startServer([], { env });
    try {
      const opened = await openedOn(browser, server, namespace);
      const fault: Fault = {
        name,
        begin: async () => real.kill(),
        says: /Stale/,
        lastsS: 10,
        end: () => real.startAgain(),
        boundS: reachMostS + followS,
      };
      const scene = { ...opened, pid: server.pid, control: () => Promise.resolve() };
      const measured = await measureFault(fault, scene, async () => {
        real.apply(podNamed(namespace, "marker-1"));
        return `pod/${namespace}/marker-1`;
      });
      const fresh = await startServer([], { env });
      try {
        return {
          figures: [
            { name: `faults, ${name}: from ready to recovery`, unit: "s", bound: fault.boundS, ...measured },
          ],
          differences: await differencesOf(name, server, fresh),
        };
      } finally {
        await opened.context.close();
        await fresh.stop();
      }
    } finally {
      await server.stop();
    }
  } finally {
    real.down();
  }
}

/** `mark` changes something, and gives the id of the card that shows it. */
async function measureFault(
  fault: Fault,
  scene: Opened & Parameters<Fault["begin"]>[0],
  mark: () => Promise<string>,
): Promise<Pick<Figure, "values" | "words">> {
  const { page, calm } = scene;
  const before = (await wordsOn(page)).length;
  const beginMs = performance.now();
  await fault.begin(scene);
  const { says } = fault;
  if (says !== undefined)
    await page.waitForFunction(
      (pattern) => new RegExp(pattern).test(window.benchWords?.at(-1) ?? ""),
      says.source,
      { timeout: longestMs, polling: 100 },
    );
  await sleep(Math.max(0, (fault.lastsS ?? 0) * 1_000 - (performance.now() - beginMs)));
  const kinds = await kindsOn(page);
  await fault.end?.(scene);
  const endMs = performance.now();
  const value = await recovered(scene, await mark(), endMs);
  const said = (await wordsOn(page)).slice(before).filter((words) => words !== calm);
  return { values: [value], words: inShort([...(said.length === 0 ? [calm] : said), ...kinds]) };
}

/** Seconds from `sinceMs` until the card is there and the header says what it said before. */
async function recovered({ page, calm }: Opened, card: string, sinceMs: number): Promise<number> {
  const isThere = await page
    .waitForFunction(
      ({ card, calm }) =>
        document.querySelector(`[data-node="${card}"]`) !== null && window.benchWords?.at(-1) === calm,
      { card, calm },
      { timeout: longestMs, polling: "raf" },
    )
    .catch(() => undefined);
  return isThere === undefined ? longestMs / 1_000 : (performance.now() - sinceMs) / 1_000;
}

async function openedOn(
  browser: Browser,
  { url, cluster }: Started,
  namespace: string,
  skewMs = 0,
): Promise<Opened> {
  const context = await browser.newContext({ viewport: screen, colorScheme: "light" });
  const page = await context.newPage();
  await page.addInitScript(watchWords);
  if (skewMs !== 0) await page.addInitScript(skewClock, skewMs);
  await page.goto(`${url}/?cluster=${cluster}&ns=${namespace}`);
  await page.locator('[data-map][data-ready="true"]').waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => window.benchWords?.at(-1)?.startsWith("Live"));
  return { context, page, calm: (await wordsOn(page)).at(-1) ?? "" };
}

/** Runs inside the page. */
function skewClock(skewMs: number): void {
  const RealDate = Date;
  const now = () => RealDate.now() + skewMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}

function skewedBy(ms: number): Readonly<Record<string, string>> {
  if (ms === 0) return {};
  const file = path.join(import.meta.dirname, "faults", "skewed-clock.ts");
  return { NODE_OPTIONS: `--import=${file}`, BENCH_SKEW_MS: String(ms) };
}

function wordsOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => window.benchWords ?? []);
}

/** What a press on the header's words says of single kinds, the first few; none where there is nothing to press. */
async function kindsOn(page: Page): Promise<readonly string[]> {
  const button = page.locator("header button", { has: page.locator('[role="status"]') });
  if ((await button.count()) === 0) return [];
  await button.click();
  const lines = await page.locator("[data-kinds] li").allInnerTexts();
  await page.keyboard.press("Escape");
  const [first, ...others] = lines.map((line) => line.replaceAll(/\s+/g, " "));
  if (first === undefined) return [];
  return [others.length === 0 ? first : `${first}, and ${others.length} more`];
}

/** The ages that the panel of a pod tells which was made this moment. */
async function agesOn(page: Page, { url, cluster }: Started, id: string): Promise<readonly string[]> {
  await page.goto(`${url}/?cluster=${cluster}&show=${id}`);
  const times = page.getByRole("complementary", { name: "Details" }).locator("time");
  await times.first().waitFor();
  const said = await times.allInnerTexts();
  return [...new Set(said)].map((text) => `made “${text}”`);
}

async function differencesOf(name: string, one: Started, other: Started): Promise<readonly string[]> {
  for (const endMs = performance.now() + equalWithinMs; ; await sleep(500)) {
    const found: string[] = [];
    for (const each of compared) {
      const [a, b] = await Promise.all([answerOf(one, each), answerOf(other, each)]);
      const where = differenceOf(a, b);
      if (where !== undefined) found.push(`${name}, ${each}: ${where}`);
    }
    if (found.length === 0 || performance.now() > endMs) return found;
  }
}

async function answerOf({ url, cluster }: Started, address: string): Promise<unknown> {
  return contentOf(await (await fetch(`${url}/api/v1/clusters/${cluster}${address}`)).json());
}

/** Where the two are first different, for who has to find out why; undefined: nowhere. */
function differenceOf(one: unknown, other: unknown, at = ""): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return `${at}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`.slice(0, 400);
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = differenceOf(Reflect.get(one, key), Reflect.get(other, key), `${at}/${key}`);
    if (found !== undefined) return found;
  }
  return at;
}

/** A pod that nothing owns has a card of its own. */
function podNamed(namespace: string, name: string) {
  const now = new Date().toISOString().replace(/\.\d+/, "");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, creationTimestamp: now },
    spec: { containers: [{ name: "main", image: "registry.example.com/main:1" }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady", lastTransitionTime: now }],
    },
  };
}

function kindsIn(sentence: string): number {
  return Number(/(\d+) kinds?/.exec(sentence)?.[1] ?? 0);
}

/** What was said, each once, of as many kinds as it was said of: how many are left, and at which revision, is no other sentence. */
function inShort(said: readonly string[]): string {
  const sentences = new Map<string, string>();
  for (const words of said) {
    const sentence = words.replaceAll(/\b\d\d:\d\d\b/g, "HH:MM");
    const key = sentence
      .replaceAll(/Changes of .*? are/g, "")
      .replaceAll(/\d+ kinds?/g, "")
      .replaceAll(/\d/g, "");
    const before = sentences.get(key);
    if (before === undefined || kindsIn(before) < kindsIn(sentence)) sentences.set(key, sentence);
  }
  return [...sentences.values()].join("; ");
}
