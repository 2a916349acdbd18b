import { type GraphEdge, type GraphNode, lanes, type NodeId } from "#lib/model/graph.ts";
import type { Labels } from "#lib/model/objects.ts";
import { familiesOf } from "./families.ts";
import { type FoldLevel, isDrawnAt, type Standing } from "./fold-levels.ts";
import { isTroubled } from "./health.ts";

/**
 * A namespace as folding sees it, with the outside addresses that its Services point to: they come and go with those
 * Services. Without a namespace: addresses whose Services are filtered out.
 */
export interface FoldGroup {
  readonly index: number;
  readonly namespace: string | undefined;
  readonly nodes: readonly GraphNode[];
  /** Of the namespaces that share a row with it, where they have to; see `familiesOf`. */
  readonly family: string;
}

const rowPrefix = "folded/-/namespaces/";

export function familyId(family: string): NodeId {
  return `${rowPrefix}${family}`;
}

export function laneFoldId(namespace: string | undefined, lane: GraphNode["lane"]): NodeId {
  // "-" is no name that a namespace can have.
  return `folded/${namespace ?? "-"}/${lane}`;
}

export function tileId(namespace: string): NodeId {
  return `folded/${namespace}/tile`;
}

/**
 * How many elements a choice of levels draws, kept up to date as the choice changes. Changing one namespace looks
 * at its own nodes and edges only, so that trying a level on each of a thousand namespaces stays cheap.
 */
export interface FoldState {
  readonly groups: readonly FoldGroup[];
  elements(): number;
  levelOf(group: FoldGroup): FoldLevel;
  set(group: FoldGroup, level: FoldLevel, revealed?: ReadonlySet<NodeId>): void;
  /** Whether healthy ways between rows of namespaces, and from the internet to them, are drawn; at first not. */
  setFlows(shown: boolean): void;
  /** Whether it is the row of a family. */
  isRow(drawn: NodeId): boolean;
  /** What a node is drawn as: its own id, or that of the fold that it went into. */
  drawnAs(id: NodeId): NodeId;
  /** Whether an edge is left to its fold's count: see `isQuiet`. */
  isDropped(edge: GraphEdge): boolean;
}

const noneRevealed: ReadonlySet<NodeId> = new Set();

