import { describe, expect, it } from "vitest";
import type { TraceView } from "./trace.ts";
import { traceSentence, traceTitle } from "./trace-words.ts";

const end = (name: string): TraceView["from"] => ({ text: name, words: name, name });

describe("what a trace says", () => {
  it.each([
    ["a name stays as it is written", "checkout should reach ledger", "checkout should reach ledger."],
    ["other words begin with a capital", "the internet cannot reach it", "The internet cannot reach it."],
  ])("is a sentence, where %s", (_what, sentence, told) => {
    expect(traceSentence({ sentence, from: end("checkout") })).toBe(told);
  });

  it("has a title: the verdict and both ends", () => {
    expect(traceTitle({ verdict: "blocked", from: end("checkout"), to: end("ledger") })).toBe(
      "Blocked: checkout → ledger",
    );
  });
});
