import type { Family, GraphEdge, GraphNode, Health, NodeId, ViewQuery } from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import { type ByHand, chooseLevels, type FoldBudget } from "./choose-levels.ts";
import { compareText } from "./compare-text.ts";
import type { Filtered } from "./filter-graph.ts";
import { type FoldGroup, foldGround } from "./fold-ground.ts";
import type { FoldLevel } from "./fold-levels.ts";
import { type FoldedNode, foldNode } from "./fold-node.ts";
import { type FoldState, familyId, foldState, laneFoldId, tileId } from "./fold-state.ts";
import { familyWords, laneFoldName, namespaceLine } from "./fold-words.ts";
import type { GraphIndex } from "./graph-index.ts";
import { countHealth, worstHealth } from "./health.ts";
import { mergeEdges } from "./merge-edges.ts";
import { compareNumbered } from "./namespace-order.ts";
import { unfoldPods } from "./unfold-pods.ts";

interface FoldedNamespace {
  readonly namespace: string;
  readonly state: "tile" | "open";
  readonly family: string;
  /** The nodes that passed the filter, drawn or not. */
  readonly nodes: readonly GraphNode[];
  readonly line: string;
  readonly folded: number;
}

export interface Folded {
  readonly nodes: readonly FoldedNode[];
  readonly edges: readonly GraphEdge[];
  /** Those that are drawn; sorted by name. */
  readonly namespaces: readonly FoldedNamespace[];
  /** How many nodes are counted in folds. */
  readonly foldedNodes: number;
  /** Pods drawn or counted because their workload is unfolded. */
  readonly pods: number;
}

/** Neighbours of the selected node that are kept drawn with it, as long as they fit: a Gateway may have a thousand routes. */
const pinnedNeighbours = [40, 10, 0] as const;

/**
 * Folds what passed the filter until it fits the budget. Nothing is left out: every node is drawn as itself or
 * counted in exactly one `folded` node, and an edge between folded ends is merged and counted, its worst health
 * showing.
 */
export function foldGraph(
  index: GraphIndex,
  filtered: Filtered,
  query: ViewQuery,
  budget: FoldBudget,
  namespaceLabels?: (namespace: string) => Labels,
): Folded {
  const unfolded = new Set(query.unfolded);
  const pods = unfoldPods(index, filtered, unfolded, budget);
  const forPods = pods.nodes.length + pods.edges.length;
  // Pods are drawn because someone asked for them, so they leave the rest no less than half.
  const rest = {
    ...budget,
    soft: Math.max(budget.soft - forPods, budget.soft / 2),
    hard: budget.hard - forPods,
  };
  const byHand = { unfolded, foldedAway: new Set(query.foldedAway), only: query.only };
  const state = fittingState(filtered, byHand, rest, namespaceLabels, (neighbours) => [
    ...pods.workloads,
    ...shownNodes(index, filtered, query.show, neighbours),
    ...(query.pinned ?? []),
  ]);

  const { nodes, namespaces, foldedNodes } = drawNodes(index, filtered, state, unfolded);
  return {
    nodes: [...nodes, ...pods.nodes].sort((a, b) => compareText(a.id, b.id)),
    edges: [...mergeEdges(state), ...pods.edges].sort((a, b) => compareText(a.id, b.id)),
    namespaces: namespaces.sort((a, b) => compareText(a.namespace, b.namespace)),
    foldedNodes: foldedNodes + pods.folded,
    pods: pods.count,
  };
}

function fittingState(
  { nodes, edges }: Filtered,
  byHand: ByHand,
  budget: FoldBudget,
  namespaceLabels: ((namespace: string) => Labels) | undefined,
  pinned: (neighbours: number) => readonly NodeId[],
): FoldState {
  const ground = foldGround(nodes, edges, namespaceLabels);
  let state: FoldState | undefined;
  for (const neighbours of pinnedNeighbours) {
    const standing = { ...ground.trouble, pinned: new Set(pinned(neighbours)) };
    state = foldState(ground, standing);
    chooseLevels(state, edges, standing, byHand, budget);
    if (state.elements() <= budget.hard) return state;
  }
  if (state === undefined) throw new Error("there is always a number of neighbours to try");
  return state;
}

