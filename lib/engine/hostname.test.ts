import { expect, it } from "vitest";
import { hostnamesIntersect } from "./hostname.ts";

it.each([
  ["shop.example.com", "shop.example.com", true],
  ["shop.example.com", "SHOP.example.com.", true],
  ["shop.example.com", "cart.example.com", false],
  ["*.example.com", "shop.example.com", true],
  // A wildcard stands for one or more labels.
  ["*.example.com", "a.shop.example.com", true],
  ["*.example.com", "example.com", false],
  ["*.example.com", "notexample.com", false],
  ["*.example.com", "*.shop.example.com", true],
  ["*.example.com", "*.example.com", true],
  ["*.example.com", "*.example.org", false],
])("%s and %s: %s, either way round", (a, b, common) => {
  expect(hostnamesIntersect(a, b)).toBe(common);
  expect(hostnamesIntersect(b, a)).toBe(common);
});
