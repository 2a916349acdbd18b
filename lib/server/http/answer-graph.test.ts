import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graphAnswerSchema } from "#lib/protocol/answers.ts";
import { readDemo } from "#lib/testing/demo-answers.ts";
import { get, jsonOf, problemOf } from "#lib/testing/http-answers.ts";
import { serveRegistry, serveSources, sourceOf } from "#lib/testing/serve-clusters.ts";
import { answerGraph } from "./answer-graph.ts";

beforeAll(async () => {
  const demo = await readDemo();
  if (demo.kind === "failed") throw new Error(demo.failure.detail);
  const { objects, unread } = demo.snapshot;
  const snapshot = {
    ...demo.snapshot,
    objects: { ...objects, namespaces: undefined },
    unread: { ...unread, namespaces: { reason: "forbidden", message: "no" } as const },
  };
  serveSources(
    sourceOf("demo", demo, "demo"),
    sourceOf("no-namespaces", { kind: "snapshot", snapshot }, "files"),
  );
});
afterAll(() => serveRegistry(undefined));

const ask = (query: string, id = "demo") => answerGraph(get(`/api/v1/clusters/${id}/graph${query}`), id);

describe("the graph", () => {
  it("comes with the cluster's state, what was not read, and its health in numbers", async () => {
    const { cluster, view, noSuch } = await jsonOf(await ask(""), graphAnswerSchema);
    expect(cluster).toMatchObject({
      id: "demo",
      kind: "demo",
      isDefault: true,
      state: { kind: "live" },
      origin: "dump",
      unread: [],
      problemCount: 0,
      counts: { pods: 150, services: 54, workloads: 44, namespaces: 7 },
    });
    expect(noSuch).toEqual([]);
    expect(cluster.counts.broken).toBeGreaterThan(5);
    expect(view.nodes.length).toBeGreaterThan(20);
  });

  it("is narrowed by the link's parameters", async () => {
    const { view } = await jsonOf(await ask("?ns=shop&kind=service"), graphAnswerSchema);
    expect(view.nodes.length).toBeGreaterThan(3);
    expect(new Set(view.nodes.map(({ namespace, kind }) => `${namespace} ${kind}`))).toEqual(
      new Set(["shop service"]),
    );
    expect(view.totals.filteredNamespaces).toBeGreaterThan(0);
  });

  it("says which of the namespaces asked for there are not", async () => {
    expect((await jsonOf(await ask("?ns=shop,shopp,nowhere"), graphAnswerSchema)).noSuch).toEqual([
      "shopp",
      "nowhere",
    ]);
    expect((await jsonOf(await ask("?ns=nowhere", "no-namespaces"), graphAnswerSchema)).noSuch).toEqual([]);
  });

  it("takes a node in any spelling of its kind", async () => {
    const spelled = await jsonOf(await ask("?touch=svc/shop/cart"), graphAnswerSchema);
    const plain = await jsonOf(await ask("?touch=service/shop/cart"), graphAnswerSchema);
    expect(spelled.view).toEqual(plain.view);
    expect(plain.view.totals.filteredNodes).toBeGreaterThan(0);
  });

  it.each([
    ["svg", "image/svg+xml; charset=utf-8", /^<svg /],
    ["mermaid", "text/plain; charset=utf-8", /flowchart/],
  ])("comes as %s", async (format, type, start) => {
    const response = await ask(`?ns=shop&format=${format}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(await response.text()).toMatch(start);
  });

  it("comes as JSON of the whole view", async () => {
    const response = await ask("?ns=shop&format=json");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({ nodes: expect.any(Array), edges: expect.any(Array) });
  });

  it("comes as SVG for a dark page when asked, and for a light one otherwise", async () => {
    const [dark, light, plain] = await Promise.all(
      ["&theme=dark", "&theme=light", ""].map(async (theme) =>
        (await ask(`?ns=shop&format=svg${theme}`)).text(),
      ),
    );
    expect(plain).toBe(light);
    expect(dark).not.toBe(light);
  });

  it.each([
    ["?only=some", "the link's only=some is not understood"],
    ["?kind=service,gizmo", "the link's kind=service,gizmo is not understood"],
    ["?at=1,2", "the link's at=1,2 is not understood"],
    ["?format=png", "format may be svg, mermaid or json"],
    ["?format=svg&theme=sepia", "theme may be light or dark"],
    ["?ns=a&ns=b", "the link gives ns 2 times"],
    ["?only=broken&only=some", "the link gives only 2 times"],
  ])("refuses %s in words", async (query, detail) => {
    expect(await problemOf(await ask(query))).toMatchObject({
      type: "/problems/malformed-query",
      status: 400,
      detail: expect.stringContaining(detail),
      instance: "/api/v1/clusters/demo/graph",
    });
  });

  it("names everything that is wrong with a query at once", async () => {
    const { detail } = await problemOf(await ask("?only=some&format=png"));
    expect(detail.split("; ")).toHaveLength(2);
  });

  it("is 404 for a cluster that is not there", async () => {
    expect((await problemOf(await ask("", "nope"))).status).toBe(404);
  });
});
