import { z } from "zod";

const figureSchema = z.object({
  name: z.string(),
  unit: z.enum(["ms", "s", "kB", "MB", "/s", ""]),
  values: z.array(z.number()).min(1).readonly(),
  bound: z
    .number()
    .optional()
    .describe("What it is held against; the more the worse. Absent: it is only told"),
  words: z.string().optional().describe("What the screen said meanwhile"),
});
/** What a process that measures by itself prints. */
export const figuresSchema = z.array(figureSchema);

/** One thing that was measured, some times over. */
export type Figure = Readonly<z.infer<typeof figureSchema>>;

export interface Summary extends Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median to bound; above 1, the bound is missed. */
  readonly ratio: number | undefined;
}

export function summaryOf(figure: Figure): Summary {
  const sorted = figure.values.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  return {
    ...figure,
    median,
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    ratio: figure.bound === undefined ? undefined : shareOf(median, figure.bound),
  };
}

/** Of what must not be at all, none is as it should be and one is endlessly too much. */
function shareOf(value: number, bound: number): number {
  return value === 0 && bound === 0 ? 0 : value / bound;
}

/** Of sorted values, between neighbours where it falls between them. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError("a figure has at least one value");
  return below + (above - below) * (at - Math.floor(at));
}

/** A Markdown table, so that it can be pasted as it is. */
export function tableOf(figures: readonly Figure[]): string {
  const hasWords = figures.some(({ words }) => words !== undefined);
  const rows = figures
    .map(summaryOf)
    .map(({ name, unit, median, min, max, values, bound, ratio, words }) => [
      name,
      `${told(median)} ${unit}`.trim(),
      values.length === 1 ? "" : `${told(min)}–${told(max)}`,
      bound === undefined ? "" : `${told(bound)} ${unit}`.trim(),
      ratio === undefined ? "" : `${ratio.toFixed(2)}${ratio > 1 ? " over" : ""}`,
      ...(hasWords ? [words ?? ""] : []),
    ]);
  const head = ["figure", "median", "min–max", "bound", "of bound", ...(hasWords ? ["the screen"] : [])];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const padded = (cell: string, at: number) => {
    // Words come last, and are as long as they are.
    if (at === 5) return cell;
    return at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  };
  const line = (cells: readonly string[]) => `| ${cells.map(padded).join(" | ")} |`;
  const rule = `|${widths.map((width, at) => (at === 5 ? "---" : at === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

function told(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
