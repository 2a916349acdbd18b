import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bendsOf, midpointOf } from "./curve.ts";

const coordinate = fc.integer({ min: -5000, max: 5000 });
const curves = fc
  .array(coordinate, { minLength: 8, maxLength: 8 })
  .filter(([x0, y0, , , , , x3, y3]) => x0 !== x3 || y0 !== y3);

describe("a curve for Cytoscape", () => {
  it("is a straight line with bends on it when the cubic is straight", () => {
    const { weights, distances } = bendsOf([0, 0, 30, 0, 60, 0, 90, 0]);
    expect(distances.every((d) => Math.abs(d) < 1e-9)).toBe(true);
    expect(weights).toEqual([...weights].sort((a, b) => a - b));
  });

  it("joins its pieces on the cubic: half way between the second and third control lies the cubic's middle", () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const { start, end, weights, distances } = bendsOf(curve);
        const length = Math.hypot(end.x - start.x, end.y - start.y);
        const at = (i: number) => {
          const weight = weights[i] ?? 0;
          const distance = distances[i] ?? 0;
          return {
            x: start.x + weight * (end.x - start.x) - (distance * (end.y - start.y)) / length,
            y: start.y + weight * (end.y - start.y) + (distance * (end.x - start.x)) / length,
          };
        };
        const [b, c] = [at(1), at(2)];
        const middle = midpointOf(curve);
        expect((b.x + c.x) / 2).toBeCloseTo(middle.x, 4);
        expect((b.y + c.y) / 2).toBeCloseTo(middle.y, 4);
      }),
    );
  });

  it("does not divide by nothing when both ends are one point", () => {
    const { weights, distances } = bendsOf([5, 5, 60, 5, 60, 5, 5, 5]);
    expect([...weights, ...distances].every(Number.isFinite)).toBe(true);
  });
});
