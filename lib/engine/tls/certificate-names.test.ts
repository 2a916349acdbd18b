import { expect, it } from "vitest";
import { coverageOf } from "./certificate-names.ts";

it.each([
  ["shop.example.com", "shop.example.com", "covered"],
  ["shop.example.com", "SHOP.example.com.", "covered"],
  ["shop.example.com", "cart.example.com", "none"],
  ["*.example.com", "shop.example.com", "covered"],
  // Exactly one label.
  ["*.example.com", "eu.shop.example.com", "none"],
  ["*.example.com", "example.com", "none"],
  ["*.example.com", "notexample.com", "none"],
  // A part of a label is no wildcard to clients.
  ["s*.example.com", "shop.example.com", "none"],
  ["*.example.com", "*.example.com", "covered"],
  ["shop.example.com", "*.example.com", "partly"],
  ["*.shop.example.com", "*.example.com", "partly"],
  ["example.com", "*.example.com", "none"],
  ["*", "localhost", "none"],
  ["*.com", "localhost", "none"],
])("a certificate for %s is to %s: %s", (name, host, coverage) => {
  expect(coverageOf({ dnsNames: [name] }, host)).toBe(coverage);
  expect(coverageOf({ dnsNames: ["other.test", name] }, host)).toBe(coverage);
});
