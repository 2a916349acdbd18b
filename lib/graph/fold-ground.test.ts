import { expect, it } from "vitest";
import type { GraphEdge, GraphNode } from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import { foldGround } from "./fold-ground.ts";
import { ShapedList } from "./shape.ts";

const node = (namespace: string): GraphNode => ({
  id: `deployment/${namespace}/web`,
  kind: "deployment",
  lane: "workload",
  namespace,
  name: "web",
  line: "",
  health: "ok",
  isolated: [],
  findings: { error: 0, warning: 0, info: 0 },
});

it("follows the labels of namespaces where nodes and edges stay as they are", () => {
  const nodes = ShapedList.of([[node("a"), node("b")]]).items;
  const edges = ShapedList.of<GraphEdge>([]).items;
  const labelled = (teams: Readonly<Record<string, Labels>>) => (namespace: string) => teams[namespace] ?? {};
  const blue = { team: "blue" };
  const first = labelled({ a: { team: "red" }, b: blue });
  expect(foldGround(nodes, edges, first).families).toEqual(["red", "blue"]);
  expect(foldGround(nodes, edges, first)).toBe(foldGround(nodes, edges, first));
  expect(foldGround(nodes, edges, labelled({ a: { team: "green" }, b: blue })).families).toEqual([
    "green",
    "blue",
  ]);
});
