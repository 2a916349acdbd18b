import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everything } from "#lib/graph/everything.ts";
import type { Graph, GraphView, Health, PlacedNode, ViewQuery } from "#lib/model/graph.ts";
import { arbitraryGraph } from "#lib/testing/arbitrary-graph.ts";
import type { FoldBudget } from "./choose-levels.ts";
import { isTroubled } from "./health.ts";
import { viewGraph } from "./view-graph.ts";

const unlimited: FoldBudget = { soft: 1e9, hard: 1e9, tiles: 1e9 };
const small: FoldBudget = { soft: 30, hard: 90, tiles: 4 };

function view(graph: Graph, query: Partial<ViewQuery> = {}, budget?: FoldBudget): GraphView {
  return viewGraph(graph, { ...everything, ...query }, { labelsOf: () => ({}), budget });
}

function elements(drawn: GraphView): number {
  return drawn.nodes.length + drawn.edges.length;
}

function countOf(nodes: readonly PlacedNode[], health: Health): number {
  return nodes.reduce(
    (sum, node) => sum + (node.folds?.health[health] ?? (node.health === health ? 1 : 0)),
    0,
  );
}

const graphs = arbitraryGraph({ namespaces: 6, each: 8 });
const bigGraphs = arbitraryGraph({ namespaces: 30, each: 25 });
const queries: fc.Arbitrary<Partial<ViewQuery>> = fc.record(
  {
    namespaces: fc.subarray(["kube-system", "team-1", "team-2"], { maxLength: 2 }),
    kinds: fc.subarray(["service", "deployment", "ingress", "internet", "pod"], { maxLength: 3 }),
    only: fc.constantFrom("all", "broken"),
    touching: fc.constantFrom(
      "service/team-1/service-0",
      "internet",
      "pod/team-1/workload-0-1",
      "no/such/node",
    ),
    unfolded: fc.subarray([
      "namespace/team-1",
      "namespace/kube-system",
      "deployment/team-1/workload-0",
      "deployment/team-2/workload-1",
    ]),
    foldedAway: fc.subarray(["namespace/team-1", "namespace/team-2"]),
    show: fc.constantFrom(
      "service/team-1/service-1",
      "internet",
      "http-route/team-2/route-0",
      "pod/team-1/workload-0-1",
    ),
  },
  { requiredKeys: [] },
);

