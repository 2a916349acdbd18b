import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryGraph } from "#lib/testing/arbitrary-graph.ts";
import { indexGraph } from "./graph-index.ts";

it("finds a few nodes and the edges between them as a walk through all does", () => {
  fc.assert(
    fc.property(
      arbitraryGraph({ namespaces: 6, each: 8 }),
      fc.infiniteStream(fc.nat(12)),
      (graph, numbers) => {
        const index = indexGraph(graph);
        const ids = new Set(index.nodes.filter(() => numbers.next().value === 0).map(({ id }) => id));
        ids.add("service/nowhere/nothing");
        expect(index.only(ids)).toEqual({
          nodes: index.nodes.filter(({ id }) => ids.has(id)),
          edges: index.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
        });
      },
    ),
  );
});

it("knows each namespace's nodes, and what is of none", () => {
  fc.assert(
    fc.property(arbitraryGraph({ namespaces: 4, each: 4 }), (graph) => {
      const index = indexGraph(graph);
      expect(index.outside).toEqual(index.nodes.filter(({ namespace }) => namespace === undefined));
      const namespaces = new Set(index.nodes.flatMap(({ namespace }) => namespace ?? []));
      expect(new Set(index.byNamespace.keys())).toEqual(namespaces);
      for (const name of namespaces) {
        const own = index.nodes.filter(({ namespace }) => namespace === name);
        expect(index.byNamespace.get(name)).toEqual(own);
        expect(index.countsIn(name).services).toBe(own.filter(({ lane }) => lane === "service").length);
      }
      const healths = Object.values(index.health());
      expect(healths.reduce((sum, count) => sum + count)).toBe(index.nodes.length);
    }),
  );
});
