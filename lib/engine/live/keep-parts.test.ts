import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepParts } from "./keep-parts.ts";

const pod = (ready: boolean) => ({
  name: "web-1",
  labels: { app: "web" },
  containers: [{ name: "main", ports: [{ containerPort: 80 }], ready }],
  ips: ["10.0.0.1"],
});

describe("keepParts", () => {
  it("is what was there where it says the same", () => {
    const before = pod(true);
    expect(keepParts(before, pod(true))).toBe(before);
  });

  it("takes over every part that says the same from what was there", () => {
    const before = pod(true);
    const made = keepParts(before, pod(false));
    expect(made).toEqual(pod(false));
    expect(made.labels).toBe(before.labels);
    expect(made.ips).toBe(before.ips);
    expect(made.containers[0]?.ports).toBe(before.containers[0]?.ports);
    expect(before).toEqual(pod(true));
  });

  it("says what the newer one does, whatever the two are", () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(json, json, fc.array(fc.string()), (before, more, without) => {
        const after = structuredClone({ ...before, ...more });
        for (const key of without) delete after[key];
        const [was, is] = [structuredClone(before), structuredClone(after)];
        expect(keepParts(before, after)).toEqual(is);
        expect(before).toEqual(was);
        expect(after).toEqual(is);
      }),
    );
  });

  it.each([
    ["a field that is gone", { a: 1, b: 2 }, { a: 1 }],
    ["an item that is gone", { a: [1, 2] }, { a: [1] }],
    ["a list in place of an object", { a: { 0: 1 } }, { a: [1] }],
    ["null in place of an object", { a: {} }, { a: null }],
    [
      "a label that is called as what every object inherits",
      { a: { constructor: "x" } },
      { a: { toString: "x" } },
    ],
  ])("follows %s", (_, before: object, after: object) => {
    expect(keepParts(before, after)).toEqual(after);
  });
});
