/**
 * The canvas under the cards: Cytoscape draws the edges and owns pan, zoom, wheel, drag and pinch. The cards are DOM
 * (decision 0001), so its nodes are only anchors. Cytoscape's types stay in this file.
 */
import cytoscape, {
  type Core,
  type EdgeSingular,
  type ElementDefinition,
  type StylesheetJson,
} from "cytoscape";
import type { Box, Health } from "#lib/model/graph.ts";
import { type Viewport, zoomLimits } from "#lib/protocol/link.ts";
import { bendsOf, type Curve } from "./curve.ts";

export interface CanvasNode {
  readonly id: string;
  readonly box: Box;
}

export interface CanvasEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly health: Health;
  readonly curve: Curve;
  /** At the selected node. */
  readonly lit: boolean;
  /** Something else is lit. */
  readonly dim: boolean;
}

export interface EdgePalette {
  readonly edge: string;
  readonly broken: string;
  readonly partial: string;
  readonly unknown: string;
  readonly accent: string;
}

export interface EdgeCanvas {
  /** Brings the drawing to these nodes and edges, touching only what changed. */
  apply(nodes: readonly CanvasNode[], edges: readonly CanvasEdge[]): void;
  viewport(): Viewport;
  setViewport(viewport: Viewport): void;
  /** Moves there over a moment, or at once for those who asked for no motion. */
  flyTo(viewport: Viewport): void;
  zoomBy(factor: number): void;
  paint(palette: EdgePalette): void;
  /** Called on every frame in which the viewport moved; `byUser` for pan and zoom by hand. */
  onViewport(fn: (viewport: Viewport, byUser: boolean) => void): void;
  /** A click or tap on an edge, or on the ground (undefined). */
  onSelectEdge(fn: (edgeId: string | undefined) => void): void;
  resize(): void;
  destroy(): void;
}