/** The selected node and its neighbours. A pod's card is drawn only where its workload is unfolded, which speaks for it. */
function shownNodes(
  index: GraphIndex,
  { edges }: Filtered,
  show: NodeId | undefined,
  most: number,
): readonly NodeId[] {
  if (show === undefined) return [];
  const shown = index.workloadOf(show) ?? show;
  const neighbours = new Set<NodeId>();
  for (const edge of edges) {
    if (edge.source === shown) neighbours.add(edge.target);
    if (edge.target === shown) neighbours.add(edge.source);
  }
  return [shown, ...[...neighbours].sort(compareText).slice(0, most)];
}

interface Drawing {
  readonly nodes: readonly FoldedNode[];
  readonly namespaces: FoldedNamespace[];
  readonly foldedNodes: number;
}

function drawNodes(
  index: GraphIndex,
  filtered: Filtered,
  state: FoldState,
  unfolded: ReadonlySet<string>,
): Drawing {
  const nodes: FoldedNode[] = filtered.nodes.filter((node) => node.lane === "internet");
  const namespaces: FoldedNamespace[] = [];
  for (const group of state.groups) {
    const level = state.levelOf(group);
    if (level === "family") continue;
    nodes.push(...group.nodes.filter((node) => state.isDrawn(node.id)), ...foldsOf(group, state, level));
    if (group.namespace === undefined) continue;
    namespaces.push({
      namespace: group.namespace,
      state: level === "tile" ? "tile" : "open",
      family: group.family,
      nodes: group.nodes,
      line: namespaceLine(group.nodes),
      folded: group.nodes.filter((node) => !state.isDrawn(node.id)).length,
    });
  }
  nodes.push(...familyRows(index, state, unfolded));
  return {
    nodes,
    namespaces,
    foldedNodes: filtered.nodes.length - nodes.filter((node) => node.folds === undefined).length,
  };
}

/** A row for each family that stands for something, or that someone unfolded and may want to fold again. */
function familyRows(
  index: GraphIndex,
  state: FoldState,
  unfolded: ReadonlySet<string>,
): readonly FoldedNode[] {
  const families = new Map<string, FoldGroup[]>();
  for (const group of state.groups) {
    if (group.namespace === undefined) continue;
    const family = families.get(group.family);
    if (family === undefined) families.set(group.family, [group]);
    else family.push(group);
  }
  return [...families].flatMap(([family, groups]) => {
    const folded = groups.filter((group) => state.levelOf(group) === "family");
    const id = familyId(family);
    if (folded.length === 0 && (groups.length === 1 || !unfolded.has(id))) return [];
    const members = folded.flatMap((group) => group.nodes);
    return [
      {
        ...foldNode({ id, lane: "service", name: family }, members),
        line: familyLine(folded),
        family: familyOf(index, groups, folded),
      },
    ];
  });
}

function familyOf(index: GraphIndex, groups: readonly FoldGroup[], folded: readonly FoldGroup[]): Family {
  let workloads = 0;
  let pods = 0;
  for (const { namespace } of folded) {
    const counts = index.countsIn(namespace ?? "");
    workloads += counts.workloads;
    pods += counts.pods;
  }
  const namespaces = groups
    .map(({ namespace = "", nodes }) => ({ name: namespace, health: healthOf(nodes) }))
    .sort((a, b) => compareNumbered(a.name, b.name));
  return { namespaces, folded: folded.length, workloads, pods };
}

function familyLine(folded: readonly FoldGroup[]): string {
  if (folded.length === 0) return "shown below";
  const [only, ...more] = folded;
  if (only !== undefined && more.length === 0) return namespaceLine(only.nodes);
  return familyWords(folded.map(({ nodes }) => countHealth(nodes.map((node) => node.health))));
}

function healthOf(nodes: readonly GraphNode[]): Health {
  return worstHealth(nodes.map((node) => node.health));
}

function foldsOf(group: FoldGroup, state: FoldState, level: FoldLevel): readonly FoldedNode[] {
  const { namespace } = group;
  if (level === "tile" && namespace !== undefined) {
    const words = {
      id: tileId(namespace),
      lane: "service",
      namespace,
      name: namespaceLine(group.nodes),
    } as const;
    return [foldNode(words, group.nodes)];
  }
  const byLane = new Map<GraphNode["lane"], GraphNode[]>();
  for (const node of group.nodes) {
    if (state.isDrawn(node.id)) continue;
    const lane = byLane.get(node.lane);
    if (lane === undefined) byLane.set(node.lane, [node]);
    else lane.push(node);
  }
  return [...byLane].map(([lane, members]) =>
    foldNode(
      { id: laneFoldId(namespace, lane), lane, namespace, name: laneFoldName(lane, members) },
      members,
    ),
  );
}
