import { expect, it } from "vitest";
import { byAge } from "./http-age.ts";

const object = (namespace: string, name: string, createdAt?: string) => ({ namespace, name, createdAt });

it("puts the oldest first, then the first by namespace and name, and what has no age last", () => {
  const sorted = [
    object("b", "a"),
    object("a", "z"),
    object("a", "new", "2026-02-01T00:00:00Z"),
    object("b", "old", "2026-01-01T00:00:00Z"),
    object("a", "old", "2026-01-01T00:00:00Z"),
  ].sort(byAge);
  expect(sorted.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
    "a/old",
    "b/old",
    "a/new",
    "a/z",
    "b/a",
  ]);
});
