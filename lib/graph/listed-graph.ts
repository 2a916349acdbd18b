import type { Graph, GraphEdge, GraphNode } from "#lib/model/graph.ts";
import { ShapedList } from "./shape.ts";

/** The nodes and edges of a graph, to look some of them up. */
export interface GraphLists {
  readonly nodes: ShapedList<GraphNode>;
  readonly edges: ShapedList<GraphEdge>;
}

const known = new WeakMap<Graph, GraphLists>();

/** A graph of which nobody but who asks for all nodes or edges pays for a list of them. */
export function graphOf(
  nodes: ShapedList<GraphNode>,
  edges: ShapedList<GraphEdge>,
  pods: Graph["pods"],
): Graph {
  const graph: Graph = {
    get nodes() {
      return nodes.items;
    },
    get edges() {
      return edges.items;
    },
    pods,
  };
  known.set(graph, { nodes, edges });
  return graph;
}

/** Of a graph in whatever order. */
export function listsOf(graph: Graph): GraphLists {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const lists = { nodes: ShapedList.of([graph.nodes]), edges: ShapedList.of([graph.edges]) };
  known.set(graph, lists);
  return lists;
}
