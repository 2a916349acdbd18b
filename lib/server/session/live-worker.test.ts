import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { FactsKeeper } from "#lib/engine/live/facts-keeper.ts";
import { buildGraphInSteps } from "#lib/graph/build-graph.ts";
import { everything } from "#lib/graph/everything.ts";
import { namespaceLabels, nodeLabels } from "#lib/graph/node-labels.ts";
import { viewGraph } from "#lib/graph/view-graph.ts";
import { withPods } from "#lib/graph/workload-pods.ts";
import type { ViewQuery } from "#lib/model/graph.ts";
import { arbitraryHistory, type History, through } from "#lib/testing/arbitrary-history.ts";
import { inSlices } from "../in-slices.ts";
import { answersOf, engine } from "./answers.ts";
import type { Content } from "./answers-worker.ts";
import { LiveWorker, liveOptions } from "./live-worker.ts";

const start = Date.parse("2026-01-01T00:05:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

const queries: readonly ViewQuery[] = [
  everything,
  { ...everything, only: "broken" },
  { ...everything, namespaces: ["shop"] },
  { ...everything, namespaces: ["shop", "edge"], only: "broken" },
  { ...everything, namespaces: ["shop-2"], kinds: ["pod", "service"] },
  { ...everything, touching: "service/shop/web" },
  { ...everything, labels: ["app=web"] },
];

/** What is shown, without the maps that the facts' own law is about. */
function shownOf({ findings, problems, ignored, cannotTell, graph, facts }: Content) {
  const views = queries.map((query) =>
    viewGraph(graph, query, { labelsOf: nodeLabels(facts), namespaceLabels: namespaceLabels(facts) }),
  );
  return { findings, problems, ignored, cannotTell, graph: withPods(graph), views };
}

describe("LiveWorker", () => {
  it("answers after any history what working it out anew does", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryHistory(8), async (history) => {
        const worker = new LiveWorker({ ...liveOptions, patienceMs: Number.POSITIVE_INFINITY }, () => {});
        let second = 0;
        for (const update of through(history)) {
          second += 15;
          const content = await worker.next(update, at(second));
          const anew = answersOf({ ...update.snapshot, takenAt: at(second) }, at(second), engine);
          // A copy is a graph of which nothing is known but its nodes and edges.
          expect(shownOf(content)).toEqual(shownOf({ ...anew, graph: { ...anew.graph } }));
          expect(content.snapshot).toBe(update.snapshot);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it("does so as well where checks run beside, once they have caught up", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryHistory(6), async (history) => {
        const worker = new LiveWorker({ ...liveOptions, patienceMs: -1 }, () => {});
        let content: Content | undefined;
        let last: Parameters<LiveWorker["next"]>[0] | undefined;
        for (const update of through(history)) {
          content = await worker.next(update, at(0));
          last = update;
          expect(content.facts.snapshot).toBe(update.snapshot);
        }
        if (last === undefined || content === undefined) return;
        const anew = answersOf({ ...last.snapshot, takenAt: at(0) }, at(0), engine);
        const snapshot = last.snapshot;
        await vi.waitFor(
          async () => {
            if (worker.hasNews()) content = await worker.renew();
            expect(content?.snapshot).toBe(snapshot);
            expect(shownOf(content ?? fail())).toEqual(shownOf(anew));
          },
          { timeout: 5_000, interval: 2 },
        );
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it("tells words of time to one moment for a while, and to a later one when it is asked", async () => {
    const worker = new LiveWorker(liveOptions, () => {});
    const [first, second, third] = [...through(notReady)];
    if (first === undefined || second === undefined || third === undefined) throw new Error("three bursts");
    expect((await worker.next(first, at(0))).facts.now).toBe(start);
    expect((await worker.next(second, at(9))).facts.now).toBe(start);
    expect((await worker.next(third, at(20))).facts.now).toBe(start + 20_000);
    const told = await worker.retell(at(3_600));
    expect(told.facts.now).toBe(start + 3_600_000);
    expect(told.facts.workloads.get(podId)?.sentence).toContain("for 1 h");
  });

  it("does checks that take long again where words of time are others, or after a minute", async () => {
    let news = 0;
    const worker = new LiveWorker({ ...liveOptions, patienceMs: -1 }, () => news++);
    const [first] = [...through(notReady)];
    await worker.next(first ?? fail(), at(0));
    // The first are waited for.
    for (const [seconds, expected] of [
      [7_200, 1],
      [7_230, 1],
      [7_259, 1],
      [7_260, 2],
      [7_300, 2],
      [10_800, 3],
    ] as const) {
      await worker.retell(at(seconds));
      await new Promise(setImmediate);
      await vi.waitFor(() => expect(news).toBe(expected));
    }
  });

  it("begins anew after a change that is not of objects alone", async () => {
    const worker = new LiveWorker(liveOptions, () => {});
    const [first, second] = [...through(notReady)];
    if (first === undefined || second === undefined) throw new Error("two bursts");
    await worker.next(first, at(0));
    const content = await worker.next({ ...second, changes: [], wide: true }, at(0));
    expect(shownOf(content)).toEqual(
      shownOf(answersOf({ ...second.snapshot, takenAt: at(0) }, at(0), engine)),
    );
  });
});

describe("facts and the graph", () => {
  it("look at no list of all pods or EndpointSlices to follow a change of some", async () => {
    const [first, ...later] = [...through(sliced)];
    const keeper = new FactsKeeper();
    let facts = await inSlices(keeper.next(first?.snapshot ?? fail(), undefined, at(0)));
    let graph = await inSlices(buildGraphInSteps(facts, []));
    for (const { snapshot, changes } of later) {
      const { objects } = snapshot;
      const lists = [vi.spyOn(objects, "pods", "get"), vi.spyOn(objects, "endpointSlices", "get")];
      facts = await inSlices(keeper.next(snapshot, changes, at(0)));
      graph = await inSlices(buildGraphInSteps(facts, [], graph));
      const labels = { labelsOf: nodeLabels(facts), namespaceLabels: namespaceLabels(facts) };
      expect(viewGraph(graph, everything, labels).nodes).not.toEqual([]);
      for (const list of lists) expect(list).not.toHaveBeenCalled();
    }
  });
});

function fail(): never {
  throw new Error("there is no content");
}

const pod = (name: string) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: name } },
    spec: { containers: [{ name: "main" }] },
    status: {
      phase: "Running",
      podIP: "10.0.0.1",
      conditions: [{ type: "Ready", status: "False", lastTransitionTime: at(0) }],
    },
  },
});
const notReady: History = [[pod("a")], [pod("b")], [pod("c")]];
const podId = [...through(notReady)][0]?.snapshot.objects.pods?.[0]?.id ?? fail();

const service = (name: string, selector?: Record<string, string>) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { selector, ports: [{ port: 80 }] },
  },
});
const slice = (name: string, address: string) => ({
  gone: false,
  object: {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, namespace: "shop", labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: [{ name: "", port: 80, protocol: "TCP" }],
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  },
});
const node = (ready: string) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "node-a" },
    spec: {},
    status: { conditions: [{ type: "Ready", status: ready }] },
  },
});
/** One Service whose endpoints its selector names, and one whose endpoints someone wrote by hand. */
const sliced: History = [
  [
    pod("a"),
    service("web", { app: "a" }),
    service("outside"),
    slice("web", "10.0.0.1"),
    slice("outside", "192.0.2.7"),
    node("True"),
  ],
  [pod("b"), { ...pod("a"), gone: true }],
  [slice("web", "10.0.0.2"), slice("outside", "192.0.2.8")],
  [node("False")],
];
