import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearestOf, nearness } from "./near-words.ts";

describe("editDistance", () => {
  it.each([
    ["cart", "cart", 0],
    ["cart", "carts", 1],
    ["cart", "card", 1],
    ["form", "from", 1],
    ["emailservice", "emialservcie", 2],
    ["cart", "payment", undefined],
    ["", "ab", 2],
  ])("%s and %s: %s", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it("is the same both ways, and never more than the difference in length allows", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b, 20);
        expect(editDistance(b, a, 20)).toBe(distance);
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, b, 2)).toBe(distance !== undefined && distance <= 2 ? distance : undefined);
      }),
    );
  });
});

describe("nearness", () => {
  it.each([
    ["cart", "carts", 1],
    ["emailservice", "emailservices", 1],
    ["cart", "cart-canary", 3],
    ["db", "ui", undefined],
    ["v1", "v2", undefined],
    ["ad", "adservice", undefined],
    ["orders", "payment", undefined],
  ])("%s and %s: %s", (a, b, near) => {
    expect(nearness(a, b)).toBe(near);
  });
});

it("nearestOf gives the nearest, the alphabet breaking ties, and none where none is near", () => {
  expect(nearestOf("cart", ["cards", "carts", "card"])).toBe("card");
  expect(nearestOf("cart", ["orders"])).toBeUndefined();
});
