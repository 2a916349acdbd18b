import type { Box } from "#lib/model/graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cubic curve from one box to another, in map units. */
export interface EdgePath {
  readonly from: Point;
  readonly control1: Point;
  readonly control2: Point;
  readonly to: Point;
  /** The point half way along, where marks sit. */
  readonly middle: Point;
  /** The direction there, in radians; marks are turned by it. */
  readonly angle: number;
}

/** How far an edge that cannot go straight to the right bows out. */
const bow = 60;
/** Where in its strip an edge from the internet turns down, and how hard it then holds to the strip. */
const turn = 0.5;
const hold = 0.12;

/**
 * The way from a box to a box: out of the right side, into the left one, the control points half the gap away. Into
 * the same lane or backwards it bows out on the right and comes round, so that it never runs through its own card.
 *
 * From the internet it runs down the free strip beside the islands and turns into the row of its target: an even curve
 * to a Service three lanes on and ten namespaces down would cross every card in between. `strip` is how wide that is.
 */
export function edgePath(source: Box, target: Box, strip?: number): EdgePath {
  const from = { x: source.x + source.width, y: source.y + source.height / 2 };
  const gap = target.x - from.x;
  const to = { x: target.x, y: target.y + target.height / 2 };
  if (gap > 0 && strip !== undefined) {
    const x = from.x + Math.min(gap, strip) * turn;
    return curve(from, { x, y: to.y }, { x: x - gap * hold, y: to.y }, to);
  }
  if (gap > 0) return curve(from, { x: from.x + gap / 2, y: from.y }, { x: to.x - gap / 2, y: to.y }, to);
  const end = { x: target.x + target.width, y: to.y };
  const out = Math.max(from.x, end.x) + bow;
  return curve(from, { x: out, y: from.y }, { x: out, y: end.y }, end);
}

/** From the right side of a box round to the left side of another that is no farther to the right. */
export function roundPath(source: Box, target: Box): EdgePath {
  const from = { x: source.x + source.width, y: source.y + source.height / 2 };
  const to = { x: target.x, y: target.y + target.height / 2 };
  const out = Math.max(2 * bow, (from.x - to.x) * 0.45);
  const down = to.y - from.y;
  // In one row it would run straight through both cards: it goes below them.
  const lean = Math.abs(down) < bow ? [bow * 1.5, bow * 1.5] : [down * 0.2, -down * 0.2];
  return curve(
    from,
    { x: from.x + out, y: from.y + (lean[0] ?? 0) },
    { x: to.x - out, y: to.y + (lean[1] ?? 0) },
    to,
  );
}

/**
 * Between two rows as wide as the map: an arc beside them, out of the right side and into it again. The farther it goes,
 * the farther it bows out, so that several lie beside each other.
 */
export function arcPath(source: Box, target: Box): EdgePath {
  const from = { x: source.x + source.width, y: source.y + source.height / 2 };
  const to = { x: target.x + target.width, y: target.y + target.height / 2 };
  const out = Math.max(from.x, to.x) + 20 + Math.min(60, Math.abs(to.y - from.y) * 0.08);
  return curve(from, { x: out, y: from.y }, { x: out, y: to.y }, to);
}

/** A curve as plain numbers, the way a view carries it: start, two controls, end, as x, y pairs. */
export function curveOf({ from, control1, control2, to }: EdgePath): readonly number[] {
  return [from, control1, control2, to].flatMap(({ x, y }) => [round(x), round(y)]);
}

/** The path that `curveOf` wrote down. */
export function pathOf(numbers: readonly number[]): EdgePath {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = numbers;
  return curve({ x: x0, y: y0 }, { x: x1, y: y1 }, { x: x2, y: y2 }, { x: x3, y: y3 });
}

/** The curve as an SVG path. */
export function pathData({ from, control1, control2, to }: EdgePath): string {
  const at = ({ x, y }: Point) => `${round(x)},${round(y)}`;
  return `M${at(from)}C${at(control1)} ${at(control2)} ${at(to)}`;
}

function curve(from: Point, control1: Point, control2: Point, to: Point): EdgePath {
  const blend = (a: number, b: number, c: number, d: number) => (a + 3 * b + 3 * c + d) / 8;
  const middle = {
    x: blend(from.x, control1.x, control2.x, to.x),
    y: blend(from.y, control1.y, control2.y, to.y),
  };
  const angle = Math.atan2(to.y + control2.y - control1.y - from.y, to.x + control2.x - control1.x - from.x);
  return { from, control1, control2, to, middle, angle };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
