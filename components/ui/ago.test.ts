import { describe, expect, it } from "vitest";
import { agoWords } from "./ago.tsx";

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

describe("how long ago", () => {
  it.each([
    [-5 * hour, "now"],
    [0, "now"],
    [999, "now"],
    [second, "1 s"],
    [119.9 * second, "119 s"],
    [2 * minute, "2 min"],
    [119.9 * minute, "119 min"],
    [2 * hour, "2 h"],
    [47.9 * hour, "47 h"],
    [2 * day, "2 d"],
    [400 * day, "400 d"],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])("%d ms reads %s", (ms, words) => {
    expect(agoWords(ms)).toBe(words);
  });
});
