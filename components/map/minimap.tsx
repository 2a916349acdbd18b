"use client";

import { type PointerEvent, type Ref, useImperativeHandle, useRef } from "react";
import type { GraphView, Health } from "#lib/model/graph.ts";
import type { Viewport } from "#lib/protocol/link.ts";

export interface MinimapHandle {
  readonly follow: (viewport: Viewport, screen: { readonly width: number; readonly height: number }) => void;
}

interface Props {
  readonly ref: Ref<MinimapHandle>;
  readonly view: GraphView;
  readonly onGo: (point: { readonly x: number; readonly y: number }) => void;
}

const dots: Readonly<Partial<Record<Health, string>>> = {
  broken: "var(--broken-line)",
  partial: "var(--partial-line)",
};

/** The whole map in small: what is broken, and where the viewport is. A pointer's way to travel; keys have search and arrows. */
export function Minimap({ ref, view, onGo }: Props) {
  const window = useRef<SVGRectElement>(null);
  const { width, height } = view.size;
  const scale = Math.max(width / 150, height / 110, 1);

  useImperativeHandle(ref, () => ({
    follow({ x, y, zoom }, screen) {
      const rect = window.current;
      if (rect === null) return;
      rect.setAttribute("x", String(-x / zoom));
      rect.setAttribute("y", String(-y / zoom));
      rect.setAttribute("width", String(screen.width / zoom));
      rect.setAttribute("height", String(screen.height / zoom));
    },
  }));

  function go(event: PointerEvent<SVGSVGElement>) {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    onGo({
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    });
  }

  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${width} ${height}`}
      width={width / scale}
      height={height / scale}
      preserveAspectRatio="xMinYMin"
      onPointerDown={go}
      onPointerMove={go}
      className="cursor-crosshair touch-none overflow-hidden rounded-lg"
    >
      {view.islands.map(({ namespace, box }) => (
        <rect key={namespace} {...box} rx={16} fill="var(--hover)" />
      ))}
      {view.nodes.map(({ id, box, health, kind, family }) => {
        const fill = dots[health];
        if (family !== undefined)
          return <rect key={id} {...box} rx={10} fill={fill ?? "var(--line-strong)"} opacity={0.5} />;
        if (fill === undefined) {
          return kind === "folded" ? null : (
            <rect key={id} {...box} rx={8} fill="var(--line-strong)" opacity={0.5} />
          );
        }
        return (
          <circle key={id} cx={box.x + box.width / 2} cy={box.y + box.height / 2} r={3 * scale} fill={fill} />
        );
      })}
      <rect
        ref={window}
        fill="var(--accent)"
        fillOpacity={0.08}
        stroke="var(--accent)"
        strokeWidth={1.5 * scale}
        vectorEffect="none"
        rx={4 * scale}
      />
    </svg>
  );
}
