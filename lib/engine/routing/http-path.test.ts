import { describe, expect, it } from "vitest";
import { isUnder, matchesPattern, pathNearMiss } from "./http-path.ts";

describe("a prefix and a path, as the table of the Ingress API has them", () => {
  it.each([
    ["/", "/", true],
    ["/", "/anything/at/all", true],
    ["/foo", "/foo", true],
    ["/foo", "/foo/", true],
    ["/foo/", "/foo", true],
    ["/foo/", "/foo/", true],
    ["/aaa/bb", "/aaa/bbb", false],
    ["/aaa/bbb", "/aaa/bbb", true],
    ["/aaa/bbb/", "/aaa/bbb", true],
    ["/aaa/bbb", "/aaa/bbb/", true],
    ["/aaa/bbb", "/aaa/bbb/ccc", true],
    ["/aaa/bbb", "/aaa/bbbxyz", false],
    ["/app", "/apple", false],
    ["/app/", "/app/x", true],
    // "Matching is case-sensitive".
    ["/app", "/App", false],
    ["/aaa", "/ccc", false],
  ])("%s takes %s: %s", (prefix, path, taken) => {
    expect(isUnder(path, prefix)).toBe(taken);
  });
});

describe("a regular expression", () => {
  it.each([
    ["/api/.*", "/api/x", true],
    ["/v[0-9]+/users", "/v12/users", true],
    // The whole path, as far as it is tried here.
    ["/api", "/api/x", false],
    ["api", "/api", false],
    ["/a|/b", "/bx", false],
    ["/API", "/api", false],
    // No JavaScript.
    ["(?P<v>x", "/x", undefined],
    ["(?i)/api", "/api", undefined],
    // Takes for ever.
    ["/(a+)+b", `/${"a".repeat(40)}`, undefined],
    ["/(?:a|a)*b", `/${"a".repeat(40)}`, undefined],
    ["/a*a*a*a*a*b", `/${"a".repeat(200)}`, undefined],
    ["/a?a?a?a?a?a?a?a?aaaaaaaa", "/aaaaaaaa", undefined],
    ["/.*", `/${"a".repeat(5000)}`, undefined],
  ])("%s takes %s: %s", (pattern, path, taken) => {
    expect(matchesPattern(path, pattern)).toBe(taken);
  });
});

it.each([
  ["/crat", ["/cart", "/search"], "the nearest path is /cart"],
  ["/zzz", ["/b", "/a", "/b"], "its paths are /a and /b"],
  ["/zzz", ["/", "/"], "its only path is /"],
  ["/zzz", ["/a", "/b", "/c", "/d"], "its paths are /a, /b, /c and 1 more"],
  ["/zzz", [], undefined],
])("says what there is for %s among %j: %s", (path, paths, words) => {
  expect(pathNearMiss(path, paths)).toBe(words);
});
