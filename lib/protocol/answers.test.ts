import { beforeAll, describe, expect, it } from "vitest";
import { everything } from "#lib/graph/everything.ts";
import { nodeLabels } from "#lib/graph/node-labels.ts";
import { viewGraph } from "#lib/graph/view-graph.ts";
import type { ViewQuery } from "#lib/model/graph.ts";
import type { Answers } from "#lib/server/session/answers.ts";
import { demoAnswers } from "#lib/testing/demo-answers.ts";
import { clusterSchema, clusterStatusSchema } from "./cluster.ts";
import { graphViewSchema, nodeKindSchema } from "./graph.ts";
import { problemSchema } from "./problem.ts";

let answers: Answers;
beforeAll(async () => {
  answers = await demoAnswers();
});

describe("the graph on the wire", () => {
  const viewOf = (query: Partial<ViewQuery> = {}) =>
    viewGraph(answers.graph, { ...everything, ...query }, { labelsOf: nodeLabels(answers.facts) });

  it.each<[string, Partial<ViewQuery>]>([
    ["whole", {}],
    ["with pods unfolded", { unfolded: ["deployment/shop/reviews", "namespace/shop"] }],
    ["folded", { foldedAway: ["namespace/shop", "namespace/edge"] }],
    ["only what is broken", { only: "broken" }],
    ["pods alone", { kinds: ["pod"] }],
    ["nothing", { namespaces: ["nowhere"] }],
  ])("is what the model has, nothing lost or added: %s", (_what, query) => {
    const view = viewOf(query);
    const sent: unknown = JSON.parse(JSON.stringify(view));
    expect(graphViewSchema.parse(sent)).toEqual(sent);
    expect(sent).toEqual(view);
  });

  it("knows each kind of node that there is", () => {
    const kindsThere = new Set(answers.graph.nodes.map(({ kind }) => kind));
    expect(kindsThere.size).toBeGreaterThan(8);
    for (const kind of kindsThere) expect(nodeKindSchema.options).toContain(kind);
  });

  it("refuses a node without a place and an edge without a whole curve", () => {
    const view = viewOf();
    const [node] = view.nodes;
    const [edge] = view.edges;
    expect(graphViewSchema.safeParse({ ...view, nodes: [{ ...node, box: undefined }] }).success).toBe(false);
    expect(graphViewSchema.safeParse({ ...view, edges: [{ ...edge, curve: [0, 0] }] }).success).toBe(false);
  });
});

describe("a cluster on the wire", () => {
  const cluster = { id: "demo", name: "Demo", kind: "demo", isDefault: true };
  const failure = { code: "x", title: "t", detail: "d", remedy: "r" };

  it.each([
    { kind: "idle" },
    { kind: "connecting" },
    { kind: "syncing", done: 1, of: 28, objects: 10 },
    { kind: "syncing", done: 1, of: 28, objects: 10, reading: "Pod" },
    { kind: "live", checkedAt: "2026-01-01T00:00:00Z" },
    { kind: "stale", checkedAt: "2026-01-01T00:00:00Z", why: failure },
    { kind: "failed", failure },
  ])("has the state $kind", (state) => {
    expect(clusterSchema.parse({ ...cluster, state })).toEqual({ ...cluster, state });
  });

  it.each([{ kind: "live" }, { kind: "stale", checkedAt: "x" }, { kind: "syncing" }, { kind: "new" }, {}])(
    "has no state like %o",
    (state) => {
      expect(clusterSchema.safeParse({ ...cluster, state }).success).toBe(false);
    },
  );

  it("cannot be sent without what it could not see", () => {
    expect(clusterStatusSchema.safeParse({ ...cluster, state: { kind: "idle" } }).success).toBe(false);
  });
});

describe("a problem on the wire", () => {
  const problem = { type: "/problems/x", title: "t", status: 404, detail: "d" };

  it("needs a type, a title, a status and a detail, and keeps what else RFC 9457 has", () => {
    const full = { ...problem, instance: "/x", remedy: "r", nearest: ["a"], referredBy: ["b"] };
    expect(problemSchema.parse(full)).toEqual(full);
    for (const key of Object.keys(problem))
      expect(problemSchema.safeParse({ ...problem, [key]: undefined }).success, key).toBe(false);
  });
});
