import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellAt, cellGrid, cellsPath } from "./family-cells.ts";

describe("the cells of a row of namespaces", () => {
  it("all fit, each at its own place, and are found again where they are drawn", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
        const grid = cellGrid(count, 480, 30);
        expect(Math.ceil(count / grid.columns) * grid.pitch).toBeLessThanOrEqual(30.001);
        const at = count - 1;
        const x = ((at % grid.columns) + 0.5) * grid.pitch;
        const y = (Math.floor(at / grid.columns) + 0.5) * grid.pitch;
        expect(cellAt(grid, count, x, y)).toBe(at);
      }),
    );
  });

  it("are as large as they may be where they are few, and nothing is beside them", () => {
    expect(cellGrid(3, 480, 30)).toEqual({ pitch: 11, columns: 43 });
    expect(cellAt({ pitch: 11, columns: 43 }, 3, 40, 5)).toBeUndefined();
  });

  it("draw each health apart", () => {
    const grid = { pitch: 10, columns: 2 };
    const healths = ["ok", "broken", "broken"] as const;
    expect(cellsPath(healths, "broken", grid).match(/M/g)).toHaveLength(2);
    expect(cellsPath(healths, "partial", grid)).toBe("");
  });
});
