/** A cubic curve in map units: start, two controls, end, as x, y pairs. */
export type Curve = readonly number[];

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointsOf(curve: Curve): readonly [Point, Point, Point, Point] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = curve;
  return [
    { x: x0, y: y0 },
    { x: x1, y: y1 },
    { x: x2, y: y2 },
    { x: x3, y: y3 },
  ];
}

/**
 * A curve as Cytoscape wants it: each control point as its share of the way from start to end (weight) and its
 * signed distance from that straight line.
 */
export function bendsOf(curve: Curve): {
  readonly start: Point;
  readonly end: Point;
  readonly weights: number[];
  readonly distances: number[];
} {
  const [start, first, second, end] = pointsOf(curve);
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const length = Math.hypot(dx, dy) || 1;
  const bend = (control: Point) => {
    const weight = ((control.x - start.x) * dx + (control.y - start.y) * dy) / (length * length);
    const offX = control.x - (start.x + weight * dx);
    const offY = control.y - (start.y + weight * dy);
    return { weight, distance: (offX * -dy + offY * dx) / length };
  };
  const bends = [bend(first), bend(second)];
  return { start, end, weights: bends.map((b) => b.weight), distances: bends.map((b) => b.distance) };
}

/** Where the mark of a broken edge stands: half way along the curve. */
export function midpointOf(curve: Curve): Point {
  const [a, b, c, d] = pointsOf(curve);
  return { x: (a.x + 3 * b.x + 3 * c.x + d.x) / 8, y: (a.y + 3 * b.y + 3 * c.y + d.y) / 8 };
}
