import { expect, it } from "vitest";
import { capital } from "./capital.ts";

it.each([
  ["of 3", "Of 3"],
  ["selector: app=cart", "Selector: app=cart"],
  ["reviews-6d5f9bd7b7-l5pvd is not ready", "reviews-6d5f9bd7b7-l5pvd is not ready"],
  ["shop/cart takes no packets", "shop/cart takes no packets"],
  ["kube-dns's endpoints", "kube-dns's endpoints"],
  ["Already", "Already"],
  ["10.0.0.1", "10.0.0.1"],
  ["", ""],
])("%j begins with a capital, but for a name", (text, told) => {
  expect(capital(text)).toBe(told);
});
