import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readingProgress } from "./reading-progress.ts";

let written = "";
function stream(isTTY: boolean): NodeJS.WriteStream {
  return Object.assign(Object.create(process.stderr), {
    isTTY,
    columns: 80,
    write: (text: string) => {
      written += text;
      return true;
    },
  });
}

beforeEach(() => {
  written = "";
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("readingProgress", () => {
  it("says nothing of a read that is over soon", () => {
    const progress = readingProgress("prod-eu", stream(true));
    vi.advanceTimersByTime(900);
    progress.end();
    vi.advanceTimersByTime(5_000);
    expect(written).toBe("");
  });

  it("says how far a long read has come, and takes the line away at the end", () => {
    const progress = readingProgress("prod-eu", stream(true));
    progress.told({ done: 3, of: 36, objects: 12_345, reading: "pods" });
    vi.advanceTimersByTime(1_000);
    expect(written).toBe("\r\x1b[Kreading prod-eu: 3 of 36 kinds, 12,345 objects, now pods");
    written = "";
    progress.end();
    expect(written).toBe("\r\x1b[K");
    vi.advanceTimersByTime(5_000);
    expect(written).toBe("\r\x1b[K");
  });

  it("never runs over the line's end, where it could not be taken away", () => {
    readingProgress("a-context-with-a-name".repeat(10), stream(true));
    vi.advanceTimersByTime(1_000);
    expect(written.length).toBeLessThan(80 + "\r\x1b[K".length);
  });

  it("says nothing to a log", () => {
    readingProgress("prod-eu", stream(false));
    vi.advanceTimersByTime(60_000);
    expect(written).toBe("");
  });
});
