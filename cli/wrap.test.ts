import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wrap } from "./wrap.ts";

describe("wrap", () => {
  it("leaves lines whole where nobody looks at a screen, or where they fit", () => {
    expect(wrap("a b c", undefined, "")).toBe("a b c");
    expect(wrap("a b c", 5, "")).toBe("a b c");
  });

  it("breaks between words, and indents what follows", () => {
    expect(wrap("  no rule admits it; isolated by deny", 20, "    ")).toBe(
      "  no rule admits it;\n    isolated by deny",
    );
  });

  it("keeps a word whole that is longer than a line", () => {
    expect(wrap("see https://example.com/a/long/path now", 10, " ")).toBe(
      "see\n https://example.com/a/long/path\n now",
    );
  });

  it("loses nothing, and makes no line longer than it must", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 8, max: 60 }),
        fc.constantFrom("", "  ", "      "),
        (all, width, indent) => {
          const lines = wrap(`${indent}${all.join(" ")}`, width, indent).split("\n");
          expect(lines.map((line) => line.slice(indent.length)).join(" ")).toBe(all.join(" "));
          for (const line of lines)
            expect(line.length <= width || !line.trimStart().includes(" ")).toBe(true);
        },
      ),
    );
  });
});
