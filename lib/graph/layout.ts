import {
  type Box,
  type Island,
  type Lane,
  type LaneHeading,
  lanes,
  type NodeId,
  type NodeKind,
} from "#lib/model/graph.ts";
import { compareText } from "./compare-text.ts";
import { islandRows } from "./island-rows.ts";
import { laneTitle, laneWidth, measures as m } from "./map-measures.ts";
import { compareNamespaces } from "./namespace-order.ts";

export interface LayoutNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly lane: Lane;
  readonly namespace?: string | undefined;
  readonly name: string;
  /** It is the row of a family of namespaces, which has its name. */
  readonly family?: unknown;
}

interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly { readonly source: NodeId; readonly target: NodeId }[];
  readonly islands: readonly {
    readonly namespace: string;
    readonly state: Island["state"];
    readonly family?: string | undefined;
  }[];
  /**
   * Lanes to keep a column for. Given from outside and not read off the nodes, so that folding the last Ingress of
   * a namespace does not move every other column.
   */
  readonly lanes: ReadonlySet<Lane>;
}

export interface Layout {
  readonly boxes: ReadonlyMap<NodeId, Box>;
  readonly islands: ReadonlyMap<string, Box>;
  readonly headings: readonly LaneHeading[];
  readonly size: { readonly width: number; readonly height: number };
}

/**
 * Places nodes and islands. Lanes stand left to right, the way a packet goes; open islands top to bottom by name,
 * the system's own last; tiles after them, two a row; where namespaces share rows, what is drawn of them stands below
 * their row. Pure: the same nodes and edges in any order give the same
 * places, an added object moves only what stands below it, and health is not even an argument.
 */
export function layoutMap(input: LayoutInput): Layout {
  const columns = columnsFor(input.lanes);
  const boxes = new Map<NodeId, Box>();
  const islands = new Map<string, Box>();
  const members = groupByNamespace(input.nodes);
  const inner = edgesWithin(input);
  const ordered = [...input.islands].sort((a, b) => compareNamespaces(a.namespace, b.namespace));

  const islandFrom = (namespace: string, top: number) =>
    placeIsland(columns, members.get(namespace) ?? [], inner.get(namespace) ?? [], top, boxes);
  const rows = input.nodes.filter((node) => node.family !== undefined);
  let y: number = m.margin + m.headings;
  const placeOpen = (all: readonly Placed[]) => {
    for (const { namespace } of all) {
      const box = islandFrom(namespace, y);
      islands.set(namespace, box);
      y += box.height + m.islandGap;
    }
  };
  const placeTiles = (tiles: readonly Placed[], each: number) => {
    tiles.forEach(({ namespace }, at) => {
      const box = tileBox(columns, at, y, each);
      islands.set(namespace, box);
      for (const node of members.get(namespace) ?? []) boxes.set(node.id, tileLine(box));
    });
    y += Math.ceil(tiles.length / each) * (m.tileHeight + m.islandGap);
  };
  if (rows.length === 0) {
    placeOpen(ordered.filter((island) => island.state === "open"));
    placeTiles(
      ordered.filter((island) => island.state === "tile"),
      2,
    );
  } else {
    // Each family in its place, and what was unfolded of it below its row: nothing above moves.
    const byFamily = Map.groupBy(ordered, (island) => island.family ?? "");
    const rowOf = new Map(rows.map((row) => [row.name, row]));
    for (const family of [...new Set([...rowOf.keys(), ...byFamily.keys()])].sort(compareNamespaces)) {
      const row = rowOf.get(family);
      if (row !== undefined) {
        boxes.set(row.id, { x: columns.island.x, y, width: columns.island.width, height: m.familyHeight });
        y += m.familyHeight + m.familyGap;
      }
      for (const run of runsOf(byFamily.get(family) ?? [])) {
        if (run[0]?.state === "open") placeOpen(run);
        else placeTiles(run, 3);
      }
    }
  }
  placeInternet(input, columns, boxes);
  placeOutside(input, columns, boxes);
  const bottom = [...boxes.values(), ...islands.values()].reduce(
    (lowest, box) => Math.max(lowest, box.y + box.height),
    m.margin + m.headings,
  );
  return {
    boxes,
    islands,
    headings: rows.length > 0 && islands.size === 0 ? headingsOfRows(columns) : columns.headings,
    size: { width: columns.width + (rows.length > 0 ? m.arcRoom : 0), height: bottom + m.margin },
  };
}

