/** A cubic curve in map units: start, two controls, end, as x, y pairs. */
export type Curve = readonly number[];

interface Point {
  readonly x: number;
  readonly y: number;
}

type Cubic = readonly [Point, Point, Point, Point];

function cubicOf(curve: Curve): Cubic {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = curve;
  return [
    { x: x0, y: y0 },
    { x: x1, y: y1 },
    { x: x2, y: y2 },
    { x: x3, y: y3 },
  ];
}

/**
 * A curve as Cytoscape wants it: control points of a chain of quadratic curves, each as its share of the way from
 * start to end (weight) and its signed distance from that straight line. Cytoscape joins the pieces half way between
 * neighbouring controls; quarters of a cubic, each replaced by its nearest quadratic, meet exactly there.
 */
export function bendsOf(curve: Curve): {
  readonly start: Point;
  readonly end: Point;
  readonly weights: number[];
  readonly distances: number[];
} {
  const cubic = cubicOf(curve);
  const [start, , , end] = cubic;
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const length = Math.hypot(dx, dy) || 1;
  const bends = halves(cubic)
    .flatMap(halves)
    .map((quarter) => {
      const control = nearestQuadratic(quarter);
      const weight = ((control.x - start.x) * dx + (control.y - start.y) * dy) / (length * length);
      const offX = control.x - (start.x + weight * dx);
      const offY = control.y - (start.y + weight * dy);
      return { weight, distance: (offX * -dy + offY * dx) / length };
    });
  return { start, end, weights: bends.map((b) => b.weight), distances: bends.map((b) => b.distance) };
}

/** Where the mark of a broken edge stands: half way along the curve. */
export function midpointOf(curve: Curve): Point {
  const [first] = halves(cubicOf(curve));
  return first[3];
}

/** De Casteljau at one half. */
function halves([a, b, c, d]: Cubic): [Cubic, Cubic] {
  const ab = middle(a, b);
  const bc = middle(b, c);
  const cd = middle(c, d);
  const abc = middle(ab, bc);
  const bcd = middle(bc, cd);
  const half = middle(abc, bcd);
  return [
    [a, ab, abc, half],
    [half, bcd, cd, d],
  ];
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function nearestQuadratic([a, b, c, d]: Cubic): Point {
  return { x: (3 * (b.x + c.x) - a.x - d.x) / 4, y: (3 * (b.y + c.y) - a.y - d.y) / 4 };
}
