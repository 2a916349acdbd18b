import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { afterCollections, collectAfterReading, Gaps, nearing } from "./compact-memory.ts";

describe("whether a collection is near", () => {
  it.each([
    ["at first it is not", [50], [false]],
    ["it is, once as much more is kept as was said", [50, 60, 74, 75, 90], [false, false, false, true, true]],
    ["a collection makes it far again", [50, 80, 52, 76, 78], [false, true, false, false, true]],
    [
      "a collection may leave more than the one before it",
      [50, 90, 70, 90, 105],
      [false, true, false, false, true],
    ],
    ["what is counted a little otherwise is no collection", [50, 80, 79, 80], [false, true, true, true]],
  ])("%s", (_, kept, near) => {
    expect(kept.map(nearing(1.5))).toEqual(near);
  });
});

describe("gaps", () => {
  it("are closed by one collection a minute", () => {
    const gaps = new Gaps();
    expect(gaps.look(50, 0)).toBe(true);
    gaps.collected(1_000);
    expect([2_000, 60_999, 61_000].map((ms) => gaps.look(50, ms))).toEqual([false, false, true]);
    expect(gaps.look(50, 90_000)).toBe(true);
    gaps.collected(100_000);
    // One that left them does not count.
    expect(gaps.look(50, 110_000)).toBe(false);
    gaps.collected(120_000);
    expect(gaps.look(50, 160_000)).toBe(true);
  });

  it("are left while the web server's own memory is about to be collected", () => {
    const gaps = new Gaps();
    expect([50, 60, 70, 80, 50].map((kept) => gaps.look(kept, 0))).toEqual([true, true, false, false, true]);
  });

  it("are not left for ever where that collection does not come", () => {
    const gaps = new Gaps();
    gaps.look(50, 0);
    expect([1_000, 60_000, 61_000, 90_000].map((ms) => gaps.look(80, ms))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

it("once a cluster was read, a collection of all garbage is noticed, and one of what is young is not", async () => {
  setFlagsFromString("--expose-gc");
  const collect: (how?: { readonly type: "minor" }) => void = runInNewContext("gc");
  const noticed = vi.fn();
  afterCollections(noticed);
  collect();
  vi.useFakeTimers();
  collectAfterReading();
  vi.runAllTimers();
  vi.useRealTimers();
  await new Promise(setImmediate);
  collect({ type: "minor" });
  await new Promise(setImmediate);
  expect(noticed).not.toHaveBeenCalled();
  collect();
  await vi.waitFor(() => expect(noticed).toHaveBeenCalled());
});
