import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import type { AccessSettings, AuthSettings } from "../auth/auth-settings.ts";
import { sealSession, sessionCookie } from "../auth/session-cookie.ts";
import { decide } from "./gate.ts";

const sessions = { secret: "a secret of more than 32 characters", hours: 8 };
const now = Date.parse("2026-01-01T09:00:00Z");
const ada = { user: "ada@example.com", groups: ["platform"] };

const access = (auth: AuthSettings, more: Partial<AccessSettings> = {}): AccessSettings => ({
  auth,
  url: undefined,
  hosts: [],
  metricsToken: undefined,
  ...more,
});
const loopback = access({ mode: "loopback" });
const token = access({ mode: "token", token: "sixteen letters!", sessions });
const oidc = access(
  {
    mode: "oidc",
    issuer: new URL("https://id.example.com"),
    clientId: "throughline",
    clientSecret: undefined,
    scopes: "openid",
    userClaim: "email",
    groupsClaim: "groups",
    userPrefix: "",
    groupsPrefix: "",
    sessions,
  },
  { url: new URL("https://map.example.com"), hosts: ["map.example.com"] },
);
const proxy = access({
  mode: "proxy",
  from: ["10.0.0.0/8", "::1/128"],
  userHeader: "x-forwarded-user",
  groupsHeader: "x-forwarded-groups",
});

function ask(
  settings: AccessSettings,
  given: {
    method?: string;
    url?: string;
    headers?: IncomingHttpHeaders;
    repeated?: readonly string[];
    peer?: string;
  } = {},
) {
  const { method = "GET", url = "/api/v1/clusters", headers = {}, repeated = [], peer = "127.0.0.1" } = given;
  const arriving = { method, url, headers: { host: "127.0.0.1:3000", ...headers }, peer };
  return decide({ ...arriving, repeated: new Set(repeated) }, settings, now);
}

const outcome = async (...args: Parameters<typeof ask>) => {
  const decision = await ask(...args);
  return decision.kind === "refuse" ? `${decision.status} ${decision.type}` : decision.kind;
};

describe("on a laptop", () => {
  it.each(["127.0.0.1:3000", "127.8.9.10", "localhost:3000", "LOCALHOST", "[::1]:3000", "map.localhost"])(
    "answers under %s",
    async (host) => {
      expect(await outcome(loopback, { headers: { host } })).toBe("pass");
    },
  );

  it.each([
    "attacker.example.com",
    "127.0.0.1.attacker.example.com",
    "localhost.attacker.example.com",
    "attacker.example.com:3000",
    "10.0.0.7:3000",
    "127.0.0.1:3000, attacker.example.com",
    "127.0.0.1 attacker",
    "",
  ])("does not answer under %j: a page elsewhere may have had its name lead here", async (host) => {
    expect(await outcome(loopback, { headers: { host } })).toBe("421 host-not-allowed");
  });

  it.each([
    [{ origin: "http://127.0.0.1:3000" }, "pass"],
    [{ origin: "https://attacker.example.com" }, "403 foreign-origin"],
    [{ origin: "http://127.0.0.1:4000" }, "403 foreign-origin"],
    [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" },
      "403 foreign-origin",
    ],
    [
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      "403 foreign-origin",
    ],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }, "pass"],
    [{ "sec-fetch-site": "same-origin" }, "pass"],
  ])("of a request with %j says %s", async (headers, said) => {
    expect(await outcome(loopback, { headers })).toBe(said);
  });

  it("takes no form from a sandbox or a file", async () => {
    expect(await outcome(loopback, { method: "POST", headers: { origin: "null" } })).toBe(
      "403 foreign-origin",
    );
  });

  it.each([
    ["GET", "/findings", "pass"],
    ["HEAD", "/findings", "pass"],
    ["POST", "/findings", "405 method-not-taken"],
    ["POST", "/api/v1/clusters?name=a.yaml", "pass"],
    ["POST", "/api/v1/clusters/prod/graph", "405 method-not-taken"],
    ["POST", "/auth/token", "pass"],
    ["POST", "/auth/logout", "pass"],
    ["POST", "/api/v1/demo", "pass"],
    ["PUT", "/api/v1/clusters", "405 method-not-taken"],
    ["OPTIONS", "/api/v1/clusters", "405 method-not-taken"],
    ["TRACE", "/", "405 method-not-taken"],
    ["DELETE", "/api/v1/clusters/prod", "405 method-not-taken"],
  ])("of %s %s says %s", async (method, url, said) => {
    expect(await outcome(loopback, { method, url })).toBe(said);
  });

  it("takes no request with two hosts: a proxy and this server could each believe another", async () => {
    expect(await outcome(loopback, { repeated: ["host"] })).toBe("400 several-hosts");
  });

  it("takes no address without end", async () => {
    expect(await outcome(loopback, { url: `/?q=${"x".repeat(20_000)}` })).toBe("414 address-too-long");
  });
});

