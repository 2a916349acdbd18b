import { describe, expect, it } from "vitest";
import {
  cookieOf,
  openLogin,
  openSaid,
  openSession,
  sealLogin,
  sealSaid,
  sealSession,
  setCookie,
} from "./session-cookie.ts";

const settings = { secret: "a secret of more than 32 characters", hours: 8 };
const ada = { user: "ada@example.com", groups: ["platform", "on-call"] };
const start = Date.parse("2026-01-01T09:00:00Z");
const hoursLater = (hours: number) => start + hours * 3_600_000;

describe("a session", () => {
  it("tells who it is of, for a while", async () => {
    const cookie = await sealSession(ada, settings, start);
    expect(await openSession(cookie, settings, hoursLater(0.1))).toEqual({
      identity: ada,
      renewed: undefined,
    });
    expect(await openSession(cookie, settings, hoursLater(2.1))).toBeUndefined();
  });

  it("is renewed while it is used, and ends all the same so many hours after the login", async () => {
    let cookie = await sealSession(ada, settings, start);
    for (let hours = 1; hours < 8; hours++) {
      const open = await openSession(cookie, settings, hoursLater(hours));
      expect(open?.identity).toEqual(ada);
      expect(open?.renewed).toBeDefined();
      cookie = open?.renewed ?? cookie;
    }
    expect(await openSession(cookie, settings, hoursLater(8.01))).toBeUndefined();
  });

  it("tells nothing to who reads the cookie", async () => {
    const cookie = await sealSession(ada, settings, start);
    const text = cookie
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("latin1"))
      .join(" ");
    expect(text).not.toContain("ada");
    expect(text).not.toContain("platform");
  });

  it("is none with any letter changed, cut, of another secret, or in place of a login", async () => {
    const cookie = await sealSession(ada, settings, start);
    for (let i = 0; i < cookie.length; i += 7) {
      const other = cookie[i] === "A" ? "B" : "A";
      const changed = cookie.slice(0, i) + other + cookie.slice(i + 1);
      expect(await openSession(changed, settings, start)).toBeUndefined();
    }
    for (const bad of [
      undefined,
      "",
      "a.b.c.d.e",
      cookie.slice(0, -4),
      `${cookie}A`,
      `${cookie} `,
      "x".repeat(10_000),
    ])
      expect(await openSession(bad, settings, start)).toBeUndefined();
    const blank = `${cookie.slice(0, 100)} ${cookie.slice(100)}`;
    expect(await openSession(blank, settings, start)).toBeUndefined();
    expect(await openSession(cookie, { ...settings, secret: `${settings.secret}!` }, start)).toBeUndefined();
    expect(await openLogin(cookie, settings, start)).toBeUndefined();
  });

  it("fits into a cookie whatever the number of groups", async () => {
    const groups = Array.from({ length: 500 }, (_, i) => `department-number-${i}`);
    const cookie = await sealSession({ ...ada, groups }, settings, start);
    expect(cookie.length).toBeLessThan(3_800);
    const open = await openSession(cookie, settings, start);
    expect(open?.identity.groups.length).toBeGreaterThan(50);
  });
});

it("a login remembers what it has to, for ten minutes", async () => {
  const login = { state: "s", nonce: "n", verifier: "v", to: "/trace" };
  const cookie = await sealLogin(login, settings, start);
  expect(await openLogin(cookie, settings, hoursLater(0.1))).toEqual(login);
  expect(await openLogin(cookie, settings, hoursLater(0.2))).toBeUndefined();
});

it.each([
  ["a=1; throughline-session=x=y; b=2", "x=y"],
  ["throughline-session2=no", undefined],
  [undefined, undefined],
])("finds its cookie in %j", (header, value) => {
  expect(cookieOf(header, "throughline-session")).toBe(value);
});

it("gives cookies that scripts and other sites do not get at", () => {
  expect(setCookie("a", "b", 60, true)).toBe("a=b; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
});

describe("what the login page says", () => {
  const said = { problem: "The email address is not verified.", remedy: "Verify it." };

  it("is only what this server said, a short while ago", async () => {
    const sealed = await sealSaid(said, settings, start);
    expect(await openSaid(sealed, settings, start + 60_000)).toEqual(said);
    expect(await openSaid(sealed, settings, hoursLater(1))).toBeUndefined();
    expect(await openSaid("Call 555-0100 to sign in", settings, start)).toBeUndefined();
    expect(
      await openSaid(await sealSaid(said, { ...settings, secret: "x".repeat(40) }, start), settings, start),
    ).toBeUndefined();
    expect(await openSaid(await sealSession(ada, settings, start), settings, start)).toBeUndefined();
  });
});
