import { describe, expect, it } from "vitest";
import { curveOf, edgePath, pathData, pathOf, roundPath } from "./edge-path.ts";

const card = (x: number, y: number) => ({ x, y, width: 200, height: 44 });

describe("the way of an edge", () => {
  it("is straight between cards of one row", () => {
    const path = edgePath(card(0, 100), card(270, 100));
    expect(pathData(path)).toBe("M200,122C235,122 235,122 270,122");
    expect(path.middle).toEqual({ x: 235, y: 122 });
    expect(path.angle).toBe(0);
  });

  it("leaves to the right and arrives from the left, level at both ends", () => {
    const { from, control1, control2, to, middle } = edgePath(card(0, 0), card(300, 400));
    expect([from, to]).toEqual([
      { x: 200, y: 22 },
      { x: 300, y: 422 },
    ]);
    expect([control1.y, control2.y]).toEqual([22, 422]);
    expect(middle).toEqual({ x: 250, y: 222 });
  });

  it.each([
    ["within a lane", card(0, 200)],
    ["backwards", card(-500, 200)],
  ])("bows out on the right %s", (_, target) => {
    const path = edgePath(card(0, 0), target);
    expect(Math.min(path.control1.x, path.control2.x)).toBeGreaterThan(200);
    expect(path.to.x).toBe(target.x + target.width);
  });

  it("stays in its strip for most of the way down from the internet", () => {
    const path = edgePath(card(0, 0), card(900, 2000), 64);
    const at = (t: number, a: number, b: number, c: number, d: number) =>
      a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t ** 3;
    const half = {
      x: at(0.42, path.from.x, path.control1.x, path.control2.x, path.to.x),
      y: at(0.42, path.from.y, path.control1.y, path.control2.y, path.to.y),
    };
    expect(half.x).toBeLessThan(path.from.x + 64);
    expect(half.y).toBeGreaterThan(0.78 * path.to.y);
  });

  it.each([
    ["in the row of its source", card(-500, 0)],
    ["above it", card(-500, -400)],
    ["below it", card(-500, 400)],
    ["in the same lane", card(0, 200)],
  ])("comes round into the left side of a card %s", (_, target) => {
    const { from, control1, control2, to } = roundPath(card(0, 0), target);
    expect(from).toEqual({ x: 200, y: 22 });
    expect(to).toEqual({ x: target.x, y: target.y + 22 });
    expect(control1.x).toBeGreaterThan(from.x);
    expect(control2.x).toBeLessThan(to.x);
  });

  it("goes below both cards where it comes round within a row", () => {
    const { control1, control2, middle } = roundPath(card(0, 0), card(-500, 0));
    expect(Math.min(control1.y, control2.y)).toBeGreaterThan(44);
    expect(middle.y).toBeGreaterThan(44);
  });

  it("reads back what it wrote down", () => {
    const path = edgePath(card(0, 0), card(300, 400));
    expect(pathOf(curveOf(path))).toEqual(path);
  });
});
