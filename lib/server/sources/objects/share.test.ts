import { describe, expect, it } from "vitest";
import { share } from "./share.ts";

describe("share", () => {
  it("gives equal parts as one", () => {
    const first = share({ app: "web", tier: "front" });
    expect(share({ app: "web", tier: "front" })).toBe(first);
    expect(share({ app: "web" })).toEqual({ app: "web" });
    expect(share([{ port: 80 }])).toBe(share([{ port: 80 }]));
  });

  it("tells a number from the text of it, and one order from another", () => {
    expect(share({ port: 80 })).toEqual({ port: 80 });
    expect(share({ port: "80" })).toEqual({ port: "80" });
    expect(share(["a", "b"])).not.toBe(share(["b", "a"]));
  });

  it("goes on when it has seen more parts than it keeps", () => {
    for (let i = 0; i < 25_000; i++) share({ number: i });
    expect(share({ number: 3 })).toEqual({ number: 3 });
    expect(share({ text: "x".repeat(5_000) }).text).toHaveLength(5_000);
  });
});
