import { describe, expect, it } from "vitest";
import { JudgingPace, type PaceOptions, restFor } from "./judging-pace.ts";

const options: PaceOptions = {
  mostJudging: 0.15,
  mostJudgingInQuiet: 0.8,
  quietAfterMs: 500,
  mostSavedMs: 10_000,
  takenAfterMs: 25,
};

/** How much of so many seconds checks take that always have something to look at, 12 ms at a time. */
function taken(seconds: number, answeredMs: (nowMs: number) => number): number {
  let nowMs = 0;
  let judgedMs = 0;
  const pace = new JudgingPace(options, () => nowMs);
  pace.begin();
  while (nowMs < seconds * 1000) {
    nowMs += 12;
    judgedMs += 12;
    nowMs += pace.restMs(12, answeredMs(nowMs));
  }
  return judgedMs;
}

describe("the pace of checks", () => {
  it.each<readonly [string, number, (nowMs: number) => number, number, number]>([
    ["most of the time in quiet, where someone waits for one change", 5, () => -1_000, 3_800, 4_100],
    ["little while changes come in", 60, (nowMs) => nowMs - 50, 8_900, 9_100],
    [
      "little in the long run where something changes every second",
      600,
      (nowMs) => nowMs - (nowMs % 1_000),
      90_000,
      100_100,
    ],
  ])("is %s", (_, seconds, answeredMs, least, most) => {
    const judgedMs = taken(seconds, answeredMs);
    expect(judgedMs).toBeGreaterThan(least);
    expect(judgedMs).toBeLessThan(most);
  });

  it.each([
    ["that is ready just now", 1_000, 25],
    ["that was ready a moment ago", 990, 15],
    ["that was ready long ago", 900, 0],
    ["that there was none of", Number.NEGATIVE_INFINITY, 0],
  ])("waits for an answer to be taken %s", (_, toldMs, untilMs) => {
    expect(new JudgingPace(options, () => 1_000).untilTakenMs(toldMs)).toBe(untilMs);
  });

  it.each([
    ["for their share where nothing else happened", 10, 10, 10, 30],
    ["for less where they stood back before", 10, 20, 55, 25],
    ["not for less than twice as long where they stood back for long", 10, 20, 500, 20],
    ["for no longer after a time in which they took more", 10, 800, 1_000, 30],
  ])("lets them rest %s", (_, busyMs, judgedMs, sinceBeganMs, restMs) => {
    expect(restFor(busyMs, judgedMs, sinceBeganMs, 0.25)).toBe(restMs);
  });
});
