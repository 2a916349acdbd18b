"use client";

import { useTheme } from "next-themes";
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { GraphView, Island, PlacedEdge, PlacedNode } from "#lib/model/graph.ts";
import type { PathOverlay } from "#lib/model/path-overlay.ts";
import { sameViewport, type Viewport } from "#lib/protocol/link.ts";
import type { EdgeCanvas, EdgePalette } from "./edge-canvas.ts";
import { EdgeMarks } from "./edge-marks.tsx";
import { FamilyRow } from "./family-row.tsx";
import { IslandGround, IslandHead } from "./island-box.tsx";
import { MapCard } from "./map-card.tsx";
import { aroundNode, neighbour } from "./neighbours.ts";
import { PathLines, PathMarks } from "./path-layer.tsx";
import { useChanged } from "./use-changed.ts";
import {
  detailAt,
  fitViewport,
  headingsFit,
  pathViewport,
  revealViewport,
  startViewport,
} from "./viewport.ts";

/** What the page can ask of the map. */
export interface MapHandle {
  readonly fit: () => void;
  readonly zoomBy: (factor: number) => void;
  /** A node, or a namespace's island: `namespace/shop`. */
  readonly reveal: (nodeId: string) => void;
  readonly centreOn: (point: { readonly x: number; readonly y: number }) => void;
}

interface Props {
  readonly ref: Ref<MapHandle>;
  readonly view: GraphView;
  /** The node that is selected, if it is on the map. */
  readonly selected: string | undefined;
  /** A traced packet's way: it is lit, and everything else is dimmed. */
  readonly path?: PathOverlay | undefined;
  /** Ids of nodes that are lit, with the edges between them; everything else is dimmed. Not beside a path. */
  readonly lit?: readonly string[] | undefined;
  readonly openHop?: number | undefined;
  readonly onOpenHop?: ((hop: number) => void) | undefined;
  /** What the link unfolds. */
  readonly unfolded: readonly string[];
  /** From the link; absent: the map chooses its first view and refits only until someone moves it. */
  readonly start: Viewport | undefined;
  readonly onOpenNode: (node: PlacedNode) => void;
  readonly onOpenEdge: (edge: PlacedEdge) => void;
  readonly onToggleIsland: (island: Island) => void;
  /** One of the namespaces that share a row. */
  readonly onOpenNamespace?: ((namespace: string) => void) | undefined;
  /** Every frame in which the viewport moves. */
  readonly onMove: (viewport: Viewport, screen: { readonly width: number; readonly height: number }) => void;
  /** After someone moved it by hand. */
  readonly onMovedByHand: (viewport: Viewport) => void;
}

const arrows: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** A press that moves less than this, in CSS pixels, is a click. */
const dragSlack = 4;

