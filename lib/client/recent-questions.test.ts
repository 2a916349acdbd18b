import { describe, expect, it } from "vitest";
import { type RecentQuestion, recentQuestions, rememberQuestion } from "./recent-questions.ts";

function store(given: Readonly<Record<string, string>> = {}) {
  const kept = new Map(Object.entries(given));
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

/** A store of a browser that keeps nothing. */
const shut = {
  getItem: (): string | null => {
    throw new Error("denied");
  },
  setItem: (): void => {
    throw new Error("full");
  },
};

function question(from: string, parts: Partial<RecentQuestion> = {}): RecentQuestion {
  return { from, to: "shop/service/cart", port: "", protocol: "TCP", ...parts };
}

const fromOf = (questions: readonly RecentQuestion[]) => questions.map(({ from }) => from);

describe("recent questions", () => {
  it("come back, the newest first", () => {
    const browser = store();
    rememberQuestion(browser, "demo", question("shop/a"));
    const said = rememberQuestion(browser, "demo", question("shop/b"));
    expect(fromOf(said)).toEqual(["shop/b", "shop/a"]);
    expect(recentQuestions(browser, "demo")).toEqual(said);
  });

  it("are kept once each, and asked again come first", () => {
    const browser = store();
    for (const from of ["shop/a", "shop/b", "shop/a"]) rememberQuestion(browser, "demo", question(from));
    expect(fromOf(recentQuestions(browser, "demo"))).toEqual(["shop/a", "shop/b"]);
  });

  it.each([
    ["to", { to: "shop/service/web" }],
    ["port", { port: "80" }],
    ["protocol", { protocol: "UDP" }],
  ] as const)("are different ones where their %s is", (_part, parts) => {
    const browser = store();
    rememberQuestion(browser, "demo", question("shop/a"));
    expect(rememberQuestion(browser, "demo", question("shop/a", parts))).toHaveLength(2);
  });

  it("are the last eight", () => {
    const browser = store();
    for (let n = 1; n <= 12; n++) rememberQuestion(browser, "demo", question(`shop/a-${n}`));
    expect(fromOf(recentQuestions(browser, "demo"))).toEqual(
      [12, 11, 10, 9, 8, 7, 6, 5].map((n) => `shop/a-${n}`),
    );
  });

  it("are each cluster's own", () => {
    const browser = store();
    rememberQuestion(browser, "demo", question("shop/a"));
    expect(recentQuestions(browser, "prod")).toEqual([]);
  });

  it("keep nothing but what is asked", () => {
    const browser = store();
    const given = { ...question("shop/a"), hop: 3 };
    expect(rememberQuestion(browser, "demo", given)).toEqual([question("shop/a")]);
  });

  it.each([
    ["no JSON", "{"],
    ["something else", '{"from":"shop/a"}'],
    ["a question without an end", '[{"from":"","to":"shop/b","port":"","protocol":"TCP"}]'],
    ["a protocol that is none", '[{"from":"shop/a","to":"shop/b","port":"","protocol":"ICMP"}]'],
  ])("are none where the browser holds %s, and are written over it", (_what, text) => {
    const browser = store({ "throughline.recent.demo": text });
    expect(recentQuestions(browser, "demo")).toEqual([]);
    rememberQuestion(browser, "demo", question("shop/a"));
    expect(fromOf(recentQuestions(browser, "demo"))).toEqual(["shop/a"]);
  });

  it("are no trouble where the browser keeps nothing", () => {
    expect(recentQuestions(shut, "demo")).toEqual([]);
    expect(rememberQuestion(shut, "demo", question("shop/a"))).toEqual([question("shop/a")]);
  });
});
