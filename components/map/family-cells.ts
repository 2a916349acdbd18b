import type { Health } from "#lib/model/graph.ts";

/** How small squares for so many things fill a rectangle: how far apart they stand, and how many are in a line. */
export interface CellGrid {
  readonly pitch: number;
  readonly columns: number;
}

/** Larger ones would look like buttons. */
const largestPitch = 11;

/** The largest squares of which `count` fit into a rectangle, in CSS pixels. */
export function cellGrid(count: number, width: number, height: number): CellGrid {
  for (let rows = 1; ; rows++) {
    const pitch = Math.min(largestPitch, height / rows, width / Math.ceil(count / rows));
    // One more line makes them no larger: all of the height is used.
    const next = Math.min(largestPitch, height / (rows + 1), width / Math.ceil(count / (rows + 1)));
    if (next > pitch) continue;
    return { pitch, columns: Math.max(1, Math.floor(width / pitch + 1e-9)) };
  }
}

/** Which cell is at a point; undefined beside them. */
export function cellAt(
  { pitch, columns }: CellGrid,
  count: number,
  x: number,
  y: number,
): number | undefined {
  const column = Math.floor(x / pitch);
  if (column < 0 || column >= columns || y < 0) return undefined;
  const at = Math.floor(y / pitch) * columns + column;
  return at < count ? at : undefined;
}

/**
 * All cells of one health as the data of one SVG path, so that a hundred cells are no hundred elements. Each health has
 * a shape of its own and reads without colour: a full square is broken, a triangle partly working, a ring of a square
 * not known, a small square healthy, a smaller one idle.
 */
export function cellsPath(healths: readonly Health[], health: Health, { pitch, columns }: CellGrid): string {
  const parts: string[] = [];
  healths.forEach((one, at) => {
    if (one !== health) return;
    const x = (at % columns) * pitch;
    const y = Math.floor(at / columns) * pitch;
    parts.push(shapes[health](x, y, pitch));
  });
  return parts.join("");
}

const square = (x: number, y: number, pitch: number, inset: number) => {
  const side = round(pitch - 2 * inset);
  return `M${round(x + inset)} ${round(y + inset)}h${side}v${side}h${-side}z`;
};

const shapes: Readonly<Record<Health, (x: number, y: number, pitch: number) => string>> = {
  broken: (x, y, pitch) => square(x, y, pitch, pitch * 0.06),
  partial(x, y, pitch) {
    const inset = pitch * 0.06;
    return `M${round(x + pitch / 2)} ${round(y + inset)}L${round(x + pitch - inset)} ${round(y + pitch - inset)}H${round(x + inset)}z`;
  },
  // Wound the other way round, the inner square is a hole.
  unknown(x, y, pitch) {
    const inset = pitch * 0.12;
    const inner = pitch * 0.28;
    const side = round(pitch - 2 * inner);
    return `${square(x, y, pitch, inset)}M${round(x + inner)} ${round(y + inner)}v${side}h${side}v${-side}z`;
  },
  ok: (x, y, pitch) => square(x, y, pitch, pitch * 0.26),
  idle: (x, y, pitch) => square(x, y, pitch, pitch * 0.38),
};

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
