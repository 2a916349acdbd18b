import { expect, it } from "vitest";
import { safePlace } from "./login-routes.ts";

it.each([
  ["/trace?from=a&to=b", "/trace?from=a&to=b"],
  ["/", "/"],
  [null, "/"],
  ["", "/"],
  ["https://attacker.example.com", "/"],
  ["//attacker.example.com", "/"],
  ["/\\attacker.example.com", "/"],
  ["/\t/attacker.example.com", "/"],
  ["/auth/logout", "/"],
  ["javascript:alert(1)", "/"],
])("after a login %j leads to %j", (to, place) => {
  expect(safePlace(to)).toBe(place);
});