export function foldState(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  standing: Standing,
  labelsOf?: (namespace: string) => Labels,
): FoldState {
  const groups = groupNodes(nodes, edges, labelsOf);
  const families = [...new Set(groups.map((group) => group.family))];
  const familyNumber = new Map(families.map((family, number) => [family, number]));
  const slotOf = new Map(nodes.map((node, slot) => [node.id, slot]));
  const slots = new Map<FoldGroup, readonly number[]>(
    groups.map((group) => [group, group.nodes.map((node) => slotOf.get(node.id) ?? 0)]),
  );

  // Drawn things are numbered: nodes first, then for each group one fold a lane and its tile, then the rows of families.
  const perGroup = lanes.length + 1;
  const tileOffset = lanes.length;
  const rows = nodes.length + groups.length * perGroup;
  const size = rows + families.length;
  let flows = false;
  const drawnAs = Int32Array.from(nodes, (_, slot) => slot);
  const internet = slotOf.get("internet") ?? -1;

  const ends = edges.map((edge) => [slotOf.get(edge.source) ?? 0, slotOf.get(edge.target) ?? 0] as const);
  const troubledEdge = edges.map((edge) => isTroubled(edge.health));
  const edgesOfGroup = edgesByGroup(nodes.length, groups, slots, ends);

  const levels = new Map<FoldGroup, FoldLevel>(groups.map((group) => [group, "open"]));
  const drawnEdges = new Map<number, number>();
  const drawnNodes = new Map<number, number>();
  for (const slot of drawnAs) count(drawnNodes, slot, 1);

  /**
   * Folds are calm: healthy ways between them, and from the internet to them, are not drawn. Those that carry trouble
   * are, and so are those that touch a card.
   */
  function isQuiet(edge: number, from: number, to: number): boolean {
    if (from === to) return true;
    if (troubledEdge[edge] === true) return false;
    if (flows && to >= rows && (from >= rows || from === internet)) return false;
    return (from >= nodes.length || from === internet) && to >= nodes.length;
  }

  function countEdge(edge: number, by: 1 | -1): void {
    const [source, target] = ends[edge] ?? [0, 0];
    const from = drawnAs[source] ?? 0;
    const to = drawnAs[target] ?? 0;
    if (!isQuiet(edge, from, to)) count(drawnEdges, from * size + to, by);
  }
  for (let edge = 0; edge < edges.length; edge++) countEdge(edge, 1);

  function set(group: FoldGroup, level: FoldLevel, revealed = noneRevealed): void {
    const incident = edgesOfGroup[group.index] ?? [];
    for (const edge of incident) countEdge(edge, -1);
    const members = slots.get(group) ?? [];
    for (const slot of members) count(drawnNodes, drawnAs[slot] ?? 0, -1);
    placeMembers(group, members, level, revealed);
    for (const slot of members) count(drawnNodes, drawnAs[slot] ?? 0, 1);
    for (const edge of incident) countEdge(edge, 1);
    levels.set(group, level);
  }

  function placeMembers(
    group: FoldGroup,
    members: readonly number[],
    level: FoldLevel,
    revealed: ReadonlySet<NodeId>,
  ): void {
    const base = nodes.length + group.index * perGroup;
    if (level === "tile" || level === "family") {
      const drawn = level === "tile" ? base + tileOffset : rows + (familyNumber.get(group.family) ?? 0);
      for (const slot of members) drawnAs[slot] = drawn;
      return;
    }
    const lastFolded = new Map<number, number>();
    const foldedIn = new Map<number, number>();
    group.nodes.forEach((node, at) => {
      const slot = members[at] ?? 0;
      if (isDrawnAt(level, node.id, standing, revealed)) {
        drawnAs[slot] = slot;
        return;
      }
      const lane = lanes.indexOf(node.lane);
      drawnAs[slot] = base + lane;
      lastFolded.set(lane, slot);
      foldedIn.set(lane, (foldedIn.get(lane) ?? 0) + 1);
    });
    // Folding one node saves nothing and tells less than the node.
    for (const [lane, slot] of lastFolded) if (foldedIn.get(lane) === 1) drawnAs[slot] = slot;
  }

  function nameOf(drawn: number): NodeId {
    const node = nodes[drawn];
    if (node !== undefined) return node.id;
    const family = families[drawn - rows];
    if (family !== undefined) return familyId(family);
    const offset = drawn - nodes.length;
    const group = groups[Math.floor(offset / perGroup)];
    const lane = lanes[offset % perGroup];
    return lane === undefined ? tileId(group?.namespace ?? "-") : laneFoldId(group?.namespace, lane);
  }

  const edgeNumbers = new Map(edges.map((edge, number) => [edge, number]));
  return {
    groups,
    elements: () => drawnNodes.size + drawnEdges.size,
    levelOf: (group) => levels.get(group) ?? "open",
    set,
    isRow: (drawn) => drawn.startsWith(rowPrefix),
    setFlows(shown) {
      for (let edge = 0; edge < edges.length; edge++) countEdge(edge, -1);
      flows = shown;
      for (let edge = 0; edge < edges.length; edge++) countEdge(edge, 1);
    },
    drawnAs: (id) => nameOf(drawnAs[slotOf.get(id) ?? 0] ?? 0),
    isDropped(edge) {
      const number = edgeNumbers.get(edge) ?? 0;
      const [source, target] = ends[number] ?? [0, 0];
      return isQuiet(number, drawnAs[source] ?? 0, drawnAs[target] ?? 0);
    },
  };
}

/** The internet is in no group: it is always drawn. */
function groupNodes(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  labelsOf?: (namespace: string) => Labels,
): readonly FoldGroup[] {
  const namespaceOf = new Map(nodes.map((node) => [node.id, node.namespace]));
  const home = new Map<NodeId, string>();
  for (const { source, target } of edges) {
    const namespace = namespaceOf.get(source);
    // Edges come sorted by id: of several Services, the same one is the first every time.
    if (namespace !== undefined && !home.has(target)) home.set(target, namespace);
  }
  const byNamespace = new Map<string | undefined, GraphNode[]>();
  for (const node of nodes) {
    if (node.lane === "internet") continue;
    const namespace = node.namespace ?? home.get(node.id);
    const group = byNamespace.get(namespace);
    if (group === undefined) byNamespace.set(namespace, [node]);
    else group.push(node);
  }
  const families = familiesOf(
    [...byNamespace.keys()].filter((namespace) => namespace !== undefined),
    labelsOf,
  );
  return [...byNamespace].map(([namespace, members], index) => ({
    index,
    namespace,
    nodes: members,
    family: families.get(namespace ?? "") ?? "",
  }));
}

function edgesByGroup(
  nodeCount: number,
  groups: readonly FoldGroup[],
  slots: ReadonlyMap<FoldGroup, readonly number[]>,
  ends: readonly (readonly [number, number])[],
): readonly (readonly number[])[] {
  const groupOf = new Int32Array(nodeCount).fill(-1);
  for (const group of groups) for (const slot of slots.get(group) ?? []) groupOf[slot] = group.index;
  const edgesOf: number[][] = groups.map(() => []);
  ends.forEach(([source, target], edge) => {
    const from = groupOf[source] ?? -1;
    const to = groupOf[target] ?? -1;
    edgesOf[from]?.push(edge);
    if (to !== from) edgesOf[to]?.push(edge);
  });
  return edgesOf;
}

function count(counts: Map<number, number>, key: number, by: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
