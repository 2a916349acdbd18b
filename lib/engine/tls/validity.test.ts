import { expect, it } from "vitest";
import { validityOf } from "./validity.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

it.each([
  ["a year, half of it left", "2025-07-01", "2026-07-01", "valid", "expires in 181 days"],
  ["a year, 30 days left", "2025-01-31", "2026-01-31", "valid", "expires in 30 days"],
  ["a year, 29 days left", "2025-01-30", "2026-01-30", "expires-soon", "expires in 29 days"],
  // Renewed with 30 days left; at 23 it is late.
  ["90 days, 25 left", "2025-10-28", "2026-01-26", "valid", "expires in 25 days"],
  ["90 days, 22 left", "2025-10-25", "2026-01-23", "expires-soon", "expires in 22 days"],
  ["6 days, 2 left", "2025-12-28", "2026-01-03", "valid", "expires in 2 days"],
  ["6 days, 1 left", "2025-12-27", "2026-01-02", "expires-soon", "expires in 24 h"],
  ["over since yesterday", "2025-10-01", "2025-12-31", "expired", "expired 24 h ago"],
  ["from tomorrow", "2026-01-02", "2026-12-31", "not-yet-valid", "not valid for another 24 h"],
])("of %s", (_what, from, until, state, words) => {
  expect(validityOf({ notBefore: `${from}T00:00:00Z`, notAfter: `${until}T00:00:00Z` }, now)).toEqual({
    state,
    words,
  });
});
