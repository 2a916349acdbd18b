/** Opens the page as a new visitor would, and measures what they would feel. */
import type { Browser, Page, Request } from "@playwright/test";
import { graphAnswerSchema } from "#lib/protocol/answers.ts";
import { type Figure, quantile } from "./figure.ts";
import { watchPage } from "./watch-page.ts";

export interface PageOptions {
  /** What the figures begin with: "2,000 pods". */
  readonly name: string;
  readonly url: string;
  readonly cluster: string;
  /** What the link says besides the cluster: `open=namespace/shop`. */
  readonly query?: string | undefined;
  readonly runs: number;
  /** What it is held against where that is not what the map is for. */
  readonly usableMs?: number | undefined;
  readonly panMs?: number | undefined;
}

interface Opened {
  readonly firstPaintMs: number;
  readonly usableMs: number;
  readonly longestTaskMs: number;
}

interface Sent {
  readonly bytes: number;
  readonly wireBytes: number;
}

interface Frames {
  readonly medianMs: number;
  readonly p95Ms: number;
}

export const screen = { width: 1440, height: 900 };
/** How long tasks are looked out for after the map can be used. */
const settleMs = 2_000;
const gestureMs = 2_000;

export async function measurePage(browser: Browser, options: PageOptions): Promise<readonly Figure[]> {
  const { name: whose, url, cluster, query = "", usableMs = 3_000, panMs = 33 } = options;
  const drawn = await elementsDrawn(`${url}/api/v1/clusters/${cluster}/graph?${query}`);
  const opened: Opened[] = [];
  const html: Sent[] = [];
  const scripts: Sent[] = [];
  const pan: Frames[] = [];
  const zoom: Frames[] = [];
  for (let run = 0; run < options.runs; run++) {
    // A context of its own has an empty cache.
    const context = await browser.newContext({ viewport: screen, colorScheme: "light" });
    try {
      const page = await context.newPage();
      const requests: Request[] = [];
      page.on("requestfinished", (request) => requests.push(request));
      await page.addInitScript(watchPage);
      await page.goto(`${url}/?cluster=${cluster}&${query}`, { waitUntil: "commit" });
      opened.push(await whenSettled(page));
      pan.push(await framesDuring(page, drag));
      zoom.push(await framesDuring(page, wheel));
      html.push(await sentFor(requests, "document"));
      scripts.push(await sentFor(requests, "script"));
    } finally {
      await context.close();
    }
  }
  const figure = (name: string, unit: Figure["unit"], values: readonly number[], bound?: number): Figure => ({
    name: `${whose}: ${name}`,
    unit,
    values,
    bound,
  });
  const of = (value: (run: Opened) => number) => opened.map(value);
  const kilobytes = (sent: readonly Sent[], which: keyof Sent) => sent.map((one) => one[which] / 1000);
  return [
    figure(
      "open to first paint",
      "ms",
      of((run) => run.firstPaintMs),
    ),
    figure(
      "first paint to usable map",
      "ms",
      of((run) => run.usableMs - run.firstPaintMs),
    ),
    figure(
      "open to usable map",
      "ms",
      of((run) => run.usableMs),
      usableMs,
    ),
    figure(
      "longest task (0: none over 50)",
      "ms",
      of((run) => run.longestTaskMs),
      200,
    ),
    figure(
      "pan, frame, median",
      "ms",
      pan.map((frames) => frames.medianMs),
      panMs,
    ),
    figure(
      "pan, frame, p95",
      "ms",
      pan.map((frames) => frames.p95Ms),
    ),
    figure(
      "zoom, frame, median",
      "ms",
      zoom.map((frames) => frames.medianMs),
      33,
    ),
    figure(
      "zoom, frame, p95",
      "ms",
      zoom.map((frames) => frames.p95Ms),
    ),
    figure("elements drawn", "", [drawn], 500),
    figure("HTML", "kB", kilobytes(html, "bytes")),
    figure("HTML on the wire", "kB", kilobytes(html, "wireBytes")),
    figure("scripts", "kB", kilobytes(scripts, "bytes")),
    figure("scripts on the wire", "kB", kilobytes(scripts, "wireBytes")),
  ];
}

async function elementsDrawn(url: string): Promise<number> {
  const { view } = graphAnswerSchema.parse(await (await fetch(url)).json());
  return view.nodes.length + view.edges.length;
}

/** Not a wait for something to happen by: that nothing holds the page for a while after is what is measured. */
async function whenSettled(page: Page): Promise<Opened> {
  await page.waitForFunction(
    (settle) => {
      const usable = window.benchMarks?.usableMs;
      return usable !== undefined && performance.now() > usable + settle;
    },
    settleMs,
    { timeout: 30_000, polling: 100 },
  );
  return page.evaluate((settle) => {
    const marks = window.benchMarks;
    const usableMs = marks?.usableMs;
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (marks === undefined || usableMs === undefined || paint === undefined)
      throw new Error("nothing was painted");
    const tasks = marks.longTasks.filter((task) => task.startMs < usableMs + settle);
    return {
      firstPaintMs: paint.startTime,
      usableMs,
      longestTaskMs: Math.max(0, ...tasks.map((task) => task.ms)),
    };
  }, settleMs);
}

async function sentFor(requests: readonly Request[], type: string): Promise<Sent> {
  let bytes = 0;
  let wireBytes = 0;
  for (const request of requests.filter((one) => one.resourceType() === type)) {
    const body = await (await request.response())?.body();
    bytes += body?.length ?? 0;
    wireBytes += (await request.sizes()).responseBodySize;
  }
  return { bytes, wireBytes };
}

async function framesDuring(page: Page, gesture: (page: Page) => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const marks = window.benchMarks;
    if (marks === undefined) return;
    const frames: number[] = [];
    marks.frames = frames;
    const next = (time: number) => {
      if (marks.frames !== frames) return;
      frames.push(time);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await gesture(page);
  const times = await page.evaluate(() => {
    const taken = window.benchMarks?.frames ?? [];
    if (window.benchMarks !== undefined) window.benchMarks.frames = undefined;
    return taken;
  });
  const deltas = times.slice(1).map((time, at) => time - (times[at] ?? time));
  deltas.sort((a, b) => a - b);
  return { medianMs: quantile(deltas, 0.5), p95Ms: quantile(deltas, 0.95) };
}

/** Up and down and sideways, so that the map is on screen all the while. */
async function drag(page: Page): Promise<void> {
  const centre = { x: screen.width / 2, y: screen.height / 2 };
  await page.mouse.move(centre.x, centre.y);
  await page.mouse.down();
  await during(gestureMs, async (step) => {
    await page.mouse.move(centre.x + 120 * Math.sin(step / 9), centre.y - 260 + 260 * Math.cos(step / 14));
  });
  await page.mouse.up();
}

async function wheel(page: Page): Promise<void> {
  await page.mouse.move(screen.width / 2, screen.height / 2);
  await during(gestureMs, (step) => page.mouse.wheel(0, step % 24 < 12 ? 60 : -60));
}

/** As fast as the page takes the events, which is what a hand does. */
async function during(ms: number, act: (step: number) => Promise<void>): Promise<void> {
  const endMs = performance.now() + ms;
  for (let step = 1; performance.now() < endMs; step++) await act(step);
}
