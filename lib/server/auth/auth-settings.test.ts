import { describe, expect, it } from "vitest";
import { readAccess } from "./auth-settings.ts";

const secret = "a secret of more than 32 characters";
const oidc = {
  THROUGHLINE_AUTH: "oidc",
  THROUGHLINE_OIDC_ISSUER: "https://id.example.com",
  THROUGHLINE_OIDC_CLIENT_ID: "throughline",
  THROUGHLINE_SESSION_SECRET: secret,
  THROUGHLINE_URL: "https://map.example.com",
};

describe("who may come in", () => {
  it("is whoever sits at the machine, by default", () => {
    expect(readAccess({})).toMatchObject({
      kind: "access",
      access: { auth: { mode: "loopback" }, hosts: [] },
    });
  });

  it.each([
    [{ THROUGHLINE_AUTH: "token", THROUGHLINE_TOKEN: "sixteen letters!" }, "token"],
    [oidc, "oidc"],
    [{ THROUGHLINE_AUTH: "proxy", THROUGHLINE_PROXY_FROM: "10.0.0.0/8, 127.0.0.1/32" }, "proxy"],
  ])("is read from %j", (env, mode) => {
    expect(readAccess(env)).toMatchObject({ kind: "access", access: { auth: { mode } } });
  });

  it("takes the name of its own address where no other is given", () => {
    expect(readAccess(oidc)).toMatchObject({ access: { hosts: ["map.example.com"] } });
    expect(readAccess({ ...oidc, THROUGHLINE_HOSTS: "A.example.com, b" })).toMatchObject({
      access: { hosts: ["a.example.com", "b"] },
    });
  });

  it("reads a secret from the file that Kubernetes mounts", () => {
    const env = { THROUGHLINE_AUTH: "token", THROUGHLINE_TOKEN_FILE: "/run/token" };
    expect(readAccess(env, () => "sixteen letters!\n")).toMatchObject({
      access: { auth: { token: "sixteen letters!" } },
    });
  });

  it.each([
    [{ THROUGHLINE_AUTH: "none" }, ["THROUGHLINE_AUTH must be loopback, token, oidc or proxy."]],
    [{ THROUGHLINE_AUTH: "token" }, ["THROUGHLINE_AUTH=token needs THROUGHLINE_TOKEN."]],
    [
      { THROUGHLINE_AUTH: "token", THROUGHLINE_TOKEN: "short" },
      ["THROUGHLINE_TOKEN must have at least 16 characters."],
    ],
    [
      { THROUGHLINE_AUTH: "oidc", THROUGHLINE_URL: "map.example.com" },
      ["THROUGHLINE_URL must be an http or https address."],
    ],
    [
      { THROUGHLINE_AUTH: "oidc", THROUGHLINE_URL: "https://map.example.com" },
      [
        "THROUGHLINE_AUTH=oidc needs THROUGHLINE_OIDC_ISSUER.",
        "THROUGHLINE_AUTH=oidc needs THROUGHLINE_OIDC_CLIENT_ID.",
        "THROUGHLINE_AUTH=oidc needs THROUGHLINE_SESSION_SECRET.",
      ],
    ],
    [{ THROUGHLINE_AUTH: "proxy" }, ["THROUGHLINE_AUTH=proxy needs THROUGHLINE_PROXY_FROM."]],
    [{ THROUGHLINE_TOKEN_FILE: "/no/such/file" }, ["THROUGHLINE_TOKEN_FILE cannot be read."]],
    [{ THROUGHLINE_SESSION_HOURS: "0" }, ["THROUGHLINE_SESSION_HOURS must be more than 0."]],
  ])("of %j says what is wrong, and no secret", (env, problems) => {
    expect(readAccess(env)).toEqual({ kind: "invalid", problems });
  });
});
