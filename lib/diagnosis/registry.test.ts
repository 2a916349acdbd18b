import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checks } from "./registry.ts";

const folder = new URL("./checks/", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) =>
  path.replaceAll("\\", "/"),
);
const ids = files
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map((path) => path.slice(0, -3));

describe("the registry", () => {
  it("holds every check of the folder, and nothing else", () => {
    expect(checks.map((check) => check.id).sort()).toEqual(ids.sort());
  });

  it("is sorted by code, and no two checks share one", () => {
    const codes = checks.map((check) => check.code);
    expect(codes).toEqual([...new Set(codes)].sort());
  });

  it.each(checks)("gives $id a code of its family", ({ id, code }) => {
    const families: Readonly<Record<string, RegExp>> = {
      service: /^NET-1\d\d$/,
      ingress: /^NET-2\d\d$/,
      tls: /^NET-2\d\d$/,
      route: /^NET-3\d\d$/,
      gateway: /^NET-3\d\d$/,
      policy: /^NET-4\d\d$/,
      pod: /^NET-5\d\d$/,
      node: /^NET-5\d\d$/,
      dns: /^NET-6\d\d$/,
      cni: /^NET-7\d\d$/,
      "kube-proxy": /^NET-7\d\d$/,
    };
    expect(code).toMatch(families[id.split("/")[0] ?? ""] ?? /no family/);
  });
});

describe.each(checks)("$id", ({ id, code, summary }) => {
  it("has a test and a fixture beside it", () => {
    expect(existsSync(new URL(`${id}.test.ts`, folder))).toBe(true);
    expect(existsSync(new URL(`${id}.yaml`, folder))).toBe(true);
  });

  it("has a page with the four headings", () => {
    const lines = readFileSync(new URL(`${id}.md`, folder), "utf8").split("\n");
    expect(lines[0]).toBe(`# ${code}: ${summary}`);
    expect(lines.filter((line) => line.startsWith("## "))).toEqual([
      "## What it means",
      "## How to see it with kubectl",
      "## How to fix it",
      "## When to ignore it",
    ]);
  });

  it("has no empty section on its page", () => {
    const page = readFileSync(new URL(`${id}.md`, folder), "utf8");
    for (const section of page.split(/^## .*$/m).slice(1)) expect(section.trim().length).toBeGreaterThan(80);
  });
});
