import { z } from "zod";
import { cells } from "#lib/engine/reachability/cell.ts";
import type { MatrixEnd } from "#lib/engine/reachability/matrix-ends.ts";
import type { NamespaceMatrix } from "#lib/engine/reachability/namespace-matrix.ts";
import type { WorkloadMatrix } from "#lib/engine/reachability/workload-matrix.ts";
import { endText } from "#lib/model/end-text.ts";
import { refOf } from "#lib/model/ids.ts";
import type { MatrixAnswer, NamespaceMatrixAnswer } from "#lib/protocol/trace.ts";
import { inSlices } from "../in-slices.ts";
import { type Asking, askingOf } from "../session/worlds.ts";
import { problemResponse } from "./problem-response.ts";
import { type Asked, withAnswers } from "./with-answers.ts";

/** A screen of cells at most; the rest is asked for page by page. */
const mostCells = 500;

const listed = z
  .string()
  .transform((text) => text.split(",").filter((name) => name !== ""))
  .default([]);
const offset = z.coerce
  .number("is a whole number")
  .int("is a whole number")
  .min(0, "is 0 or more")
  .default(0);
const limit = z.coerce
  .number("is a whole number")
  .int("is a whole number")
  .min(1, "is at least 1")
  .max(mostCells, `is at most ${mostCells}`)
  .default(200);

const shape = z.object({
  by: z.enum(["workload", "namespace"], "may be workload or namespace").default("workload"),
  fromNs: listed,
  toNs: listed,
  match: z.string().max(200, "is too long").default(""),
  row: offset,
  column: offset,
  limit,
  format: z.enum(["csv"], "may be csv").optional(),
});

type Query = z.infer<typeof shape>;

export function answerMatrix(request: Request, id: string): Promise<Response> {
  const { searchParams, pathname } = new URL(request.url);
  const given = Object.fromEntries([...searchParams].filter(([, value]) => value !== ""));
  const query = shape.safeParse(given);
  if (!query.success) {
    return Promise.resolve(
      problemResponse({
        type: "malformed-query",
        title: "A part of the query is not understood",
        status: 400,
        detail: query.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "),
        instance: pathname,
      }),
    );
  }
  return withAnswers(request, id, (asked) => respond(asked, query.data, request.signal));
}

async function respond(asked: Asked, query: Query, signal: AbortSignal): Promise<Response> {
  const asking = askingOf(asked.answers, asked.dialect);
  if (query.by === "namespace") {
    const matrix = await asking.namespaces();
    return query.format === "csv"
      ? csv(namespaceLines(matrix), signal)
      : Response.json(namespaceAnswer(matrix, asking, asked.asOf));
  }
  const matrix = await asking.matrix();
  const rows = chosen(matrix.ends, query.fromNs, query.match);
  const columns = chosen(matrix.ends, query.toNs, query.match);
  if (query.format === "csv") return csv(workloadLines(matrix, rows, columns), signal);
  const page = {
    rows: slice(rows, query.row, query.limit),
    columns: slice(columns, query.column, query.limit),
  };
  return Response.json({
    rows: page.rows.map((number) => endView(matrix.ends, number)),
    columns: page.columns.map((number) => endView(matrix.ends, number)),
    cells: await inSlices(lettersOf(matrix, page.rows, page.columns), signal),
    total: { rows: rows.length, columns: columns.length },
    offset: { row: query.row, column: query.column },
    enforcement: { ...asking.world.enforcement, evidence: [...asking.world.enforcement.evidence] },
    checkedAt: asked.asOf,
  } satisfies MatrixAnswer);
}

/** Numbers of the ends in these namespaces (all where none are given) whose name or namespace holds the text. */
function chosen(ends: readonly MatrixEnd[], namespaces: readonly string[], match: string): readonly number[] {
  const wanted = new Set(namespaces);
  const text = match.toLowerCase();
  return [...ends.entries()].flatMap(([number, { namespace, name }]) =>
    (wanted.size === 0 || wanted.has(namespace)) && `${namespace}/${name}`.toLowerCase().includes(text)
      ? [number]
      : [],
  );
}

function slice(numbers: readonly number[], from: number, count: number): readonly number[] {
  return numbers.slice(from, from + count);
}

function endView(ends: readonly MatrixEnd[], number: number): MatrixAnswer["rows"][number] {
  const end = ends[number];
  if (end === undefined) throw new Error(`no end ${number}`);
  const { id, kind, namespace, name, protocol } = end;
  return { text: endText(refOf(id)), kind, namespace, name, protocol };
}

const letters: Record<(typeof cells)[number], string> = {
  blocked: "b",
  reachable: "r",
  "some-ports": "s",
  depends: "d",
  unknown: "u",
};

function* lettersOf(
  matrix: WorkloadMatrix,
  rows: readonly number[],
  columns: readonly number[],
): Generator<undefined, string[]> {
  const all: string[] = [];
  for (const row of rows) {
    const found = matrix.row(row);
    all.push(columns.map((column) => letters[cells[found[column] ?? 0] ?? "unknown"]).join(""));
    yield;
  }
  return all;
}

function namespaceAnswer(
  { namespaces, cells: counts }: NamespaceMatrix,
  { world }: Asking,
  checkedAt: string,
): NamespaceMatrixAnswer {
  return {
    namespaces: namespaces.map((each) => ({ ...each })),
    cells: counts.map((row) => row.map(([pairs, may, unknown]) => [pairs, may, unknown])),
    enforcement: { ...world.enforcement, evidence: [...world.enforcement.evidence] },
    checkedAt,
  };
}

/** A line for the head and one for each source. */
function* workloadLines(
  { ends, row }: WorkloadMatrix,
  rows: readonly number[],
  columns: readonly number[],
): Generator<readonly string[]> {
  yield ["from \\ to", ...columns.map((column) => endView(ends, column).text)];
  for (const number of rows) {
    const found = row(number);
    yield [endView(ends, number).text, ...columns.map((column) => cells[found[column] ?? 0] ?? "")];
  }
}

function* namespaceLines({ namespaces, cells: counts }: NamespaceMatrix): Generator<readonly string[]> {
  yield ["from \\ to", ...namespaces.map(({ name }) => name)];
  for (const [from, row] of counts.entries()) {
    yield [
      namespaces[from]?.name ?? "",
      ...row.map(
        ([pairs, may, unknown]) => `${may} of ${pairs}${unknown === 0 ? "" : `, ${unknown} unknown`}`,
      ),
    ];
  }
}

/** Streamed line by line, so that a matrix of any size is never held whole. RFC 4180. */
function csv(lines: Iterator<readonly string[]>, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return controller.close();
      const until = performance.now() + 10;
      const batch: string[] = [];
      let line = lines.next();
      for (; line.done !== true; line = lines.next()) {
        batch.push(`${line.value.map(csvField).join(",")}\r\n`);
        if (performance.now() > until) break;
      }
      if (batch.length > 0) controller.enqueue(encoder.encode(batch.join("")));
      if (line.done === true) controller.close();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="reachability.csv"',
    },
  });
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
