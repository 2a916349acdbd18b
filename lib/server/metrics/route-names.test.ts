import { readdirSync } from "node:fs";
import { sep } from "node:path";
import { describe, expect, it } from "vitest";
import { routeName } from "./route-names.ts";

/** Every page and handler, as its folder spells it: `/checks/[code]`. */
const folders = readdirSync("app", { recursive: true, encoding: "utf8" })
  .map((file) => `/${file.split(sep).join("/")}`)
  .filter((file) => /\/(page|route)\.tsx?$/.test(file))
  .map((file) => file.replace(/\/(page|route)\.tsx?$/, "") || "/");

describe("the route of a path", () => {
  it.each(folders)("%s has a name, whatever is asked of it", (folder) => {
    const asked = folder.replaceAll(/\[\w+\]/g, "a%2Fb.c");
    expect(routeName(asked)).toBe(folder.replaceAll(/\[(\w+)\]/g, "{$1}"));
  });

  it.each([
    ["/findings/", "/findings"],
    ["/_next/static/chunks/1.js", "static"],
    ["/wp-admin.php", "other"],
    ["/api/v1/clusters/a/b/c", "other"],
    ["", "other"],
  ])("of %j is %s", (path, route) => {
    expect(routeName(path)).toBe(route);
  });
});
