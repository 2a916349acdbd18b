"use client";

import { matrixLinkTo } from "#lib/protocol/matrix-link.ts";
import type { NamespaceMatrixAnswer } from "#lib/protocol/trace.ts";
import { type Heading, MatrixGrid } from "./matrix-grid.tsx";

const cellSize = { width: 58, height: 30 };

/** Namespaces against namespaces: of how many pairs of workloads the one may reach the other. */
export function NamespaceGrid({
  answer,
  cluster,
}: {
  readonly answer: NamespaceMatrixAnswer;
  readonly cluster: string | null;
}) {
  const { namespaces, cells } = answer;
  const headings = namespaces.map(({ name }): Heading => ({ key: name, name }));
  return (
    <MatrixGrid
      rows={headings}
      columns={headings}
      cellSize={cellSize}
      label="Which namespace reaches which"
      cell={(row, column, tabIndex) => {
        const [pairs = 0, may = 0, unknown = 0] = cells[row]?.[column] ?? [];
        const from = namespaces[row]?.name ?? "";
        const to = namespaces[column]?.name ?? "";
        const share = pairs === 0 ? 0 : may / pairs;
        const words = `${from} to ${to}: ${may} of ${pairs} pairs of workloads may reach${unknown === 0 ? "" : `, ${unknown} unknown`}`;
        if (pairs === 0) return <span className="text-[11px] text-ink-3">–</span>;
        return (
          <a
            href={matrixLinkTo({ cluster, by: "workload", fromNs: [from], toNs: [to] })}
            tabIndex={tabIndex}
            title={words}
            className={`relative flex h-6 w-[52px] items-center justify-center overflow-hidden rounded-md border text-[11px] tabular-nums hover:border-accent ${unknown > 0 ? "border-dashed border-line-strong" : "border-line"} ${may === 0 ? "text-ink-3" : "text-ink"}`}
          >
            <span
              aria-hidden
              className="absolute inset-y-0 left-0 bg-ok-line/25"
              style={{ width: `${Math.round(100 * share)}%` }}
            />
            <span className="sr-only">{words}</span>
            <span aria-hidden className="relative">
              {may === pairs ? "all" : may === 0 ? (unknown > 0 ? "?" : "0") : `${may}/${pairs}`}
            </span>
          </a>
        );
      }}
    />
  );
}
