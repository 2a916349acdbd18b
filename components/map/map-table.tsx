"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { HealthMark, healthText, healthWords } from "#components/ui/health-mark.tsx";
import { KindIcon } from "#components/ui/kind-icon.tsx";
import type { GraphView, Health, PlacedNode } from "#lib/model/graph.ts";

interface Props {
  readonly view: GraphView;
  readonly selected: string | undefined;
  readonly onOpenNode: (node: PlacedNode) => void;
}

const columns =
  "grid grid-cols-[minmax(10rem,1.4fr)_8rem_8rem_minmax(12rem,2fr)_minmax(12rem,2fr)] gap-3 px-5";

const urgency: Readonly<Record<Health, number>> = { broken: 0, partial: 1, unknown: 2, ok: 3, idle: 4 };

/** Worst first, then by namespace and name: a table is read from the top. */
function byUrgency(a: PlacedNode, b: PlacedNode): number {
  return (
    urgency[a.health] - urgency[b.health] ||
    (a.namespace ?? "").localeCompare(b.namespace ?? "") ||
    a.name.localeCompare(b.name)
  );
}

/** The map's content as a table: the same nodes, their state in words, and where each one leads. */
export function MapTable({ view, selected, onOpenNode }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const nodes = useMemo(() => view.nodes.toSorted(byUrgency), [view]);
  const rows = useVirtualizer({
    count: nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 40,
    overscan: 12,
    initialRect: { width: 1000, height: 800 },
  });
  const names = new Map(view.nodes.map((node) => [node.id, node.name]));
  const leadsTo = new Map<string, string[]>();
  for (const edge of view.edges) {
    const words =
      edge.health === "ok"
        ? (names.get(edge.target) ?? edge.target)
        : `${names.get(edge.target) ?? edge.target} (${healthWords[edge.health]})`;
    leadsTo.set(edge.source, [...(leadsTo.get(edge.source) ?? []), words]);
  }
  return (
    <div
      ref={scroller}
      tabIndex={0}
      className="absolute inset-0 overflow-auto bg-surface"
      role="region"
      aria-label="Everything on the map"
    >
      <div
        role="table"
        aria-label="Everything on the map"
        aria-rowcount={view.nodes.length + 1}
        className="min-w-[56rem]"
      >
        <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
          <div
            role="row"
            className={`${columns} py-2 text-[11px] font-semibold uppercase tracking-[0.08em] text-ink-3`}
          >
            {["Name", "Kind", "Namespace", "State", "Leads to"].map((title) => (
              <span key={title} role="columnheader">
                {title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const node = nodes[item.index];
            if (node === undefined) return null;
            return (
              <div
                key={node.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={node.id === selected}
                className={`${columns} absolute inset-x-0 items-center border-b border-line text-[13px] ${node.id === selected ? "bg-accent-soft" : "hover:bg-hover"}`}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                <span role="cell" className="min-w-0">
                  <button
                    type="button"
                    data-node={node.id}
                    onClick={() => onOpenNode(node)}
                    className="flex max-w-full items-center gap-2 text-left font-medium text-ink hover:underline"
                  >
                    <span className="text-ink-3">
                      <KindIcon kind={node.kind} />
                    </span>
                    <span className="truncate">{node.name}</span>
                  </button>
                </span>
                <span role="cell" className="truncate text-ink-2">
                  {node.kind.replaceAll("-", " ")}
                </span>
                <span role="cell" className="truncate text-ink-2">
                  {node.namespace ?? "–"}
                </span>
                <span
                  role="cell"
                  className={`flex min-w-0 items-center gap-2 ${node.health === "ok" ? "text-ink-2" : healthText[node.health]}`}
                >
                  <HealthMark health={node.health} />
                  <span className="truncate">{node.line}</span>
                </span>
                <span role="cell" className="truncate text-ink-2">
                  {(leadsTo.get(node.id) ?? []).join(", ") || "–"}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
