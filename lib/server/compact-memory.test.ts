import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
import { afterCollections, collectAfterReading, nearing } from "./compact-memory.ts";

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
