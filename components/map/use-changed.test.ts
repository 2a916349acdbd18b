import { expect, it } from "vitest";
import { changedBetween } from "./use-changed.ts";

it("tells what says another thing, and not what comes or goes", () => {
  const before = new Map([
    ["a", "ok 3 of 3"],
    ["b", "ok 1 of 1"],
    ["gone", "ok"],
  ]);
  const now = new Map([
    ["a", "partial 2 of 3"],
    ["b", "ok 1 of 1"],
    ["new", "broken"],
  ]);
  expect(changedBetween(before, now)).toEqual(["a"]);
});
