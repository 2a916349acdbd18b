import { type GraphEdge, type GraphNode, lanes, type NodeId } from "#lib/model/graph.ts";
import type { FoldGround, FoldGroup } from "./fold-ground.ts";
import { type FoldLevel, isDrawnAt, type Standing } from "./fold-levels.ts";

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

/** An edge between two things as they are drawn. */
export interface DrawnEdge {
  readonly edge: GraphEdge;
  readonly source: NodeId;
  readonly target: NodeId;
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
  /** The same for all groups at once, which costs no more than a few of them one by one. */
  setAll(levelOf: (group: FoldGroup) => FoldLevel): void;
  /** Whether healthy ways between rows of namespaces, and from the internet to them, are drawn; at first not. */
  setFlows(shown: boolean): void;
  /** Whether it is the row of a family. */
  isRow(drawn: NodeId): boolean;
  /** Whether a node is drawn as itself, and is not in a fold. */
  isDrawn(id: NodeId): boolean;
  /** The edges that are drawn, those between the same two things one by one; the rest is left to its fold's count. */
  drawnEdges(): readonly DrawnEdge[];
}

const noneRevealed: ReadonlySet<NodeId> = new Set();

/** All groups begin open. */
export function foldState(ground: FoldGround, standing: Standing): FoldState {
  const { nodes, edges, groups, families, slots, sources, targets, troubledEdges, edgesOf } = ground;
  const familyNumber = new Map(families.map((family, number) => [family, number]));

  // Drawn things are numbered: nodes first, then for each group one fold a lane and its tile, then the rows of families.
  const perGroup = lanes.length + 1;
  const tileOffset = lanes.length;
  const rows = nodes.length + groups.length * perGroup;
  const size = rows + families.length;
  const internet = ground.slotOf("internet") ?? -1;
  let flows = false;
  const drawnAs = Int32Array.from(nodes, (_, slot) => slot);

  const levels: FoldLevel[] = groups.map(() => "open");
  // How many nodes are drawn as each thing, and how many things that are; how many edges are drawn between each two.
  const standsFor = new Int32Array(size);
  let things = 0;
  const ways = new Map<number, number>();

  /**
   * Folds are calm: healthy ways between them, and from the internet to them, are not drawn. Those that carry trouble
   * are, and so are those that touch a card.
   */
  function isQuiet(edge: number, from: number, to: number): boolean {
    if (from === to) return true;
    if (troubledEdges[edge] === 1) return false;
    if (flows && to >= rows && (from >= rows || from === internet)) return false;
    return (from >= nodes.length || from === internet) && to >= nodes.length;
  }

  function countNode(slot: number, by: 1 | -1): void {
    const drawn = drawnAs[slot] ?? 0;
    const before = standsFor[drawn] ?? 0;
    standsFor[drawn] = before + by;
    if (before === 0) things += 1;
    else if (before + by === 0) things -= 1;
  }

  function countEdge(edge: number, by: 1 | -1): void {
    const from = drawnAs[sources[edge] ?? 0] ?? 0;
    const to = drawnAs[targets[edge] ?? 0] ?? 0;
    if (isQuiet(edge, from, to)) return;
    const key = from * size + to;
    const next = (ways.get(key) ?? 0) + by;
    if (next === 0) ways.delete(key);
    else ways.set(key, next);
  }

  function countAll(): void {
    standsFor.fill(0);
    things = 0;
    for (let slot = 0; slot < nodes.length; slot++) countNode(slot, 1);
    countEdges();
  }

  function countEdges(): void {
    ways.clear();
    for (let edge = 0; edge < edges.length; edge++) countEdge(edge, 1);
  }
  countAll();

  function set(group: FoldGroup, level: FoldLevel, revealed = noneRevealed): void {
    const incident = edgesOf[group.index] ?? [];
    for (const edge of incident) countEdge(edge, -1);
    const members = slots[group.index] ?? new Int32Array();
    for (const slot of members) countNode(slot, -1);
    placeMembers(group, members, level, revealed);
    for (const slot of members) countNode(slot, 1);
    for (const edge of incident) countEdge(edge, 1);
    levels[group.index] = level;
  }

  function placeMembers(
    group: FoldGroup,
    members: Int32Array,
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

  return {
    groups,
    elements: () => things + ways.size,
    levelOf: (group) => levels[group.index] ?? "open",
    set,
    setAll(levelOf) {
      for (const group of groups) {
        const level = levelOf(group);
        placeMembers(group, slots[group.index] ?? new Int32Array(), level, noneRevealed);
        levels[group.index] = level;
      }
      countAll();
    },
    setFlows(shown) {
      flows = shown;
      countEdges();
    },
    isRow: (drawn) => drawn.startsWith(rowPrefix),
    isDrawn(id) {
      const slot = ground.slotOf(id);
      return slot !== undefined && drawnAs[slot] === slot;
    },
    drawnEdges() {
      const drawn: DrawnEdge[] = [];
      edges.forEach((edge, number) => {
        const from = drawnAs[sources[number] ?? 0] ?? 0;
        const to = drawnAs[targets[number] ?? 0] ?? 0;
        if (!isQuiet(number, from, to)) drawn.push({ edge, source: nameOf(from), target: nameOf(to) });
      });
      return drawn;
    },
  };
}
