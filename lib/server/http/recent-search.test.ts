import { describe, expect, it, vi } from "vitest";
import { placesIn } from "#lib/graph/search-entries.ts";
import { searchSteps } from "#lib/graph/search-index.ts";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { type Answers, answersOf, engine } from "../session/answers.ts";
import { beginSearch, recentSearch } from "./recent-search.ts";

const now = "2026-11-26T12:00:00Z";

const pod = (name: string, ready: boolean) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: main, image: "example.com/main:1" }] }
status: { phase: Running, podIP: 10.244.1.2, conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }] }
`;

function answersTo(etag: string, ...pods: readonly string[]): Answers {
  const content = answersOf(snapshotFromYaml(pods.join("---")), now, engine);
  return { ...content, version: 1, etag };
}

const before = answersTo("1", pod("web-1", true), pod("web-2", true), pod("web-3", true));
const after = answersTo("2", pod("web-1", true), pod("web-2", false), pod("web-4", true));

/** An index that is done when it is told to be. */
function slowly() {
  let isAllowed = false;
  return {
    allow: () => {
      isAllowed = true;
    },
    *steps(...given: Parameters<typeof searchSteps>): ReturnType<typeof searchSteps> {
      while (!isAllowed) yield;
      return yield* searchSteps(...given);
    },
  };
}

async function found(answers: Answers, source: WeakKey, steps?: typeof searchSteps, view = "all") {
  const search = await recentSearch(answers, { source, view }, steps);
  return search("web", 10, placesIn(answers.facts, answers.graph)).map(
    ({ name, health }) => `${name} ${health}`,
  );
}

describe("the search of answers that follow one another", () => {
  it("is asked as it was a moment ago while a newer index is made, of what there is now", async () => {
    const source = {};
    const slow = slowly();
    expect(await found(before, source)).toEqual(["web-1 ok", "web-2 ok", "web-3 ok"]);
    // web-3 has gone; web-2 is told as it is; web-4 is found once the index is there.
    expect(await found(after, source, slow.steps)).toEqual(["web-2 broken", "web-1 ok"]);
    slow.allow();
    await expect.poll(() => found(after, source)).toEqual(["web-2 broken", "web-1 ok", "web-4 ok"]);
  });

  it("may be begun before anybody searches, once", async () => {
    const source = {};
    const slow = slowly();
    const steps = vi.fn(slow.steps);
    for (const answers of [before, after]) beginSearch(answers, { source, view: "all" }, steps);
    expect(steps).toHaveBeenCalledTimes(1);
    slow.allow();
    expect(await found(before, source, steps)).toEqual(["web-1 ok", "web-2 ok", "web-3 ok"]);
    beginSearch(after, { source, view: "all" }, steps);
    expect(steps).toHaveBeenCalledTimes(1);
  });

  it("is the newest where that is quickly made", async () => {
    const source = {};
    await found(before, source);
    expect(await found(after, source)).toEqual(["web-2 broken", "web-1 ok", "web-4 ok"]);
  });

  it("keeps nobody waiting for a newer one where the last one took long", async () => {
    const source = {};
    const slowly = (): typeof searchSteps =>
      function* (...given) {
        const startMs = performance.now();
        while (performance.now() - startMs < 60) yield;
        return yield* searchSteps(...given);
      };
    let isBegun = false;
    await found(before, source, slowly());
    const newer = function* (...given: Parameters<typeof searchSteps>): ReturnType<typeof searchSteps> {
      isBegun = true;
      return yield* searchSteps(...given);
    };
    expect(await found(after, source, newer)).toEqual(["web-2 broken", "web-1 ok"]);
    expect(isBegun).toBe(false);
    await expect.poll(() => found(after, source)).toEqual(["web-2 broken", "web-1 ok", "web-4 ok"]);
  });

  it("makes one index at a time, and none twice for the same answers", async () => {
    const source = {};
    let made = 0;
    const counting = (...given: Parameters<typeof searchSteps>) => {
      made += 1;
      return searchSteps(...given);
    };
    await Promise.all([found(before, source, counting), found(before, source, counting)]);
    await found(before, source, counting);
    expect(made).toBe(1);
  });

  it("is never that of another view or another source", async () => {
    const source = {};
    const slow = slowly();
    await found(before, source);
    const [other, another] = [found(after, source, slow.steps, "bob"), found(after, {}, slow.steps)];
    slow.allow();
    for (const hits of await Promise.all([other, another]))
      expect(hits).toEqual(["web-2 broken", "web-1 ok", "web-4 ok"]);
  });

  it("is made again after a fault", async () => {
    const source = {};
    const faulty = () => {
      throw new RangeError("a bug");
    };
    await expect(found(before, source, faulty)).rejects.toThrow("a bug");
    expect(await found(before, source)).toHaveLength(3);
  });
});
