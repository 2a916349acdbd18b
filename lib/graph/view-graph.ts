import type {
  Graph,
  GraphEdge,
  GraphNode,
  GraphView,
  Island,
  Lane,
  NodeId,
  PlacedEdge,
  PlacedNode,
  ViewQuery,
} from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import { type FoldBudget, foldBudget } from "./choose-levels.ts";
import { arcPath, curveOf, edgePath } from "./edge-path.ts";
import { filterGraph, type LabelLookup } from "./filter-graph.ts";
import { type Folded, foldGraph } from "./fold-graph.ts";
import type { FoldedNode } from "./fold-node.ts";
import { type GraphIndex, indexGraph } from "./graph-index.ts";
import { countHealth } from "./health.ts";
import { internetId } from "./internet-strands.ts";
import { type Layout, layoutMap } from "./layout.ts";
import { measures } from "./map-measures.ts";

interface ViewContext {
  /** The labels behind a node, for the label filter: `nodeLabels(facts)`. */
  readonly labelsOf: LabelLookup;
  /** A namespace's own labels, by which many of them are put together: `namespaceLabels(facts)`. */
  readonly namespaceLabels?: ((namespace: string) => Labels) | undefined;
  /** How much may be drawn; for tests. */
  readonly budget?: FoldBudget | undefined;
}

/**
 * What the map draws for one question: filtered, folded to the budget, placed. Pure, and the same for a graph in any
 * order. Every node of the graph is drawn, counted in a fold, or counted as filtered out; the pods behind a workload
 * are counted on its card and take part only when it is unfolded, or when the kind `pod` is asked for.
 */
export function viewGraph(graph: Graph, query: ViewQuery, context: ViewContext): GraphView {
  const index = indexGraph(graph);
  const filtered = filterGraph(index, query, context.labelsOf);
  const folded = foldGraph(index, filtered, query, context.budget ?? foldBudget, context.namespaceLabels);
  const layout = layoutMap({
    nodes: folded.nodes,
    edges: folded.edges,
    islands: folded.namespaces,
    lanes: lanesOf(filtered.nodes, folded),
  });
  const rows = new Set(folded.nodes.flatMap((node) => (node.family === undefined ? [] : [node.id])));
  const all = filtered.nodes.length + filtered.filteredNodes;
  return {
    nodes: folded.nodes.map((node) => placedNode(node, layout)),
    edges: folded.edges.map((edge) => placedEdge(edge, layout, rows)),
    islands: islandsOf(index, folded, layout),
    lanes: layout.headings,
    size: layout.size,
    totals: {
      nodes: all + folded.pods,
      edges: index.size.edges + folded.pods,
      health: index.health(),
      foldedNodes: folded.foldedNodes,
      filteredNodes: filtered.filteredNodes,
      filteredNamespaces: filtered.filteredNamespaces,
    },
  };
}

/** Columns follow what passed the filter, drawn or folded; pods only where they are drawn. */
function lanesOf(nodes: readonly GraphNode[], folded: Folded): ReadonlySet<Lane> {
  const lanes = new Set(nodes.map((node) => node.lane));
  if (folded.nodes.some((node) => node.lane === "pod")) lanes.add("pod");
  return lanes;
}

function placedNode(node: FoldedNode, { boxes }: Layout): PlacedNode {
  const box = boxes.get(node.id);
  if (box === undefined) throw new Error(`the layout has no place for ${node.id}`);
  return { ...node, box };
}

function placedEdge(edge: GraphEdge, { boxes }: Layout, rows: ReadonlySet<NodeId>): PlacedEdge {
  const source = boxes.get(edge.source);
  const target = boxes.get(edge.target);
  if (source === undefined || target === undefined)
    throw new Error(`the edge ${edge.id} has an end that is not drawn`);
  if (rows.has(edge.source) && rows.has(edge.target))
    return { ...edge, curve: curveOf(arcPath(source, target)) };
  const strip = edge.source === internetId ? measures.outerGap : undefined;
  return { ...edge, curve: curveOf(edgePath(source, target, strip)) };
}

function islandsOf(index: GraphIndex, { namespaces }: Folded, { islands }: Layout): readonly Island[] {
  const drawn = namespaces.flatMap(({ namespace, state, nodes, line, folded }) => {
    const box = islands.get(namespace);
    if (box === undefined) return [];
    return [
      {
        namespace,
        box,
        state,
        ...index.countsIn(namespace),
        line,
        health: countHealth(nodes.map((node) => node.health)),
        folded,
      },
    ];
  });
  return drawn.sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
}
