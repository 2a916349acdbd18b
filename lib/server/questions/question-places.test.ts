import { describe, expect, it } from "vitest";
import { questionPlaces } from "./question-places.ts";

function places(text: string, firstLine = 1): unknown {
  return questionPlaces(text, firstLine).map(({ line, fields }) => ({ line, ...Object.fromEntries(fields) }));
}

describe("questionPlaces", () => {
  it("gives each item's line and those of its fields, in block style", () => {
    const text = "# ours\n- from: a\n  to: b\n\n-\n  to: c   # why\n  from: d\n";
    expect(places(text)).toEqual([
      { line: 2, from: 2, to: 3 },
      { line: 6, to: 6, from: 7 },
    ]);
  });

  it("counts from the line that the text starts at in its file", () => {
    expect(places("- from: a\n- from: b", 40)).toEqual([
      { line: 40, from: 40 },
      { line: 41, from: 41 },
    ]);
  });

  it("gives them in flow style, and in JSON with tabs", () => {
    expect(places('[{from: a,\n  to: "b"},\n{from: c}]')).toEqual([
      { line: 1, from: 1, to: 2 },
      { line: 3, from: 3 },
    ]);
    expect(places('[\n\t{\n\t\t"from": "a",\n\t\t"to": "b"\n\t}\n]')).toEqual([{ line: 2, from: 3, to: 4 }]);
  });

  it("is not misled by what is nested in a field, by texts of several lines, or by keys that are no text", () => {
    const text =
      "- from: {from: x, deep: [1, {to: 2}]}\n  to: |\n    to: not a field\n    from: nor this\n  ? [a]\n  : 1\n  port: 1\n- to: q\n";
    expect(places(text)).toEqual([
      { line: 1, from: 1, to: 2, port: 7 },
      { line: 8, to: 8 },
    ]);
  });

  it("gives the line of an item that is an alias or a text, without fields; one that is nothing is nowhere, and takes the line before", () => {
    expect(places("- &x {from: a}\n- *x\n- word\n-\n- <<: *x\n  to: b\n")).toEqual([
      { line: 1, from: 1 },
      { line: 2 },
      { line: 3 },
      { line: 3 },
      { line: 5, "<<": 5, to: 6 },
    ]);
  });
});