describe("with a token", () => {
  it.each([
    [{ authorization: "Bearer sixteen letters!" }, "pass"],
    [{ authorization: "Bearer sixteen letters?" }, "401 not-signed-in"],
    [{ authorization: "Basic sixteen letters!" }, "401 not-signed-in"],
    [{}, "401 not-signed-in"],
    [{ accept: "text/html" }, "login"],
  ])("of %j says %s", async (headers, said) => {
    expect(await outcome(token, { headers })).toBe(said);
  });

  it("lets in whoever has a session", async () => {
    const cookie = `${sessionCookie}=${await sealSession(ada, sessions, now)}`;
    expect(await outcome(token, { headers: { cookie } })).toBe("pass");
  });

  it.each(["/healthz", "/readyz", "/auth/login", "/_next/static/chunks/a.js"])(
    "shows %s to everybody",
    async (url) => {
      expect(await outcome(token, { url })).toBe("pass");
    },
  );

  it.each([
    "/healthz/../api/v1/clusters",
    "/auth/../api/v1/clusters",
    "/auth/login/../../findings",
    "/auth/%2e%2E/api/v1/clusters",
    "/auth/.%2e/",
    "/_next/static/../../api/v1/clusters/demo/stream?watch=/graph",
    "/auth\\..\\api",
    "/./healthz",
    "//auth/login",
    "/\\auth/login",
    "http://127.0.0.1:3000/healthz",
    "*",
    "",
    "healthz",
    "/auth/login#/../..",
    "/auth/.\t./",
    "/api/v1/clusters/%ff/stream",
    "/api/v1/clusters/%E0%A4%A/graph",
    "/findings%",
    "/%u0041",
  ])("takes no %j, which is another path once it is resolved", async (url) => {
    for (const access of [loopback, token, oidc, proxy])
      expect(await outcome(access, { url, headers: { accept: "text/html" } })).toBe("400 path-not-plain");
  });

  it.each([
    "/auth/",
    "/auth/login/x",
    "/auth/me.rsc",
    "/healthz/",
    "/metrics",
    "/api/v1/openapi.json",
    "/_next/image?url=/",
    "/",
  ])("shows %s to nobody who is not signed in", async (url) => {
    expect(await outcome(token, { url })).toBe("401 not-signed-in");
  });

  it.each([
    [oidc, {}],
    [token, {}],
    [proxy, { peer: "192.168.0.9" }],
  ])(
    "lets a scraper with its own token come to the pod's own address, past names and proxies",
    async (access, from) => {
      const settings = { ...access, metricsToken: "letters, sixteen" };
      const headers = { host: "10.9.8.7:3000", authorization: "Bearer letters, sixteen" };
      expect(await outcome(settings, { url: "/metrics", headers, ...from })).toBe("pass");
      const wrong = { ...headers, authorization: "Bearer letters, sixteem" };
      expect(await outcome(settings, { url: "/metrics", headers: wrong, ...from })).toMatch(/^4/);
      expect(await outcome(settings, { url: "/api/v1/clusters", headers, ...from })).toMatch(/^4/);
    },
  );

  it("lets a scraper with its own token read metrics, and nothing else", async () => {
    const settings = { ...token, metricsToken: "letters, sixteen" };
    const headers = { authorization: "Bearer letters, sixteen" };
    expect(await outcome(settings, { url: "/metrics", headers })).toBe("pass");
    expect(await outcome(settings, { headers })).toBe("401 not-signed-in");
  });
});

describe("with OpenID Connect", () => {
  const host = "map.example.com";

  it("knows who a session is of, and renews an old one", async () => {
    const cookie = `${sessionCookie}=${await sealSession(ada, sessions, now - 3_600_000)}`;
    const decision = await ask(oidc, { headers: { host, cookie } });
    expect(decision).toMatchObject({ kind: "pass", identity: ada });
    expect(decision.kind === "pass" && decision.cookie).toMatch(/^throughline-session=.*HttpOnly.*Secure$/);
  });

  it("sends a person to the login, and back to where they were going", async () => {
    expect(await ask(oidc, { url: "/trace?from=a", headers: { host, accept: "text/html" } })).toEqual({
      kind: "login",
      to: "/trace?from=a",
    });
  });

  it("answers under its own name only", async () => {
    expect(await outcome(oidc, { headers: { host: "other.example.com" } })).toBe("421 host-not-allowed");
    expect(await outcome(oidc, { headers: { host: "10.1.2.3:3000" }, url: "/healthz" })).toBe("pass");
  });
});

describe("behind a proxy", () => {
  const headers = { "x-forwarded-user": "ada@example.com", "x-forwarded-groups": "platform, on-call" };

  it.each([
    ["10.1.2.3", "pass"],
    ["::ffff:10.1.2.3", "pass"],
    ["::1", "pass"],
    ["192.168.0.1", "403 not-through-the-proxy"],
    ["::ffff:192.168.0.1", "403 not-through-the-proxy"],
    ["fd00::1", "403 not-through-the-proxy"],
  ])("believes the headers from %s: %s", async (peer, said) => {
    expect(await outcome(proxy, { headers, peer })).toBe(said);
  });

  it("knows who asks", async () => {
    expect(await ask(proxy, { headers, peer: "10.0.0.1" })).toMatchObject({
      identity: { user: "ada@example.com", groups: ["platform", "on-call"] },
    });
  });

  it("refuses a user that is named twice, and lets nobody in without one", async () => {
    const twice = { "x-forwarded-user": "ada@example.com, root" };
    expect(await outcome(proxy, { headers: twice, peer: "10.0.0.1" })).toBe("400 several-users");
    expect(await outcome(proxy, { peer: "10.0.0.1" })).toBe("401 not-signed-in");
  });

  it.each([
    ["x-forwarded-user", "400 several-users"],
    ["x-forwarded-groups", "400 several-groups"],
    ["x-forwarded-for", "pass"],
  ])("of %s that is there twice, a client's beside the proxy's, says %s", async (name, said) => {
    expect(await outcome(proxy, { headers, repeated: [name], peer: "10.0.0.1" })).toBe(said);
  });
});
