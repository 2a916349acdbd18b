/**
 * The engine by itself, in a process of its own so that one size's heap is not another's: `node --expose-gc
 * bench/measure-engine.ts PODS RUNS`. Prints figures as JSON.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { runChecks } from "#lib/diagnosis/run-checks.ts";
import { compileFacts } from "#lib/engine/compile-facts.ts";
import { buildGraph } from "#lib/graph/build-graph.ts";
import { type LayoutNode, layoutMap } from "#lib/graph/layout.ts";
import { nodeLabels } from "#lib/graph/node-labels.ts";
import { buildSearch } from "#lib/graph/search-index.ts";
import { viewGraph } from "#lib/graph/view-graph.ts";
import { type Graph, lanes } from "#lib/model/graph.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { loadLink, viewQueryOf } from "#lib/protocol/link.ts";
import { assembleSnapshot } from "#lib/server/sources/assemble-snapshot.ts";
import { readObject } from "#lib/server/sources/objects/read-object.ts";
import type { Figure } from "./figure.ts";
import { generateCluster } from "./generate-cluster.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** A filter or a fold is a question to the whole graph, and the screen has to answer within this. */
const interactionMs = 100;
const layoutNodes = 10_000;

export function measureEngine(pods: number, runs: number): readonly Figure[] {
  const startMb = heapMb();
  const snapshot = snapshotOf(pods);
  const snapshotMb = heapMb() - startMb;

  const times = new Map<string, number[]>();
  const query = viewQueryOf(loadLink({}));
  const timed = <T>(what: string, act: () => T): T => {
    const startMs = performance.now();
    const result = act();
    times.set(what, [...(times.get(what) ?? []), performance.now() - startMs]);
    return result;
  };
  const once = () => {
    const facts = timed("facts", () => compileFacts(snapshot, snapshot.takenAt ?? ""));
    const { findings } = timed("checks", () => runChecks(facts));
    const graph = timed("graph", () => buildGraph(facts, findings));
    const context = { labelsOf: nodeLabels(facts) };
    timed("first view", () => viewGraph(graph, query, context));
    timed("each further view", () => viewGraph(graph, query, context));
    timed("search index", () => buildSearch(facts, graph));
    return { facts, findings, graph };
  };
  let kept = once();
  for (let run = 1; run < runs; run++) kept = once();
  const answersMb = heapMb() - startMb - snapshotMb;

  const name = (what: string) => `engine, ${pods.toLocaleString("en")} pods: ${what}`;
  return [
    ...[...times].map(([what, values]) => ({
      name: name(what),
      unit: "ms" as const,
      values,
      bound: what === "each further view" ? interactionMs : undefined,
    })),
    { name: name("heap of the snapshot"), unit: "MB", values: [snapshotMb] },
    { name: name("heap of facts, findings, graph"), unit: "MB", values: [answersMb] },
    ...(kept.graph.nodes.length < layoutNodes ? [] : [measureLayout(kept.graph, pods, runs)]),
  ];
}

function snapshotOf(pods: number): Snapshot {
  const objects: ClusterObject[] = [];
  for (const object of generateCluster({ pods, namespaces: Math.max(50, pods / 200) })) {
    const outcome = readObject(object);
    if (outcome.kind !== "object")
      throw new Error(`the generator made what is not read: ${JSON.stringify(outcome)}`);
    objects.push(outcome.object);
  }
  return assembleSnapshot({
    objects,
    origin: "dump",
    takenAt: "2026-11-21T08:00:00Z",
    complete: true,
  });
}

/** Far more than a map draws: that the layout is no reason to fold. */
function measureLayout(graph: Graph, pods: number, runs: number): Figure {
  const nodes: readonly LayoutNode[] = graph.nodes.slice(0, layoutNodes);
  const drawn = new Set(nodes.map((node) => node.id));
  const edges = graph.edges.filter((edge) => drawn.has(edge.source) && drawn.has(edge.target));
  const islands = [...new Set(nodes.flatMap((node) => node.namespace ?? []))].map(
    (namespace) => ({ namespace, state: "open" }) as const,
  );
  const values = Array.from({ length: runs }, () => {
    const startMs = performance.now();
    layoutMap({ nodes, edges, islands, lanes: new Set(lanes) });
    return performance.now() - startMs;
  });
  const name = `engine, ${pods.toLocaleString("en")} pods: layout of ${layoutNodes.toLocaleString("en")} nodes`;
  return { name, unit: "ms", values, bound: interactionMs };
}

function heapMb(): number {
  if (typeof collectGarbage === "function") collectGarbage();
  return process.memoryUsage().heapUsed / 1_000_000;
}

if (import.meta.main) {
  const [pods = 2_000, runs = 3] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(measureEngine(pods, runs)));
}
