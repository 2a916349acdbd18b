import { describe, expect, it } from "vitest";
import { nearing } from "./compact-memory.ts";

describe("whether a collection is near", () => {
  it.each([
    ["at first it is not", [50], [false]],
    ["it is, once as much more is kept as was said", [50, 60, 74, 75, 90], [false, false, false, true, true]],
    ["a collection makes it far again", [50, 80, 52, 76, 78], [false, true, false, false, true]],
    ["a collection may leave more than the one before it", [50, 90, 70, 90, 105], [false, true, false, false, true]],
    ["what is counted a little otherwise is no collection", [50, 80, 79, 80], [false, true, true, true]],
  ])("%s", (_, kept, near) => {
    expect(kept.map(nearing(1.5))).toEqual(near);
  });
});
