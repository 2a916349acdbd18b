import { describe, expect, it } from "vitest";
import type { PlacedEdge, PlacedNode } from "#lib/model/graph.ts";
import { objectId } from "#lib/model/ids.ts";
import { aroundNode, neighbour } from "./neighbours.ts";

/** Two columns: ingress a over b, services c over d over e; a leads to d and e, b to c; f stands alone far right. */
const places = { a: [0, 0], b: [0, 100], c: [300, 0], d: [300, 90], e: [310, 400], f: [900, 0] } as const;
type Name = keyof typeof places;

const node = (name: Name): PlacedNode => ({
  id: name,
  kind: "service",
  lane: "service",
  name,
  line: "",
  health: "ok",
  isolated: [],
  findings: { error: 0, warning: 0, info: 0 },
  box: { x: places[name][0], y: places[name][1], width: 200, height: 60 },
});
const edge = (source: Name, target: Name): PlacedEdge => ({
  id: `${source}>${target}`,
  kind: "ingress-routes-to-service",
  source,
  target,
  health: "ok",
  because: { object: objectId("ingress", "shop", source), path: "spec", value: "" },
  note: "",
  count: 1,
  curve: [0, 0, 0, 0, 0, 0, 0, 0],
});

const nodes = [node("e"), node("f"), node("d"), node("c"), node("b"), node("a")];
const edges = [edge("a", "e"), edge("a", "d"), edge("b", "c")];

describe("an arrow key", () => {
  it.each<[Name, "left" | "right" | "up" | "down", Name | undefined]>([
    ["a", "right", "d"],
    ["b", "right", "c"],
    ["d", "left", "a"],
    ["e", "left", "a"],
    ["c", "down", "d"],
    ["d", "down", "e"],
    ["e", "up", "d"],
    ["a", "down", "b"],
    ["a", "up", undefined],
    ["b", "down", undefined],
    ["a", "left", undefined],
    ["c", "right", undefined],
    ["f", "left", undefined],
    ["f", "down", undefined],
  ])("from %s to the %s goes to %s", (from, direction, to) => {
    expect(neighbour(nodes, edges, node(from), direction)?.id).toBe(to);
  });

  it("does not follow an edge to a node that is not drawn", () => {
    const drawn = nodes.filter(({ id }) => id !== "d");
    expect(neighbour(drawn, edges, node("a"), "right")?.id).toBe("e");
  });

  it("goes there and back along a lone edge", () => {
    const there = neighbour(nodes, edges, node("b"), "right");
    expect(there && neighbour(nodes, edges, there, "left")?.id).toBe("b");
  });
});

describe("what is around a node", () => {
  it("is its edges either way and their other ends", () => {
    expect(aroundNode(edges, "a")).toEqual({
      nodes: new Set(["a", "e", "d"]),
      edges: new Set(["a>e", "a>d"]),
    });
    expect(aroundNode(edges, "d")).toEqual({ nodes: new Set(["d", "a"]), edges: new Set(["a>d"]) });
  });

  it("is the node alone where nothing leads", () => {
    expect(aroundNode(edges, "f")).toEqual({ nodes: new Set(["f"]), edges: new Set() });
  });
});