export function MapCanvas({
  ref,
  view,
  selected,
  path: traced,
  lit,
  openHop,
  onOpenHop = () => {},
  unfolded,
  start,
  onOpenNode,
  onOpenEdge,
  onToggleIsland,
  onOpenNamespace,
  onMove,
  onMovedByHand,
}: Props) {
  const changed = useChanged(view.nodes);
  const litKey = lit?.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same nodes in a new array are the same
  const path = useMemo(() => traced ?? overlayOf(lit), [traced, litKey]);
  const frame = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const ground = useRef<HTMLDivElement>(null);
  const headings = useRef<HTMLDivElement>(null);
  const canvas = useRef<EdgeCanvas>(undefined);
  const pressedAt = useRef({ x: 0, y: 0 });
  const movedByHand = useRef(start !== undefined);
  /** The viewport that the link has from here; another one in the link comes from its reader: back, or a new address. */
  const told = useRef(start);
  const latest = useRef({ view, selected, path, onMove, onMovedByHand, onOpenEdge });
  const { resolvedTheme } = useTheme();
  // Only for the first paint: the server does not know the screen, so it takes the most common one, and the browser
  // corrects it. From then on the canvas moves the layers, and a render must not move them back.
  const [first] = useState(() => start ?? firstViewport(view, selected, path, { width: 1440, height: 800 }));

  // Handlers of the canvas outlive renders; they read what is current.
  useLayoutEffect(() => {
    latest.current = { view, selected, path, onMove, onMovedByHand, onOpenEdge };
  });

  // The canvas lives as long as the element; what it shows is brought up to date below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once, from the first link and view
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    let gone = false;
    let moveTimer: ReturnType<typeof setTimeout> | undefined;
    const first = start ?? firstOf(latest.current, sizeOf(element));
    place(first, element);
    const observer = new ResizeObserver(() => {
      canvas.current?.resize();
      if (!movedByHand.current) {
        canvas.current?.setViewport(firstOf(latest.current, sizeOf(element)));
      }
      if (canvas.current !== undefined) latest.current.onMove(canvas.current.viewport(), sizeOf(element));
    });
    // The drawing library is large: the cards are on screen before it arrives.
    void import("./edge-canvas.ts").then(({ createEdgeCanvas }) => {
      if (gone) return;
      const made = createEdgeCanvas(element, first, readPalette(element));
      canvas.current = made;
      made.onViewport((viewport, byHand) => {
        place(viewport, element);
        if (!byHand) return;
        movedByHand.current = true;
        clearTimeout(moveTimer);
        moveTimer = setTimeout(() => tell(made.viewport()), 200);
      });
      made.onSelectEdge((id) => {
        const edge = latest.current.view.edges.find((e) => e.id === id);
        if (edge !== undefined) latest.current.onOpenEdge(edge);
      });
      draw(made, latest.current);
      observer.observe(element);
      element.dataset.ready = "true";
    });
    return () => {
      gone = true;
      clearTimeout(moveTimer);
      observer.disconnect();
      canvas.current?.destroy();
      canvas.current = undefined;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `place` reads only what is current
  useLayoutEffect(() => {
    if (canvas.current === undefined || frame.current === null) return;
    draw(canvas.current, { view, selected, path });
    place(canvas.current.viewport(), frame.current);
  }, [view, selected, path]);

  const litPath = path?.nodes.join(" ");
  useEffect(() => {
    if (litPath === undefined || canvas.current === undefined || frame.current === null) return;
    canvas.current.flyTo(firstOf(latest.current, sizeOf(frame.current)));
  }, [litPath]);

  useEffect(() => {
    if (start === undefined || canvas.current === undefined || sameViewport(start, told.current)) return;
    told.current = start;
    movedByHand.current = true;
    canvas.current.flyTo(start);
  }, [start]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read from the page's colours, which follow the theme
  useEffect(() => {
    // The class that carries the colours is set in the same commit; read it in the next frame.
    const request = requestAnimationFrame(() => {
      if (frame.current !== null) canvas.current?.paint(readPalette(frame.current));
    });
    return () => cancelAnimationFrame(request);
  }, [resolvedTheme]);

  function tell(viewport: Viewport) {
    told.current = viewport;
    latest.current.onMovedByHand(viewport);
  }

  function place(viewport: Viewport, element: HTMLElement) {
    const { lanes } = latest.current.view;
    const transform = `translate(${viewport.x}px, ${viewport.y}px) scale(${viewport.zoom})`;
    if (ground.current !== null) ground.current.style.transform = transform;
    if (layer.current !== null) {
      layer.current.style.transform = transform;
      layer.current.dataset.detail = detailAt(viewport.zoom);
    }
    if (headings.current !== null) {
      headings.current.style.visibility = headingsFit(lanes, viewport.zoom) ? "" : "hidden";
      for (const [i, heading] of [...headings.current.children].entries()) {
        const lane = lanes[i];
        if (heading instanceof HTMLElement && lane !== undefined) {
          heading.style.transform = `translateX(${lane.x * viewport.zoom + viewport.x}px)`;
        }
      }
    }
    latest.current.onMove(viewport, sizeOf(element));
  }

  useImperativeHandle(ref, () => ({
    fit() {
      if (frame.current !== null)
        canvas.current?.flyTo(fitViewport(latest.current.view, sizeOf(frame.current)));
    },
    zoomBy: (factor) => canvas.current?.zoomBy(factor),
    reveal(nodeId) {
      const { nodes, islands } = latest.current.view;
      const node =
        nodes.find((n) => n.id === nodeId) ?? islands.find((i) => `namespace/${i.namespace}` === nodeId);
      if (node === undefined || frame.current === null || canvas.current === undefined) return;
      const now = canvas.current.viewport();
      const next = revealViewport(node.box, sizeOf(frame.current), now);
      if (next !== now) canvas.current.flyTo(next);
    },
    centreOn({ x, y }) {
      if (frame.current === null || canvas.current === undefined) return;
      const { width, height } = sizeOf(frame.current);
      const { zoom } = canvas.current.viewport();
      movedByHand.current = true;
      canvas.current.setViewport({ x: width / 2 - x * zoom, y: height / 2 - y * zoom, zoom });
      tell(canvas.current.viewport());
    },
  }));

  function walk(event: KeyboardEvent<HTMLDivElement>) {
    const direction = arrows[event.key];
    const from = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    const node = view.nodes.find((n) => n.id === from);
    if (direction === undefined || node === undefined || event.altKey || event.metaKey || event.ctrlKey)
      return;
    event.preventDefault();
    const next = neighbour(view.nodes, view.edges, node, direction);
    if (next === undefined) return;
    layer.current
      ?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next.id)}"]`)
      ?.focus({ preventScroll: true });
    if (frame.current === null || canvas.current === undefined) return;
    const now = canvas.current.viewport();
    const there = revealViewport(next.box, sizeOf(frame.current), now);
    if (there !== now) canvas.current.flyTo(there);
  }

  const onPath = new Set(path?.nodes);
  const transform = `translate(${first.x}px, ${first.y}px) scale(${first.zoom})`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the cards, which are buttons
    <div
      className="absolute inset-0 overflow-hidden"
      onKeyDown={walk}
      onPointerDownCapture={(event) => {
        pressedAt.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUpCapture={(event) => {
        // The drawing library takes every touch that begins on it and prevents the click that would follow.
        const { x, y } = pressedAt.current;
        if (
          event.pointerType !== "touch" ||
          !event.isPrimary ||
          Math.hypot(event.clientX - x, event.clientY - y) > dragSlack
        )
          return;
        if (event.target instanceof Element) event.target.closest("button")?.click();
      }}
      onClickCapture={(event) => {
        // A drag that began on a card ends in a click on it; that click was not meant.
        const { x, y } = pressedAt.current;
        if (event.detail > 0 && Math.hypot(event.clientX - x, event.clientY - y) > dragSlack)
          event.stopPropagation();
      }}
    >
      {/* Islands, then the canvas that the drawing library puts in here, then cards: all inside one element, so that
          dragging and the wheel work wherever the pointer is. */}
      {/* Not absolute: the drawing library's own style sheet makes its container relative. */}
      <div ref={frame} data-map className="relative size-full touch-none overflow-hidden">
        <div
          ref={ground}
          className="pointer-events-none absolute left-0 top-0 origin-top-left"
          style={{ transform }}
        >
          {view.islands.map((island) => (
            <IslandGround key={island.namespace} box={island.box} />
          ))}
        </div>
        <div
          ref={layer}
          data-detail={detailAt(first.zoom)}
          className="map-layer pointer-events-none absolute left-0 top-0 z-10 origin-top-left"
          style={{ transform }}
        >
          {path === undefined ? null : <PathLines path={path} />}
          {view.islands.map((island) => (
            <IslandHead
              key={island.namespace}
              island={island}
              unfolded={unfolded.includes(`namespace/${island.namespace}`)}
              onToggle={onToggleIsland}
            />
          ))}
          {view.nodes.map((node) =>
            node.family === undefined ? (
              <MapCard
                key={node.id}
                node={node}
                selected={node.id === selected}
                dim={path !== undefined && !onPath.has(node.id)}
                changed={changed.has(node.id)}
                onOpen={onOpenNode}
              />
            ) : (
              <FamilyRow
                key={node.id}
                node={node}
                family={node.family}
                dim={path !== undefined && !onPath.has(node.id)}
                changed={changed.has(node.id)}
                onOpen={onOpenNode}
                onOpenNamespace={onOpenNamespace}
              />
            ),
          )}
          {traced === undefined ? (
            <EdgeMarks
              edges={path === undefined ? view.edges : view.edges.filter((edge) => isLit(edge, onPath))}
              onOpen={onOpenEdge}
            />
          ) : (
            <PathMarks path={traced} openHop={openHop} onOpenHop={onOpenHop} />
          )}
        </div>
      </div>
      <div
        ref={headings}
        aria-hidden
        className="pointer-events-none absolute inset-x-0 top-0 z-20 h-8 bg-gradient-to-b from-ground from-60% to-transparent"
        style={{ visibility: headingsFit(view.lanes, first.zoom) ? undefined : "hidden" }}
      >
        {view.lanes.map((lane) => (
          <span
            key={lane.title}
            className="absolute left-0 top-2.5 text-[11px] font-semibold uppercase tracking-[0.09em] text-ink-3"
            style={{ transform: `translateX(${lane.x * first.zoom + first.x}px)` }}
          >
            {lane.title}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Nodes that are lit are a path without a way between them: their own edges show it. */
function overlayOf(lit: readonly string[] | undefined): PathOverlay | undefined {
  return lit === undefined || lit.length === 0 ? undefined : { nodes: lit, segments: [] };
}

function isLit({ source, target }: PlacedEdge, nodes: ReadonlySet<string>): boolean {
  return nodes.has(source) && nodes.has(target);
}

interface Drawn {
  readonly view: GraphView;
  readonly selected: string | undefined;
  readonly path: PathOverlay | undefined;
}

function firstOf({ view, selected, path }: Drawn, screen: Size): Viewport {
  return firstViewport(view, selected, path, screen);
}

/** The first view: a lit path as a whole; else the map, moved to what the link is about where that would be out of sight. */
function firstViewport(
  view: GraphView,
  selected: string | undefined,
  path: PathOverlay | undefined,
  screen: Size,
): Viewport {
  if (path !== undefined && path.nodes.length > 0) {
    const boxesOf = (ids: readonly string[]) =>
      view.nodes.filter(({ id }) => ids.includes(id)).map(({ box }) => box);
    const stops = path.segments.find(({ outcome }) => outcome !== "pass") ?? path.segments.at(-1);
    return pathViewport(
      boxesOf(path.nodes),
      stops === undefined ? [] : boxesOf([stops.from, stops.to]),
      screen,
    );
  }
  const whole = startViewport(view, screen);
  const node = view.nodes.find((n) => n.id === selected);
  return node === undefined ? whole : revealViewport(node.box, screen, whole);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function draw(canvas: EdgeCanvas, { view, selected, path }: Drawn): void {
  const lit = selected === undefined ? undefined : aroundNode(view.edges, selected).edges;
  const onPath = new Set(path?.nodes);
  // A card that no edge touches needs no place on the canvas.
  const ends = new Set(view.edges.flatMap((edge) => [edge.source, edge.target]));
  canvas.apply(
    view.nodes.filter((node) => ends.has(node.id)).map(({ id, box }) => ({ id, box })),
    view.edges.map((edge) => ({
      id: edge.id,
      source: edge.source,
      target: edge.target,
      health: edge.health,
      curve: edge.curve,
      lit: path === undefined && lit?.has(edge.id) === true,
      // Over a traced path its own line is drawn; between nodes that are lit their edges are all there is.
      dim: path !== undefined && (path.segments.length > 0 || !isLit(edge, onPath)),
    })),
  );
}

function sizeOf(element: HTMLElement): Size {
  return { width: element.clientWidth, height: element.clientHeight };
}

function readPalette(element: HTMLElement): EdgePalette {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    edge: colour("--edge"),
    broken: colour("--broken-line"),
    partial: colour("--partial-line"),
    unknown: colour("--unknown"),
    accent: colour("--accent"),
  };
}
