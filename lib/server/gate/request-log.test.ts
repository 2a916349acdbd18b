import { describe, expect, it } from "vitest";
import type { AuthSettings } from "../auth/auth-settings.ts";
import { pseudonymsOf, requestIdOf, whoLogged } from "./request-log.ts";

const sessions = { secret: "a secret of more than 32 characters", hours: 8 };
const proxy: AuthSettings = { mode: "proxy", from: ["10.0.0.0/8"], userHeader: "u", groupsHeader: "g" };
const token: AuthSettings = { mode: "token", token: "sixteen letters!", sessions };
const loopback: AuthSettings = { mode: "loopback" };
const id = "0af7651916cd43dd8448eb211c80319c";

describe("a request's id", () => {
  it.each([
    ["its own, from the proxy", proxy, "10.0.0.1", id, true],
    ["not its own, from elsewhere", proxy, "192.168.0.1", id, false],
    ["not its own, without a proxy", token, "10.0.0.1", id, false],
    ["not its own, on a laptop", loopback, "127.0.0.1", id, false],
    ["not its own, where that is no id", proxy, "10.0.0.1", 'x","level":"error', false],
    ["not its own, where that is too long", proxy, "10.0.0.1", "a".repeat(65), false],
  ] as const)("is %s", (_, auth, peer, given, isKept) => {
    const taken = requestIdOf({ "x-request-id": given }, peer, { auth });
    if (isKept) expect(taken).toBe(given);
    else expect(taken).toMatch(/^[\w-]{12}$/);
  });

  it("is another for each", () => {
    const ids = Array.from({ length: 1_000 }, () => requestIdOf({}, "10.0.0.1", { auth: proxy }));
    expect(new Set(ids).size).toBe(1_000);
  });
});

describe("who asks is logged as", () => {
  it("a pseudonym: the same for one person in every replica, and nobody's name", () => {
    const [one, other] = [pseudonymsOf({ auth: token }), pseudonymsOf({ auth: token })];
    expect(one("user ada@example.com")).toBe(other("user ada@example.com"));
    expect(one("user ada@example.com")).not.toBe(one("user ben@example.com"));
    expect(one("user ada@example.com")).toMatch(/^[\w-]{10}$/);
    const changed = pseudonymsOf({
      auth: { ...token, sessions: { ...sessions, secret: "another".repeat(5) } },
    });
    expect(changed("user ada@example.com")).not.toBe(one("user ada@example.com"));
  });

  it("nothing on a laptop, where there is one person", () => {
    expect(pseudonymsOf({ auth: loopback })("address 127.0.0.1")).toBeUndefined();
  });

  it("a name beside it for audit lines, where there is one", () => {
    const who = whoLogged({ auth: proxy });
    expect(who({ user: "ada@example.com", groups: [] }, "user ada@example.com")).toMatchObject({
      user: "ada@example.com",
    });
    expect(who(undefined, "address 10.0.0.1").user).toBeUndefined();
  });
});
