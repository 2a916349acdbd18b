/** `npm run bench`: how fast it is, held against what it set out to be. README.md says what each figure means. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { Browser } from "@playwright/test";
import { ensureBuilt } from "#cli/ensure-built.ts";
import { packageRoot } from "#cli/package-root.ts";
import { findBrowser, launchBrowser } from "#e2e/browser.ts";
import { namespaceName } from "./cluster/plan.ts";
import { type Figure, figuresSchema, summaryOf, tableOf } from "./figure.ts";
import { type ClusterOptions, generateCluster } from "./generate-cluster.ts";
import { measureApi } from "./measure-api.ts";
import { browserSizes, measureBrowser } from "./measure-browser.ts";
import { measureFaults } from "./measure-faults.ts";
import { largest, measureLive } from "./measure-live.ts";
import { measurePage } from "./measure-page.ts";
import { measureReading } from "./measure-reading.ts";
import { measureStart } from "./measure-start.ts";
import { startServer } from "./start-server.ts";
import { type Dump, type DumpFormat, writeDump } from "./write-dump.ts";

/** What the product is meant for; everything that has a bound is held against it at this size. */
const cluster: ClusterOptions = { pods: 2_000, namespaces: 50 };
/** Unfolding as many draws as much as the map ever draws. */
const unfoldedNamespaces = 9;

const groups: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  start,
  page,
  api,
  reading,
  engine,
  questions,
  checks,
  live,
  browser,
  abuse,
  faults,
};