/** Where nothing is unfolded, rows stand in no lane. */
function headingsOfRows({ headings, island }: Columns): readonly LaneHeading[] {
  const outer = headings.filter(({ x }) => x < island.x || x >= island.x + island.width);
  return [...outer, { title: "Namespaces", x: island.x, width: island.width }].sort((a, b) => a.x - b.x);
}

type Placed = LayoutInput["islands"][number];

/** Neighbours of one state together, so that tiles share lines and an open namespace has its own. */
function runsOf(islands: readonly Placed[]): readonly (readonly Placed[])[] {
  const runs: Placed[][] = [];
  for (const island of islands) {
    const last = runs.at(-1);
    if (last?.[0]?.state === island.state) last.push(island);
    else runs.push([island]);
  }
  return runs;
}

interface Columns {
  readonly x: Readonly<Record<Lane, number>>;
  /** Where islands begin and how wide they are. */
  readonly island: { readonly x: number; readonly width: number };
  readonly headings: readonly LaneHeading[];
  readonly width: number;
}

function columnsFor(present: ReadonlySet<Lane>): Columns {
  const x: Record<Lane, number> = {
    internet: 0,
    entry: 0,
    route: 0,
    service: 0,
    workload: 0,
    pod: 0,
    outside: 0,
  };
  let at: number = m.margin;
  if (present.has("internet")) {
    x.internet = at;
    at += laneWidth.internet + m.outerGap;
  }
  const islandX = at;
  at += m.islandPadding;
  // Services and workloads keep their columns, so that a map which happens to lack one of them looks like any other.
  const inside = lanes.filter(
    (lane) =>
      lane !== "internet" &&
      lane !== "outside" &&
      (present.has(lane) || lane === "service" || lane === "workload"),
  );
  for (const lane of inside) {
    x[lane] = at;
    at += laneWidth[lane] + m.laneGap;
  }
  const islandEnd = at - m.laneGap + m.islandPadding;
  x.outside = islandEnd + m.outerGap;
  const width = (present.has("outside") ? x.outside + laneWidth.outside : islandEnd) + m.margin;
  const shown = lanes.filter((lane) => inside.includes(lane) || present.has(lane));
  return {
    x,
    island: { x: islandX, width: islandEnd - islandX },
    headings: shown.map((lane) => ({ title: laneTitle[lane], x: x[lane], width: laneWidth[lane] })),
    width,
  };
}

function placeIsland(
  columns: Columns,
  nodes: readonly LayoutNode[],
  edges: LayoutInput["edges"],
  y: number,
  boxes: Map<NodeId, Box>,
): Box {
  // A workload's own fold of pods stands among its pods; a lane's fold stands below the lane.
  const fedFolds = new Set(edges.map((edge) => edge.target));
  const isLaneFold = (node: LayoutNode) =>
    node.kind === "folded" && !(node.lane === "pod" && fedFolds.has(node.id));
  const cards = nodes.filter((node) => !isLaneFold(node));
  const folds = nodes.filter(isLaneFold);
  const { rowOf, count } = islandRows(cards, edges);
  const first = y + m.islandHeader;
  for (const node of cards) {
    const row = rowOf.get(node.id) ?? 0;
    boxes.set(node.id, {
      x: columns.x[node.lane],
      y: first + row * m.rowPitch,
      width: laneWidth[node.lane],
      height: m.cardHeight,
    });
  }
  let end = count === 0 ? first : first + (count - 1) * m.rowPitch + m.cardHeight;
  if (folds.length > 0) {
    const top = count === 0 ? first : end + m.rowPitch - m.cardHeight;
    for (const node of folds) {
      boxes.set(node.id, {
        x: columns.x[node.lane],
        y: top,
        width: laneWidth[node.lane],
        height: m.foldHeight,
      });
    }
    end = top + m.foldHeight;
  }
  return { x: columns.island.x, y, width: columns.island.width, height: end + m.islandPadding - y };
}

