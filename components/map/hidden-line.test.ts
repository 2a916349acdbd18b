import { describe, expect, it } from "vitest";
import { hiddenSentence } from "./hidden-line.tsx";

const health = { ok: 0, partial: 0, broken: 0, unknown: 0, idle: 0 };
const none = { nodes: 120, edges: 90, health, foldedNodes: 0, filteredNodes: 0, filteredNamespaces: 0 };

describe("what is hidden", () => {
  it.each([
    [{}, undefined],
    [{ foldedNodes: 36 }, "36 of 120 folded"],
    [{ filteredNodes: 4 }, "4 of 120 filtered out"],
    [{ filteredNamespaces: 1 }, "1 namespace left out"],
    [
      { foldedNodes: 36, filteredNodes: 4, filteredNamespaces: 3 },
      "36 of 120 folded, 4 of 120 filtered out, 3 namespaces left out",
    ],
  ])("of %o reads %s", (totals, sentence) => {
    expect(hiddenSentence({ ...none, ...totals })).toBe(sentence);
  });
});
