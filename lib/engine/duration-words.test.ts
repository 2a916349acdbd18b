import { describe, expect, it } from "vitest";
import { clockWords, durationWords, forWords } from "./duration-words.ts";

const now = Date.parse("2026-05-04T10:00:00Z");

describe("durationWords", () => {
  it.each([
    [-5_000, "a few seconds"],
    [9_999, "a few seconds"],
    [10_000, "10 s"],
    [59_999, "50 s"],
    [60_000, "1 min"],
    [59 * 60_000 + 59_000, "59 min"],
    [3_600_000, "1 h"],
    [47 * 3_600_000, "47 h"],
    [48 * 3_600_000, "2 days"],
  ])("says %i ms as %s", (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});

describe("forWords", () => {
  it("counts from the time to now", () => {
    expect(forWords("2026-05-04T09:56:00Z", now)).toBe("for 4 min");
  });

  it.each([undefined, "", "yesterday"])("says nothing for %s", (time) => {
    expect(forWords(time, now)).toBeUndefined();
  });
});

describe("clockWords", () => {
  it("gives the date only where it is another day's", () => {
    expect(clockWords("2026-05-04T07:59:06Z", now)).toBe("07:59 UTC");
    expect(clockWords("2026-05-03T23:59:06Z", now)).toBe("2026-05-03 23:59 UTC");
    expect(clockWords(undefined, now)).toBeUndefined();
  });
});
