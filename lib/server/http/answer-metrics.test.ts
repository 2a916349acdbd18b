import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allKinds, kinds } from "#lib/model/kinds.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import type { Clusters } from "../clusters.ts";
import type { KindSync, SourceResult, SyncByKind, Watching } from "../sources/source.ts";
import { answerMetrics } from "./answer-metrics.ts";

const promtool = spawnSync("promtool", ["--version"]).status === 0;
if (!promtool) console.error("part of answer-metrics.test.ts is skipped: there is no promtool");

const faulty = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: old, namespace: shop, annotations: { throughline.dev/ignore: "*" } }
spec: { selector: { app: old }, ports: [{ port: 80 }] }
`;

const waitingKinds = Object.fromEntries(
  allKinds.map((kind): [string, KindSync] => [kinds[kind].plural, { kind: "waiting" }]),
) as SyncByKind;
const progress = { done: 0, of: 2, objects: 7 };
/** Its first picture is on the way: 7 pods have come, nothing else has begun. */
const watching: Watching = {
  state: () => ({ kind: "syncing", progress }),
  kinds: () => ({ ...waitingKinds, pods: { kind: "syncing", read: 7, of: 20 } }),
  isBehind: () => false,
  take: () => undefined,
};

let clusters: Clusters;
let mended = false;
const reads: string[] = [];
const source = (id: string, result: () => SourceResult, changes = false) => ({
  ...sourceOf(id, result()),
  changes,
  read: async () => {
    reads.push(id);
    return result();
  },
});

beforeAll(async () => {
  const failure = { code: "cluster-unreachable", title: "t", detail: "d", remedy: "r" };
  const demo = await readDemo();
  const now = () => snapshotFromYaml(mended ? "" : faulty);
  clusters = serveSources(
    source("prod", () => ({ kind: "snapshot", snapshot: now() }), true),
    source("gone", () => ({ kind: "failed", failure })),
    source("demo", () => demo),
    { ...source("watched", () => ({ kind: "failed", failure })), changes: true, watch: () => watching },
  );
});
afterAll(() => serveRegistry(undefined));

async function scraped(): Promise<string> {
  const response = await answerMetrics(new Request("http://x/metrics"));
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** The series of a metric, without its name. */
const series = (text: string, name: string, cluster: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{cluster="${cluster}"`))
    .map((line) => line.slice(name.length).replace(`cluster="${cluster}",`, ""));

describe("the metrics", () => {
  it("have the default cluster read, and no other, without waiting for it", async () => {
    const first = await scraped();
    expect(first).toContain('throughline_cluster_state{cluster="demo",state="idle"} 1');
    await clusters.get("prod")?.answers();
    await scraped();
    await scraped();
    expect(reads).toEqual(["prod"]);
  });

  it("count findings by code, severity and namespace, and problems of every severity", async () => {
    const text = await scraped();
    expect(series(text, "throughline_findings", "prod")).toEqual([
      '{code="NET-101",severity="error",namespace="shop"} 1',
    ]);
    expect(series(text, "throughline_problems", "prod")).toEqual([
      '{severity="error"} 1',
      '{severity="warning"} 0',
      '{severity="info"} 0',
    ]);
    expect(text).toMatch(/^throughline_findings_ignored\{cluster="prod"\} [1-9]/m);
    expect(text).toMatch(/^throughline_cluster_checked_timestamp_seconds\{cluster="prod"\} 1\d{9}/m);
  });

  it("say how far each kind was read", async () => {
    const text = await scraped();
    expect(series(text, "throughline_kind_state", "prod")).toContain('{kind="Service",state="read"} 1');
    expect(series(text, "throughline_objects", "prod")).toContain('{kind="Service"} 2');
  });

  it("say how each kind of a cluster that is watched stands, before there are answers too", async () => {
    await clusters.get("watched")?.answers(0);
    const text = await scraped();
    expect(series(text, "throughline_kind_state", "watched")).toEqual(
      expect.arrayContaining(['{kind="Pod",state="syncing"} 1', '{kind="Service",state="waiting"} 1']),
    );
    expect(series(text, "throughline_problems", "watched")).toEqual([]);
    clusters.get("watched")?.close();
  });

  it("say of a cluster that cannot be read only that", async () => {
    await clusters.get("gone")?.answers();
    const text = await scraped();
    expect(series(text, "throughline_cluster_state", "gone")).toContain('{state="failed"} 1');
    expect(series(text, "throughline_problems", "gone")).toEqual([]);
  });

  it("lose the series of what was mended", async () => {
    mended = true;
    await clusters.get("prod")?.readAgain();
    const text = await scraped();
    expect(series(text, "throughline_findings", "prod")).toEqual([]);
    expect(series(text, "throughline_problems", "prod")).toContain('{severity="error"} 0');
  });

  it("tell of the process", async () => {
    expect(await scraped()).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it.skipIf(!promtool)("are as Prometheus would have them", async () => {
    await clusters.get("demo")?.answers();
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
      input: await scraped(),
      encoding: "utf8",
    });
    // What prom-client tells of Node is named as it is.
    const told = `${stdout}${stderr}`.split("\n").filter((line) => line.startsWith("throughline_"));
    expect(told).toEqual([]);
    expect(status).not.toBe(1);
  });
});
