import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "#lib/model/graph.ts";
import { linkTo, loadLink, type Viewport, zoomLimits } from "#lib/protocol/link.ts";
import {
  detailAt,
  fitViewport,
  headingsFit,
  pathViewport,
  revealViewport,
  startViewport,
} from "./viewport.ts";

const health = { ok: 0, partial: 0, broken: 0, unknown: 0, idle: 0 };
const island = (box: Box) => ({
  namespace: "shop",
  box,
  state: "open" as const,
  workloads: 0,
  pods: 0,
  services: 0,
  line: "",
  health,
  folded: 0,
});
const view = (width: number, height: number, ...boxes: readonly Box[]) => ({
  size: { width, height },
  islands: boxes.map(island),
  nodes: [],
});
const screen = { width: 1200, height: 800 };

it.each([
  [0.74, [0, 200, 400], true],
  [0.4, [0, 200, 400], false],
  [0.74, [0, 200, 320], false],
  [0.1, [0], true],
  [0.1, [], true],
])("at zoom %d headings at %j stand side by side: %s", (zoom, places, fit) => {
  expect(
    headingsFit(
      places.map((x) => ({ x })),
      zoom,
    ),
  ).toBe(fit);
});

it("shows all rows of namespaces at first where that is readable, and begins with the first one where not", () => {
  const row = (y: number) => ({
    box: { x: 200, y, width: 1100, height: 40 },
    family: { namespaces: [], folded: 0, workloads: 0, pods: 0 },
  });
  const rows = (count: number) => ({
    size: { width: 1394, height: 64 + count * 46 },
    islands: [],
    nodes: Array.from({ length: count }, (_, at) => row(64 + at * 46)),
  });
  const few = startViewport(rows(18), { width: 1440, height: 850 });
  expect(few.zoom).toBeCloseTo((850 - 44 - 64) / (18 * 46));
  const many = startViewport(rows(60), { width: 1440, height: 800 });
  expect(many.zoom).toBe(0.74);
  expect(64 * many.zoom + many.y).toBeCloseTo(44);
});

const length = (max: number) => fc.integer({ min: 1, max });
const screens = fc.record({
  width: fc.integer({ min: 320, max: 4000 }),
  height: fc.integer({ min: 320, max: 3000 }),
});
const boxes = fc.record({
  x: fc.integer({ min: 0, max: 20_000 }),
  y: fc.integer({ min: 0, max: 20_000 }),
  width: length(300),
  height: length(300),
});
const views = fc
  .tuple(fc.array(boxes, { maxLength: 5 }), length(20_000), length(20_000))
  .map(([all, width, height]) =>
    view(
      Math.max(width, ...all.map((box) => box.x + box.width)),
      Math.max(height, ...all.map((box) => box.y + box.height)),
      ...all,
    ),
  );
const viewports = fc.record({
  x: fc.integer({ min: -20_000, max: 20_000 }),
  y: fc.integer({ min: -20_000, max: 20_000 }),
  zoom: fc.double({ min: zoomLimits.min, max: zoomLimits.max, noNaN: true }),
});

/** Where a box is on the screen. */
const onScreen = (box: Box, { x, y, zoom }: Viewport) => ({
  left: box.x * zoom + x,
  top: box.y * zoom + y,
  right: (box.x + box.width) * zoom + x,
  bottom: (box.y + box.height) * zoom + y,
});

describe("the first view", () => {
  it("is life-size where everything fits, and not spread over a wide screen", () => {
    expect(startViewport(view(800, 400, { x: 0, y: 60, width: 800, height: 300 }), screen)).toEqual({
      x: 120,
      y: 44 - 60,
      zoom: 1,
    });
  });

  it("shows the namespaces' whole width where that stays readable, whatever lies outside them", () => {
    const wide = view(4000, 400, { x: 0, y: 0, width: 1400, height: 300 });
    const start = startViewport(wide, screen);
    expect(start.zoom).toBeCloseTo(1160 / 1400);
    expect(onScreen({ x: 0, y: 0, width: 1400, height: 300 }, start)).toMatchObject({
      left: 20,
      right: 1180,
    });
  });

  it("is never too small to read: a wide map is panned", () => {
    expect(startViewport(view(9000, 9000, { x: 0, y: 0, width: 9000, height: 9000 }), screen).zoom).toBe(
      0.74,
    );
  });

  it("is a place that a link can hold, whatever the map and the screen", () => {
    fc.assert(
      fc.property(views, screens, (any, size) => {
        for (const viewport of [startViewport(any, size), fitViewport(any, size)]) {
          const query = new URL(linkTo("/", { at: viewport }), "http://x").searchParams;
          expect(loadLink(query).at).not.toBeNull();
        }
      }),
    );
  });

  it("begins at the upper edge of the highest island, below the headings", () => {
    fc.assert(
      fc.property(views, screens, (any, size) => {
        fc.pre(any.islands.length > 0);
        const start = startViewport(any, size);
        const tops = any.islands.map(({ box }) => onScreen(box, start).top);
        expect(Math.min(...tops)).toBeCloseTo(44);
      }),
    );
  });
});