export function createEdgeCanvas(container: HTMLElement, start: Viewport, palette: EdgePalette): EdgeCanvas {
  const cy = cytoscape({
    container,
    minZoom: zoomLimits.min,
    maxZoom: zoomLimits.max,
    zoom: start.zoom,
    pan: { x: start.x, y: start.y },
    autoungrabify: true,
    autounselectify: true,
    boxSelectionEnabled: false,
    // Sharp on dense screens costs four times the pixels; above 2 nobody sees it.
    pixelRatio: Math.min(2, window.devicePixelRatio),
    textureOnViewport: false,
    style: stylesheet(palette),
  });
  let moving = false;
  let onViewport: (viewport: Viewport, byUser: boolean) => void = () => {};
  let onSelectEdge: (edgeId: string | undefined) => void = () => {};

  cy.on("viewport", () => onViewport(viewportOf(cy), !moving));
  cy.on("tap", (event) => {
    if (event.target === cy) onSelectEdge(undefined);
    else if (event.target.isEdge?.() === true) onSelectEdge(event.target.id());
  });

  return {
    apply: (nodes, edges) => applyElements(cy, nodes, edges),
    viewport: () => viewportOf(cy),
    setViewport({ x, y, zoom }) {
      moving = true;
      cy.viewport({ zoom, pan: { x, y } });
      moving = false;
    },
    flyTo({ x, y, zoom }) {
      moving = true;
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      cy.stop().animate(
        { zoom, pan: { x, y } },
        {
          duration: still ? 0 : 260,
          easing: "ease-in-out-cubic",
          complete: () => {
            moving = false;
            onViewport(viewportOf(cy), false);
          },
        },
      );
    },
    zoomBy(factor) {
      const zoom = Math.min(zoomLimits.max, Math.max(zoomLimits.min, cy.zoom() * factor));
      cy.zoom({ level: zoom, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    },
    paint: (next) => void cy.style(stylesheet(next)),
    onViewport(fn) {
      onViewport = fn;
    },
    onSelectEdge(fn) {
      onSelectEdge = fn;
    },
    resize: () => void cy.resize(),
    destroy: () => cy.destroy(),
  };
}

function viewportOf(cy: Core): Viewport {
  const pan = cy.pan();
  return { x: pan.x, y: pan.y, zoom: cy.zoom() };
}

function applyElements(cy: Core, nodes: readonly CanvasNode[], edges: readonly CanvasEdge[]): void {
  const nodeIds = new Set(nodes.map((node) => node.id));
  const edgeById = new Map(edges.map((edge) => [edge.id, edge]));
  cy.batch(() => {
    // An edge whose ends change is another edge to Cytoscape: take it out and put it in again.
    cy.edges().forEach((drawn) => {
      const wanted = edgeById.get(drawn.id());
      if (
        wanted === undefined ||
        wanted.source !== drawn.data("source") ||
        wanted.target !== drawn.data("target")
      )
        drawn.remove();
    });
    cy.nodes().forEach((drawn) => {
      if (!nodeIds.has(drawn.id())) drawn.remove();
    });
    const added: ElementDefinition[] = [];
    for (const { id, box } of nodes) {
      const position = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      const drawn = cy.getElementById(id);
      // Cytoscape keeps and changes the data it is given, so each element gets its own object.
      if (drawn.empty()) added.push({ group: "nodes", data: { id, w: box.width, h: box.height }, position });
      else {
        drawn.data({ w: box.width, h: box.height });
        drawn.position(position);
      }
    }
    for (const edge of edges) {
      const drawn = cy.getElementById(edge.id);
      if (drawn.empty()) added.push({ group: "edges", data: edgeData(edge) });
      else drawn.data(edgeData(edge));
    }
    cy.add(added);
  });
}

function edgeData(edge: CanvasEdge) {
  const { weights, distances, start, end } = bendsOf(edge.curve);
  return {
    id: edge.id,
    source: edge.source,
    target: edge.target,
    health: edge.health,
    lit: edge.lit ? "yes" : "no",
    dim: edge.dim ? "yes" : "no",
    weights,
    distances,
    start,
    end,
  };
}

function stylesheet(palette: EdgePalette): StylesheetJson {
  // Endpoints are absolute on the curve; Cytoscape wants them from the node's centre.
  const endpoint = (which: "start" | "end") => (edge: EdgeSingular) => {
    const node = which === "start" ? edge.source() : edge.target();
    const point: { x: number; y: number } = edge.data(which);
    const centre = node.position();
    return `${point.x - centre.x}px ${point.y - centre.y}px`;
  };
  return [
    {
      selector: "node",
      style: {
        width: "data(w)",
        height: "data(h)",
        shape: "rectangle",
        // An edge shows as long as its ends take up space; what is hidden is neither drawn nor kept as a picture.
        visibility: "hidden",
        events: "no",
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "line-color": palette.edge,
        "target-arrow-color": palette.edge,
        "target-arrow-shape": "vee",
        "arrow-scale": 0.75,
        "curve-style": "unbundled-bezier",
        // The library takes "endpoints" since 3.29; its types do not know it yet.
        "edge-distances": "endpoints" as "intersection",
        "control-point-weights": (edge: EdgeSingular) => edge.data("weights"),
        "control-point-distances": (edge: EdgeSingular) => edge.data("distances"),
        "source-endpoint": endpoint("start"),
        "target-endpoint": endpoint("end"),
      },
    },
    {
      selector: 'edge[health = "broken"]',
      style: { width: 2, "line-color": palette.broken, "target-arrow-color": palette.broken },
    },
    {
      selector: 'edge[health = "partial"]',
      style: { width: 2, "line-color": palette.partial, "target-arrow-color": palette.partial },
    },
    {
      selector: 'edge[health = "unknown"]',
      style: { "line-color": palette.unknown, "target-arrow-color": palette.unknown, "line-style": "dashed" },
    },
    { selector: 'edge[health = "idle"]', style: { "line-style": "dotted", opacity: 0.7 } },
    { selector: 'edge[dim = "yes"]', style: { opacity: 0.22 } },
    { selector: 'edge[lit = "yes"]', style: { width: 2.5 } },
    {
      selector: 'edge[lit = "yes"][health = "ok"]',
      style: { "line-color": palette.accent, "target-arrow-color": palette.accent },
    },
  ];
}
