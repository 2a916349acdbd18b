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