describe("the whole map", () => {
  it("is all on the screen, unless that is smaller than any zoom", () => {
    fc.assert(
      fc.property(views, screens, (any, size) => {
        const fit = fitViewport(any, size);
        fc.pre(fit.zoom > zoomLimits.min);
        for (const { box } of any.islands) {
          const at = onScreen(box, fit);
          expect(at.left).toBeGreaterThanOrEqual(-0.5);
          expect(at.right).toBeLessThanOrEqual(size.width + 0.5);
          expect(at.top).toBeGreaterThanOrEqual(43.5);
          expect(at.bottom).toBeLessThanOrEqual(size.height + 0.5);
        }
      }),
    );
  });

  it("is in the middle, and no larger than life", () => {
    expect(fitViewport(view(200, 100), screen)).toEqual({ x: 500, y: 44, zoom: 1 });
  });
});

describe("a path", () => {
  const card = (x: number, y = 0): Box => ({ x, y, width: 200, height: 44 });

  it("is all on the screen, in its middle, and no larger than life", () => {
    const start = pathViewport([card(0), card(300)], [], screen);
    expect(start.zoom).toBe(1);
    const [left, right] = [onScreen(card(0), start), onScreen(card(300), start)];
    expect(left.left).toBeCloseTo(screen.width - right.right);
    expect(left.top).toBeGreaterThan(44);
  });

  it("is all on the screen where that stays readable, whatever is in question", () => {
    const ends = [card(0), card(1600, 300)];
    const start = pathViewport(ends, [card(0)], screen);
    for (const end of ends.map((box) => onScreen(box, start))) {
      expect(end.left).toBeGreaterThanOrEqual(0);
      expect(end.right).toBeLessThanOrEqual(screen.width);
      expect(end.bottom).toBeLessThanOrEqual(screen.height);
    }
    expect(pathViewport(ends, [], screen)).toEqual(start);
  });

  it("shows the part that is in question where the whole would be too small to read", () => {
    const ends = [card(0), card(9000, 4000)];
    const start = pathViewport(ends, [card(9000, 4000)], screen);
    expect(start.zoom).toBe(1);
    expect(onScreen(card(9000, 4000), start).left).toBeGreaterThan(0);
    expect(pathViewport(ends, [], screen).zoom).toBeLessThan(0.2);
  });

  it("is a place that a link can hold, whatever the map and the screen", () => {
    fc.assert(
      fc.property(fc.array(boxes, { minLength: 1, maxLength: 6 }), screens, (path, size) => {
        const viewport = pathViewport(path, path.slice(0, 1), size);
        const query = new URL(linkTo("/", { at: viewport }), "http://x").searchParams;
        expect(loadLink(query).at).not.toBeNull();
      }),
    );
  });
});

describe("revealing a box", () => {
  const box = { x: 100, y: 100, width: 100, height: 50 };

  it("moves nothing when it is in sight and large enough", () => {
    const now = { x: 0, y: 0, zoom: 1 };
    expect(revealViewport(box, screen, now)).toBe(now);
  });

  it.each([
    ["beyond the right edge", { x: 1150, y: 0, zoom: 1 }, { x: 600 - 150, y: 0, zoom: 1 }],
    ["under the headings", { x: 0, y: -70, zoom: 1 }, { x: 0, y: 400 - 125, zoom: 1 }],
    ["beyond two edges", { x: -900, y: 900, zoom: 1 }, { x: 600 - 150, y: 400 - 125, zoom: 1 }],
  ])("moves the map only along the axis that needs it: %s", (_what, now, shown) => {
    expect(revealViewport(box, screen, now)).toEqual(shown);
  });

  it("brings one that is too small to read to the middle, larger", () => {
    const { zoom, ...at } = revealViewport(box, screen, { x: 0, y: 0, zoom: 0.3 });
    expect(zoom).toBeGreaterThan(0.5);
    expect(at).toEqual({ x: 600 - 150 * zoom, y: 400 - 125 * zoom });
  });

  it("never zooms out, and is settled once done", () => {
    fc.assert(
      fc.property(boxes, screens, viewports, (any, size, now) => {
        const shown = revealViewport(any, size, now);
        expect(shown.zoom).toBeGreaterThanOrEqual(now.zoom);
        const at = onScreen(any, shown);
        fc.pre(at.right - at.left < size.width - 16 && at.bottom - at.top < size.height - 100);
        expect(revealViewport(any, size, shown)).toEqual(shown);
      }),
    );
  });
});

describe("detail", () => {
  it.each([
    [2.5, "near"],
    [0.58, "near"],
    [0.57, "far"],
    [0.3, "far"],
    [0.29, "dots"],
    [0.08, "dots"],
  ])("at zoom %d is %s", (zoom, detail) => {
    expect(detailAt(zoom)).toBe(detail);
  });
});
