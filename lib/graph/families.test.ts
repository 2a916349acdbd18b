import { describe, expect, it } from "vitest";
import { familiesOf } from "./families.ts";

const numbered = (prefix: string, count: number, pad = 0) =>
  Array.from({ length: count }, (_, at) => `${prefix}${String(at + 1).padStart(pad, "0")}`);

function sizes(families: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const family of families.values()) counts[family] = (counts[family] ?? 0) + 1;
  return counts;
}

describe("families of namespaces", () => {
  it("go by what their names begin with; a family of one is called as its namespace", () => {
    const names = ["payments", ...numbered("payments-", 30), ...numbered("shop", 20), "edge", "kube-system"];
    expect(sizes(familiesOf(names))).toEqual({ "payments*": 31, "shop*": 20, edge: 1, "kube-system": 1 });
  });

  it("go by the next word, or the next letter, where nearly all names begin alike", () => {
    const teams = [...numbered("team-red-", 40), ...numbered("team-blue-", 40), "monitoring"];
    expect(sizes(familiesOf(teams))).toEqual({ "team-red*": 40, "team-blue*": 40, monitoring: 1 });
    expect(sizes(familiesOf(numbered("tenant-", 300, 3)))).toEqual({
      "tenant-0*": 99,
      "tenant-1*": 100,
      "tenant-2*": 100,
      "tenant-300": 1,
    });
  });

  it("go by first letters where names have nothing in common", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const names = [...letters].flatMap((a) => [...letters].map((b) => `${a}${b}${a}`));
    const families = sizes(familiesOf(names));
    expect(Object.keys(families).length).toBeLessThanOrEqual(24);
    expect(families).toMatchObject({ "a–c": 78, "v–z": 130 });
  });

  it("go by the label that most namespaces carry", () => {
    const names = [...numbered("a-", 50), ...numbered("b-", 50), "edge"];
    const labelsOf = (name: string) =>
      name === "edge" ? {} : { team: Number(name.slice(2)) % 2 === 0 ? "red" : "blue" };
    expect(sizes(familiesOf(names, labelsOf))).toEqual({ red: 50, blue: 50, "no team": 1 });
  });

  it("pass over a label that few carry, and one that tells every namespace apart", () => {
    const names = [...numbered("a-", 50), ...numbered("b-", 50)];
    expect(sizes(familiesOf(names, (name) => (name === "a-1" ? { team: "red" } : {})))).toEqual({
      "a*": 50,
      "b*": 50,
    });
    expect(sizes(familiesOf(names, (name) => ({ team: name })))).toEqual({ "a*": 50, "b*": 50 });
  });
});
