"use client";

import type { MatrixAnswer } from "#lib/protocol/trace.ts";
import { traceLinkTo } from "#lib/protocol/trace-link.ts";
import { CellMark, letterOf, letterWords } from "./matrix-cell.tsx";
import { type Heading, MatrixGrid } from "./matrix-grid.tsx";

const cellSize = { width: 26, height: 26 };

/** Workloads against workloads; each cell leads to its trace. */
export function WorkloadGrid({
  answer,
  cluster,
}: {
  readonly answer: MatrixAnswer;
  readonly cluster: string | null;
}) {
  const { rows, columns, cells } = answer;
  return (
    <MatrixGrid
      rows={rows.map(heading)}
      columns={columns.map(heading)}
      cellSize={cellSize}
      label="Which workload reaches which"
      cell={(row, column, tabIndex) => {
        const from = rows[row];
        const to = columns[column];
        if (from === undefined || to === undefined) return null;
        const letter = letterOf(cells[row]?.[column]);
        const words = `${from.namespace}/${from.name} to ${to.namespace}/${to.name}: ${letterWords(letter)}`;
        return (
          <a
            tabIndex={tabIndex}
            href={traceLinkTo({ cluster, from: from.text, to: to.text, protocol: to.protocol })}
            aria-label={words}
            title={words}
            data-letter={letter}
            className="flex size-6 items-center justify-center rounded-md hover:bg-line"
          >
            <CellMark letter={letter} />
          </a>
        );
      }}
    />
  );
}

function heading({ text, namespace, name }: MatrixAnswer["rows"][number]): Heading {
  return { key: text, name, group: namespace };
}
