import { describe, expect, it } from "vitest";
import { isScattered } from "./compact-memory.ts";

const mb = 1024 * 1024;

describe("a heap after a collection of all garbage", () => {
  it.each([
    ["is left as it is where more than half of it is in use", 1_300, 600, false],
    ["has its gaps closed where more than half of it is gaps", 1_400, 600, true],
    ["is left as it is where it is small, however scattered", 500, 50, false],
  ])("%s", (_, total, used, scattered) => {
    expect(isScattered({ heapTotal: total * mb, heapUsed: used * mb })).toBe(scattered);
  });
});
