import { expect, it } from "vitest";
import { operations } from "../http/openapi.ts";
import { shareKindOf, whoAsks } from "./who-asks.ts";

it.each([
  [{ user: "ada", groups: ["a"] }, "10.0.0.1", "user ada"],
  [undefined, "10.0.0.1", "address 10.0.0.1"],
  [undefined, "::ffff:10.0.0.1", "address 10.0.0.1"],
  [undefined, "2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2::/64"],
  [undefined, "2001:db8:1:2::9", "address 2001:db8:1:2::/64"],
  [undefined, "::1", "address 0:0:0:0::/64"],
  [undefined, "fe80::1%eth0", "address fe80:0:0:0::/64"],
  [undefined, undefined, "address unknown"],
])("of %j at %s the share is that of %s", (identity, peer, who) => {
  expect(whoAsks(identity, peer)).toBe(who);
});

it("every operation of the API is counted but those that cost nothing", () => {
  const kinds = Object.fromEntries(
    operations.map(({ method, path }) => [
      `${method} ${path}`,
      shareKindOf(method.toUpperCase(), path) ?? "free",
    ]),
  );
  expect(Object.keys(kinds).filter((each) => kinds[each] === "free")).toEqual([
    "get /api/v1/openapi.json",
    "get /healthz",
    "get /readyz",
  ]);
  expect(Object.keys(kinds).filter((each) => kinds[each] === "stream")).toEqual([
    "get /api/v1/clusters/{id}/stream",
  ]);
  expect(Object.keys(kinds).filter((each) => kinds[each] === "upload")).toEqual(["post /api/v1/clusters"]);
});

it.each([
  ["GET", "/", "question"],
  ["GET", "/trace/picture", "question"],
  ["GET", "other", "question"],
  ["POST", "/auth/token", "login"],
  ["GET", "static", undefined],
])("%s %s counts as %s", (method, route, kind) => {
  expect(shareKindOf(method, route)).toBe(kind);
});
