/** Where the viewport goes: pure geometry, so that it can be tested without a browser. */
import type { Box, GraphView, PlacedNode } from "#lib/model/graph.ts";
import { type Viewport, zoomLimits } from "#lib/protocol/link.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

type Placed = Pick<GraphView, "islands" | "size"> & {
  readonly nodes: readonly Pick<PlacedNode, "box" | "family">[];
};

const margin = 20;
/** Room at the top for the lane headings. */
const headroom = 44;
/** What lies over the lower edge: the legend. */
const footroom = 64;
/** Below this, a card's second line is a chore to read; a narrow screen pans sideways rather than going lower. */
const readableZoom = 0.74;

/**
 * The first view: the namespaces' whole width where that stays readable, from their upper edge, never larger than
 * life. What lies outside the cluster, on the far right, may be beyond the edge.
 */
export function startViewport(view: Placed, screen: Size): Viewport {
  const right = Math.max(...view.islands.map(({ box }) => box.x + box.width), 1);
  const rows = view.nodes.some(({ family }) => family !== undefined);
  const width = rows || view.islands.length === 0 ? view.size.width : right;
  // Rows are an overview: all of them, where that is readable.
  const height = rows ? view.size.height - topOf(view) : 1;
  const zoom = clamp(
    Math.min(
      (screen.width - 2 * margin) / Math.max(1, width),
      (screen.height - headroom - footroom) / Math.max(1, height),
    ),
    readableZoom,
    1,
  );
  const spare = screen.width - view.size.width * zoom;
  return { x: clamp(spare / 2, margin, 120), y: headroom - topOf(view) * zoom, zoom };
}

/** The whole map at once, however small that makes it. */
export function fitViewport(view: Placed, screen: Size): Viewport {
  const top = topOf(view);
  const zoom = clamp(
    Math.min(
      (screen.width - 2 * margin) / Math.max(1, view.size.width),
      (screen.height - margin - headroom) / Math.max(1, view.size.height - top),
    ),
    zoomLimits.min,
    1,
  );
  return { x: (screen.width - view.size.width * zoom) / 2, y: headroom - top * zoom, zoom };
}

/**
 * A path as a whole, where that stays readable; else the part of it that is in question. Never larger than life.
 * `focus`: the boxes of that part.
 */
export function pathViewport(boxes: readonly Box[], focus: readonly Box[], screen: Size): Viewport {
  const whole = around(boxes, screen);
  return whole.zoom >= readableZoom * 0.6 || focus.length === 0 ? whole : around(focus, screen);
}

/** These boxes with some air around. */
function around(boxes: readonly Box[], screen: Size): Viewport {
  const left = Math.min(...boxes.map(({ x }) => x)) - air;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + air;
  const top = Math.min(...boxes.map(({ y }) => y)) - air / 2;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + air / 2;
  const zoom = clamp(
    Math.min(screen.width / (right - left), (screen.height - headroom - margin) / (bottom - top)),
    zoomLimits.min,
    1,
  );
  return {
    x: screen.width / 2 - ((left + right) / 2) * zoom,
    y: headroom + (screen.height - headroom - margin) / 2 - ((top + bottom) / 2) * zoom,
    zoom,
  };
}

/** Curves bow out beside the cards that they join. */
const air = 90;

/** Screen pixels that the widest heading takes, with air. */
const headingWidth = 92;

/** Whether the headings of lanes can stand side by side; far out they would run into each other. */
export function headingsFit(lanes: readonly { readonly x: number }[], zoom: number): boolean {
  return lanes.every(({ x }, at) => {
    const next = lanes[at + 1];
    return next === undefined || (next.x - x) * zoom >= headingWidth;
  });
}

/** The layout leaves room for headings at the top; ours stay on screen by themselves. */
function topOf({ islands, nodes }: Placed): number {
  const rows = nodes.filter(({ family }) => family !== undefined);
  const tops = [...islands, ...rows].map(({ box }) => box.y);
  return tops.length === 0 ? 0 : Math.min(...tops);
}

/**
 * The viewport that brings a box into sight: unmoved when it is in sight already and large enough to read. It moves
 * only along the axis on which the box is out of sight, so that the path around it stays where it was.
 */
export function revealViewport(box: Box, screen: Size, now: Viewport): Viewport {
  const zoom = now.zoom >= readableZoom * 0.75 ? now.zoom : 0.85;
  const left = box.x * zoom + now.x;
  const top = box.y * zoom + now.y;
  const inWidth = zoom === now.zoom && left >= 8 && left + box.width * zoom <= screen.width - 8;
  const inHeight = zoom === now.zoom && top >= headroom && top + box.height * zoom <= screen.height - 8;
  if (inWidth && inHeight) return now;
  return {
    x: inWidth ? now.x : screen.width / 2 - (box.x + box.width / 2) * zoom,
    y: inHeight ? now.y : screen.height / 2 - (box.y + box.height / 2) * zoom,
    zoom,
  };
}

/** How much a card shows at this zoom. */
export function detailAt(zoom: number): "near" | "far" | "dots" {
  if (zoom >= 0.58) return "near";
  return zoom >= 0.3 ? "far" : "dots";
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