const { values: asked } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
    "soak-minutes": { type: "string", default: "10" },
  },
});
const names = asked.only ?? Object.keys(groups);
const unknown = names.filter((name) => !(name in groups));
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(", ")}; --only takes ${Object.keys(groups).join(", ")}`);
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), "throughline-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

// It takes up to an hour: what was measured is told, whatever becomes of the rest.
const figures: Figure[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    tell();
    process.exit(130);
  });
}
const broken: string[] = [];
for (const name of names) {
  try {
    figures.push(...((await groups[name]?.()) ?? []));
  } catch (error) {
    console.error(error);
    broken.push(name);
  }
}
tell();
if (broken.length > 0) {
  console.error(`bench: ${broken.join(", ")} broke off`);
  process.exitCode = 1;
}

function tell(): void {
  console.log(asked.json ? JSON.stringify(figures.map(summaryOf), null, 2) : tableOf(figures));
}

async function start(): Promise<readonly Figure[]> {
  await built();
  const dumps = [
    ["JSON", clusterDump("json", cluster)],
    ["YAML", clusterDump("yaml", cluster)],
    ["JSON with managed fields", clusterDump("json", { ...cluster, managedFields: "written" })],
  ] as const;
  const all: Figure[] = [];
  for (const [what, dump] of dumps) {
    const name = `${sizeInWords()}, ${what}, ${Math.round(dump.bytes / 1e6)} MB`;
    progress(`start: ${name}`);
    all.push(...(await measureStart(name, dump.path, 3)));
  }
  return all;
}

async function page(): Promise<readonly Figure[]> {
  await built();
  const { name } = await findBrowser();
  const server = await startServer(["--files", clusterDump("json", cluster).path]);
  const browser = await launchBrowser();
  const open = Array.from({ length: unfoldedNamespaces }, (_, at) => `namespace/${namespaceName(at)}`);
  const pages = [
    { name: sizeInWords(), cluster: server.cluster, runs: 5 },
    { name: `${sizeInWords()}, unfolded`, cluster: server.cluster, runs: 3, query: `open=${open.join(",")}` },
    { name: "demo", cluster: "demo", runs: 3 },
  ];
  try {
    const all: Figure[] = [];
    for (const one of pages) {
      progress(`page: ${one.name}, in ${name}`);
      all.push(...(await measurePage(browser, { ...one, url: server.url })));
    }
    return all;
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function api(): Promise<readonly Figure[]> {
  await built();
  const server = await startServer(["--files", clusterDump("json", cluster).path]);
  try {
    const all: Figure[] = [];
    for (const id of ["demo", server.cluster]) {
      progress(`api: ${id}`);
      all.push(...(await measureApi(server.url, id, 3)));
    }
    return all;
  } finally {
    await server.stop();
  }
}

async function reading(): Promise<readonly Figure[]> {
  progress("reading: 10,000 pods");
  return measureReading(writeDump(onlyPods(10_000), folder, "pods", "api-json"), 3);
}

async function engine(): Promise<readonly Figure[]> {
  const all: Figure[] = [];
  for (const [pods, runs] of [
    [2_000, 9],
    [10_000, 5],
    [50_000, 3],
  ] as const) {
    progress(`engine: ${pods.toLocaleString("en")} pods`);
    all.push(...(await inItsOwnProcess("measure-engine.ts", pods, runs)));
  }
  return all;
}

async function questions(): Promise<readonly Figure[]> {
  const all: Figure[] = [];
  for (const [pods, policies, what] of [
    [5_000, 500, "matrix"],
    [52_000, 5_000, "matrix"],
    [52_000, 5_000, "traces"],
    [150_000, 5_000, "traces"],
  ] as const) {
    progress(`questions: ${what}, ${pods.toLocaleString("en")} pods`);
    all.push(...(await inItsOwnProcess("measure-questions.ts", pods, policies, what)));
  }
  return all;
}

async function checks(): Promise<readonly Figure[]> {
  progress("checks: 150,000 pods");
  return inItsOwnProcess("measure-checks.ts", 150_000, 10_000, 5_000);
}

function browser(): Promise<readonly Figure[]> {
  return inABrowser(async (opened) => {
    const all: Figure[] = [];
    for (const size of browserSizes) all.push(...(await measureBrowser(opened, size, folder, progress)));
    return all;
  });
}

function live(): Promise<readonly Figure[]> {
  const soakMinutes = Number(asked["soak-minutes"]);
  return inABrowser((opened) =>
    measureLive({ size: largest, soakMinutes, folder, browser: opened, progress }),
  );
}

function faults(): Promise<readonly Figure[]> {
  return inABrowser((opened) => measureFaults({ browser: opened, folder, progress }));
}

async function abuse(): Promise<readonly Figure[]> {
  await built();
  progress("abuse: 100,000");
  const counted = await inItsOwnProcess("measure-abuse.ts", "--total", 100_000);
  progress("abuse: a thousand connections");
  return [...counted, ...(await inItsOwnProcess("measure-abuse.ts", "--hold"))];
}

async function inABrowser(
  measure: (browser: Browser) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  await built();
  const opened = await launchBrowser();
  try {
    return await measure(opened);
  } finally {
    await opened.close();
  }
}

/** One size's heap is not to be another's. */
async function inItsOwnProcess(
  name: string,
  ...args: ReadonlyArray<string | number>
): Promise<readonly Figure[]> {
  const file = path.join(import.meta.dirname, name);
  const child = spawn(process.execPath, ["--max-old-space-size=8000", file, ...args.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return figuresSchema.parse(JSON.parse(await text(child.stdout)));
}

/** Generous with names: two dumps of one format must not be one file. */
function clusterDump(format: DumpFormat, options: ClusterOptions): Dump {
  const name = `cluster-${options.managedFields ?? "left-out"}`;
  progress(`writing ${name}.${format}`);
  return writeDump(generateCluster(options), folder, name, format);
}

function* onlyPods(pods: number) {
  for (const object of generateCluster({ pods, namespaces: 50, managedFields: "written" }))
    if (object.kind === "Pod") yield object;
}

/** Builds now what the first start would build, so that it is no part of a figure. */
async function built(): Promise<void> {
  if ((await ensureBuilt(packageRoot)) === undefined) process.exit(2);
}

function sizeInWords(): string {
  return `${cluster.pods.toLocaleString("en")} pods`;
}

function progress(what: string): void {
  console.error(`bench: ${(performance.now() / 1000).toFixed(0).padStart(3)} s  ${what}`);
}
