"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";

export interface Heading {
  readonly key: string;
  readonly name: string;
  /** Faint, before the name. */
  readonly group?: string | undefined;
}

interface Props {
  readonly rows: readonly Heading[];
  readonly columns: readonly Heading[];
  readonly cellSize: { readonly width: number; readonly height: number };
  readonly label: string;
  /** A link, focusable where it is the active one. */
  readonly cell: (row: number, column: number, tabIndex: 0 | -1) => ReactNode;
}

/** Room for names: on a phone the cells need it more. */
const headWidths = { wide: 230, narrow: 132 } as const;
const headHeight = 150;

/** A table of any size: only what is on screen is drawn. Arrows walk the cells. */
export function MatrixGrid({ rows, columns, cellSize, label, cell }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  // Only drawn in the browser, once the answer is there.
  const [headWidth] = useState(() => (window.innerWidth < 768 ? headWidths.narrow : headWidths.wide));
  const [active, setActive] = useState({ row: 0, column: 0 });
  const vertical = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cellSize.height,
    overscan: 6,
    paddingStart: headHeight,
    initialRect: { width: 1200, height: 700 },
  });
  const horizontal = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cellSize.width,
    overscan: 6,
    paddingStart: headWidth,
    initialRect: { width: 1200, height: 700 },
  });
  const across = horizontal.getVirtualItems();

  function walk(event: KeyboardEvent<HTMLDivElement>) {
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const next = {
      row: clamp(active.row + step[0], rows.length),
      column: clamp(active.column + step[1], columns.length),
    };
    setActive(next);
    vertical.scrollToIndex(next.row);
    horizontal.scrollToIndex(next.column);
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"] a`)
        ?.focus({ preventScroll: true }),
    );
  }

  return (
    <div
      ref={scroller}
      data-matrix
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      tabIndex={-1}
      onKeyDown={walk}
      className="absolute inset-0 overflow-auto bg-surface"
    >
      <div className="relative" style={{ width: horizontal.getTotalSize(), height: vertical.getTotalSize() }}>
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-20 bg-surface"
          style={{ height: headHeight }}
        >
          <span
            role="columnheader"
            aria-colindex={1}
            className="sticky left-0 z-10 flex h-full items-end border-b border-line bg-surface px-4 pb-2 text-[11px] text-ink-3"
            style={{ width: headWidth }}
          >
            from ↓ to →
          </span>
          {across.map((item) => (
            <span
              key={columns[item.index]?.key ?? item.key}
              role="columnheader"
              aria-colindex={item.index + 2}
              title={title(columns[item.index])}
              className="absolute bottom-0 flex items-end justify-start border-b border-line pb-2"
              style={{ left: item.start, width: item.size, height: headHeight }}
            >
              <span
                className="block truncate text-[11.5px] text-ink-2 [writing-mode:vertical-rl] rotate-180"
                style={{ maxHeight: headHeight - 16, marginLeft: (item.size - 16) / 2 }}
              >
                <Name heading={columns[item.index]} />
              </span>
            </span>
          ))}
        </div>
        {vertical.getVirtualItems().map((line) => (
          <div
            key={rows[line.index]?.key ?? line.key}
            role="row"
            aria-rowindex={line.index + 2}
            className="absolute left-0 top-0 hover:bg-hover"
            style={{
              height: line.size,
              width: horizontal.getTotalSize(),
              transform: `translateY(${line.start}px)`,
            }}
          >
            <span
              role="rowheader"
              aria-colindex={1}
              title={title(rows[line.index])}
              className="sticky left-0 z-10 flex h-full items-center border-r border-line bg-surface px-4 text-[12px] text-ink"
              style={{ width: headWidth }}
            >
              <span className="truncate">
                <Name heading={rows[line.index]} />
              </span>
            </span>
            {across.map((item) => (
              <span
                key={columns[item.index]?.key ?? item.key}
                role="gridcell"
                aria-colindex={item.index + 2}
                data-cell={`${line.index} ${item.index}`}
                className="absolute top-0 flex items-center justify-center"
                style={{ left: item.start, width: item.size, height: line.size }}
              >
                {cell(
                  line.index,
                  item.index,
                  line.index === active.row && item.index === active.column ? 0 : -1,
                )}
              </span>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function clamp(index: number, count: number): number {
  return Math.min(Math.max(index, 0), count - 1);
}

function Name({ heading }: { readonly heading: Heading | undefined }) {
  if (heading === undefined) return null;
  return (
    <>
      {heading.group === undefined ? null : <span className="text-ink-3">{heading.group}/</span>}
      {heading.name}
    </>
  );
}

function title(heading: Heading | undefined): string | undefined {
  if (heading === undefined) return undefined;
  return heading.group === undefined ? heading.name : `${heading.group}/${heading.name}`;
}
