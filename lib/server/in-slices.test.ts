import { describe, expect, it } from "vitest";
import { inSlices } from "./in-slices.ts";

/** Works for about a millisecond a step. */
function* work(steps: number): Generator<undefined, string> {
  for (let step = 0; step < steps; step++) {
    const until = performance.now() + 1;
    while (performance.now() < until);
    yield;
  }
  return "done";
}

describe("inSlices", () => {
  it("gives the result", async () => {
    expect(await inSlices(work(0))).toBe("done");
    expect(await inSlices(work(3))).toBe("done");
  });

  it("lets others run in between", async () => {
    let turns = 0;
    const other = setInterval(() => turns++, 1);
    await inSlices(work(100));
    clearInterval(other);
    expect(turns).toBeGreaterThan(2);
  });

  it("ends when whoever asked has gone", async () => {
    const asker = new AbortController();
    const answer = inSlices(work(10_000), asker.signal);
    asker.abort(new Error("gone"));
    await expect(answer).rejects.toThrow("gone");
  });

  it("passes on what a step throws", async () => {
    function* broken(): Generator<undefined, string> {
      yield;
      throw new Error("broken");
    }
    await expect(inSlices(broken())).rejects.toThrow("broken");
  });
});
