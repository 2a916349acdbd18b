/** Where the viewport goes: pure geometry, so that it can be tested without a browser. */
import type { Box } from "#lib/model/graph.ts";
import { type Viewport, zoomLimits } from "#lib/protocol/link.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

const margin = 20;
/** Room at the top for the lane headings. */
const headroom = 36;
/** Below this, a card's name is a chore to read; a narrow screen pans sideways rather than going lower. */
const readableZoom = 0.62;

/** The first view: the map's whole width where that stays readable, its top edge, never larger than life. */
export function startViewport(map: Size, screen: Size): Viewport {
  const fitting = (screen.width - 2 * margin) / Math.max(1, map.width);
  const zoom = clamp(fitting, readableZoom, 1);
  const spare = screen.width - map.width * zoom;
  return { x: Math.max(margin, Math.min(spare / 2, 160)), y: headroom, zoom };
}

/** The whole map at once, however small that makes it. */
export function fitViewport(map: Size, screen: Size): Viewport {
  const zoom = clamp(
    Math.min((screen.width - 2 * margin) / Math.max(1, map.width), (screen.height - margin - headroom) / Math.max(1, map.height)),
    zoomLimits.min,
    1,
  );
  return { x: (screen.width - map.width * zoom) / 2, y: headroom, zoom };
}

/** The viewport that brings a box into sight: unmoved when it is in sight already and large enough to read. */
export function revealViewport(box: Box, screen: Size, now: Viewport): Viewport {
  const left = box.x * now.zoom + now.x;
  const top = box.y * now.zoom + now.y;
  const inSight =
    left >= 8 &&
    top >= headroom &&
    left + box.width * now.zoom <= screen.width - 8 &&
    top + box.height * now.zoom <= screen.height - 8;
  if (inSight && now.zoom >= 0.5) return now;
  const zoom = Math.max(now.zoom, Math.min(0.85, zoomLimits.max));
  return {
    x: screen.width / 2 - (box.x + box.width / 2) * zoom,
    y: screen.height / 2 - (box.y + box.height / 2) * zoom,
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
