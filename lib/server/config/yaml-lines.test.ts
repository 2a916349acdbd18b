import { expect, it } from "vitest";
import { yamlLines } from "./yaml-lines.ts";

const lineOf = yamlLines(`# what we live with
ignore:
  - check: NET-101
    object: &cart
      - service/shop/cart
      - service/shop/carts

  - { check: NET-102,
      namespace: shop }
  - *cart
other: x
`);

it.each<[readonly (string | number)[], number]>([
  [[], 1],
  [["ignore"], 2],
  [["ignore", 0], 3],
  [["ignore", 0, "check"], 3],
  [["ignore", 0, "object"], 4],
  [["ignore", 0, "object", 1], 6],
  [["ignore", 1], 8],
  [["ignore", 1, "namespace"], 9],
  [["ignore", 2], 10],
  [["other"], 11],
  // Not there: the nearest above it.
  [["ignore", 0, "reason"], 3],
  [["ignore", 9], 2],
  [["nope"], 1],
])("%j stands on line %i", (path, line) => {
  expect(lineOf(path)).toBe(line);
});