/** `each`: how many stand in a line. */
function tileBox({ island }: Columns, at: number, y: number, each: number): Box {
  const width = (island.width - (each - 1) * m.islandGap) / each;
  return {
    x: island.x + (at % each) * (width + m.islandGap),
    y: y + Math.floor(at / each) * (m.tileHeight + m.islandGap),
    width,
    height: m.tileHeight,
  };
}

function tileLine(tile: Box): Box {
  return {
    x: tile.x + m.islandPadding,
    y: tile.y + m.islandHeader,
    width: tile.width - 2 * m.islandPadding,
    height: m.foldHeight,
  };
}

/** Beside the topmost thing that it reaches. */
function placeInternet({ nodes, edges }: LayoutInput, columns: Columns, boxes: Map<NodeId, Box>): void {
  for (const node of nodes) {
    if (node.lane !== "internet") continue;
    const tops = edges.flatMap((edge) => (edge.source === node.id ? (boxes.get(edge.target)?.y ?? []) : []));
    const y =
      tops.length === 0 ? m.margin + m.headings + m.islandHeader : tops.reduce((a, b) => Math.min(a, b));
    boxes.set(node.id, { x: columns.x.internet, y, width: laneWidth.internet, height: m.cardHeight });
  }
}

/** Each beside the topmost Service that points to it, or as far below as there is room. */
function placeOutside({ nodes, edges }: LayoutInput, columns: Columns, boxes: Map<NodeId, Box>): void {
  const beside = new Map<NodeId, number>();
  for (const { source, target } of edges) {
    const y = boxes.get(source)?.y;
    if (y !== undefined) beside.set(target, Math.min(y, beside.get(target) ?? y));
  }
  const wanted = (node: LayoutNode) => beside.get(node.id) ?? 0;
  const outside = nodes.filter((node) => node.lane === "outside");
  outside.sort((a, b) => wanted(a) - wanted(b) || compareText(a.id, b.id));
  let free: number = m.margin + m.headings + m.islandHeader;
  for (const node of outside) {
    const y = Math.max(free, wanted(node));
    const height = node.kind === "folded" ? m.foldHeight : m.cardHeight;
    boxes.set(node.id, { x: columns.x.outside, y, width: laneWidth.outside, height });
    free = y + m.rowPitch;
  }
}

function groupByNamespace(
  nodes: readonly LayoutNode[],
): ReadonlyMap<string | undefined, readonly LayoutNode[]> {
  const groups = new Map<string | undefined, LayoutNode[]>();
  for (const node of nodes) {
    // A fold of outside addresses belongs to a namespace, but stands beside its island.
    const namespace = node.lane === "outside" ? undefined : node.namespace;
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [node]);
    else group.push(node);
  }
  return groups;
}

function edgesWithin({ nodes, edges }: LayoutInput): ReadonlyMap<string, LayoutInput["edges"]> {
  const namespaceOf = new Map(nodes.map((node) => [node.id, node.namespace]));
  const groups = new Map<string, { source: NodeId; target: NodeId }[]>();
  for (const edge of edges) {
    const namespace = namespaceOf.get(edge.source);
    if (namespace === undefined || namespace !== namespaceOf.get(edge.target)) continue;
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [edge]);
    else group.push(edge);
  }
  return groups;
}