describe("a view of any graph", () => {
  it("draws every node, counts it in a fold, or counts it as filtered", () => {
    fc.assert(
      fc.property(graphs, queries, (graph, query) => {
        const { nodes, totals } = view(graph, query, small);
        const cards = nodes.filter((node) => node.folds === undefined).length;
        const folded = nodes.reduce((sum, node) => sum + (node.folds?.count ?? 0), 0);
        expect(folded).toBe(totals.foldedNodes);
        expect(cards + folded + totals.filteredNodes).toBe(totals.nodes);
      }),
    );
  });

  it("stays below the hard cap, whatever is unfolded or selected", () => {
    fc.assert(
      fc.property(bigGraphs, queries, (graph, query) => {
        expect(elements(view(graph, query))).toBeLessThanOrEqual(500);
      }),
      { numRuns: 30 },
    );
  });

  it("draws what is troubled or counts it in a fold that says so", () => {
    fc.assert(
      fc.property(bigGraphs, (graph) => {
        const { nodes } = view(graph, {}, small);
        const all = graph.nodes.filter((node) => node.lane !== "pod");
        for (const health of ["broken", "partial", "unknown"] as const) {
          expect(countOf(nodes, health)).toBe(all.filter((node) => node.health === health).length);
        }
        for (const node of nodes)
          if ((node.folds?.health.broken ?? 0) > 0) expect(node.health).toBe("broken");
      }),
      { numRuns: 30 },
    );
  });

  it("draws every edge of trouble whose ends are not folded into one", () => {
    fc.assert(
      fc.property(bigGraphs, (graph) => {
        const drawn = view(graph, {}, small);
        const ids = new Set(drawn.nodes.map((node) => node.id));
        const byId = new Map(graph.nodes.map((node) => [node.id, node]));
        const rowOf = (namespace: string | undefined) =>
          drawn.nodes.find((node) => node.family?.namespaces.some(({ name }) => name === namespace))?.id;
        const drawnAs = (id: string) => {
          const node = byId.get(id);
          const place = `folded/${node?.namespace}`;
          return (
            [id, `${place}/${node?.lane}`, `${place}/tile`].find((one) => ids.has(one)) ??
            rowOf(node?.namespace)
          );
        };
        const troubled = drawn.edges
          .filter((edge) => isTroubled(edge.health))
          .map((edge) => `${edge.source}>${edge.target}`);
        for (const edge of graph.edges) {
          // Outside addresses are folded with the Services that point to them.
          if (
            edge.kind === "workload-runs-pod" ||
            edge.kind === "service-points-outside" ||
            !isTroubled(edge.health)
          )
            continue;
          const [source, target] = [drawnAs(edge.source), drawnAs(edge.target)];
          if (source !== target) expect(troubled).toContain(`${source}>${target}`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("has a node for both ends of every edge", () => {
    fc.assert(
      fc.property(graphs, queries, (graph, query) => {
        const { nodes, edges } = view(graph, query, small);
        const ids = new Set(nodes.map((node) => node.id));
        expect(ids.size).toBe(nodes.length);
        expect(new Set(edges.map((edge) => edge.id)).size).toBe(edges.length);
        for (const edge of edges) expect([ids.has(edge.source), ids.has(edge.target)]).toEqual([true, true]);
      }),
    );
  });

  it("is the same for the graph in any order", () => {
    fc.assert(
      fc.property(graphs, queries, fc.infiniteStream(fc.nat()), (graph, query, stream) => {
        const shuffled = {
          ...graph,
          nodes: shuffle(graph.nodes, stream),
          edges: shuffle(graph.edges, stream),
        };
        expect(view(shuffled, query, small)).toEqual(view(graph, query, small));
      }),
    );
  });

  it("keeps cards apart from each other and within their islands", () => {
    fc.assert(
      fc.property(graphs, queries, fc.constantFrom(small, unlimited), (graph, query, budget) => {
        const { nodes, islands, size } = view(graph, query, budget);
        const overlaps = (list: readonly PlacedNode["box"][]) =>
          list.some((a, at) => list.slice(at + 1).some((b) => meet(a, b)));
        expect(overlaps(nodes.map((node) => node.box))).toBe(false);
        expect(overlaps(islands.map((island) => island.box))).toBe(false);
        const ground = new Map(islands.map((island) => [island.namespace, island.box]));
        for (const node of nodes) {
          expect(inside(node.box, { x: 0, y: 0, ...size })).toBe(true);
          const island = node.lane === "outside" ? undefined : ground.get(node.namespace ?? "");
          if (island !== undefined) expect(inside(node.box, island)).toBe(true);
        }
      }),
    );
  });

  it("moves nothing when the health of a node changes and nothing is folded", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), fc.constantFrom<Health>("ok", "broken", "idle"), (graph, at, health) => {
        const changed = graph.nodes.map((node, n) =>
          n === at % graph.nodes.length ? { ...node, health } : node,
        );
        const boxes = (one: Graph) => view(one, {}, unlimited).nodes.map((node) => [node.id, node.box]);
        expect(boxes({ ...graph, nodes: changed })).toEqual(boxes(graph));
      }),
    );
  });
});

function shuffle<T>(list: readonly T[], stream: fc.Stream<number>): readonly T[] {
  const keyed = list.map((item) => [stream.next().value ?? 0, item] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
}

function meet(a: PlacedNode["box"], b: PlacedNode["box"]): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function inside(a: PlacedNode["box"], b: PlacedNode["box"]): boolean {
  return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
}
