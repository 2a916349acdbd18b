import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginLogin, endLogin, identityOf } from "./oidc.ts";
import type { Login } from "./session-cookie.ts";

/** An issuer that says in its tokens whatever the test wants. */
let server: Server;
let base: string;
let signed: (claims: Record<string, unknown>, issuer?: string) => Promise<string>;
let idToken = "";
let grantError: string | undefined;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), alg: "RS256", kid: "1", use: "sig" };
  server = createServer((request, response) => {
    const answer = (body: unknown, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/.well-known/openid-configuration")
      return answer({
        issuer: base,
        authorization_endpoint: `${base}/auth`,
        token_endpoint: `${base}/token`,
        jwks_uri: `${base}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      });
    if (request.url === "/jwks") return answer({ keys: [jwk] });
    if (request.url === "/token")
      return grantError === undefined
        ? answer({ access_token: "a", token_type: "Bearer", id_token: idToken })
        : answer({ error: grantError }, 400);
    return answer({}, 404);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  signed = async (claims, issuer = base) => {
    const { key = "own", ...rest } = claims;
    return new SignJWT({ sub: "1", email: "ada@example.com", groups: ["platform"], ...rest })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(issuer)
      .setAudience(typeof rest.aud === "string" ? rest.aud : "throughline")
      .setIssuedAt()
      .setExpirationTime(typeof rest.exp === "number" ? rest.exp : "5m")
      .sign(key === "own" ? privateKey : stranger.privateKey);
  };
});
afterAll(() => server.close());

const settings = (issuer = base) =>
  ({
    mode: "oidc",
    issuer: new URL(issuer),
    clientId: "throughline",
    clientSecret: "s3cret",
    scopes: "openid email groups",
    userClaim: "email",
    groupsClaim: "groups",
    userPrefix: "oidc:",
    groupsPrefix: "oidc:",
    sessions: { secret: "a secret of more than 32 characters", hours: 8 },
  }) as const;

const callback = new URL("http://127.0.0.1:3000/auth/callback");

async function comeBack(
  claims: Record<string, unknown>,
  change: Partial<Login> = {},
  query: Record<string, string> = {},
) {
  const { address, login } = await beginLogin(settings(), callback, "/trace");
  idToken = await signed({ nonce: address.searchParams.get("nonce"), ...claims });
  const returned = new URL(callback);
  returned.search = new URLSearchParams({
    code: "c",
    state: address.searchParams.get("state") ?? "",
    ...query,
  }).toString();
  return endLogin(settings(), returned, { ...login, ...change });
}

describe("a login", () => {
  it("asks for a code with PKCE, state and nonce, none of them twice", async () => {
    const [one, two] = await Promise.all([
      beginLogin(settings(), callback, "/"),
      beginLogin(settings(), callback, "/"),
    ]);
    const { searchParams } = one.address;
    expect(searchParams.get("code_challenge_method")).toBe("S256");
    expect(searchParams.get("redirect_uri")).toBe(callback.href);
    for (const name of ["state", "nonce", "code_challenge"])
      expect(searchParams.get(name)).not.toBe(two.address.searchParams.get(name));
    expect(one.address.href).not.toContain(one.login.verifier);
  });

  it("says who came back, with the prefixes that the API server knows them by", async () => {
    expect(await comeBack({})).toEqual({ user: "oidc:ada@example.com", groups: ["oidc:platform"] });
  });

  it.each([
    ["another application", { aud: "other" }, {}, {}, "for another application"],
    ["expired", { exp: 1_000_000 }, {}, {}, "expired"],
    ["another nonce", { nonce: "other" }, {}, {}, "its nonce is another"],
    ["another state", {}, { state: "other" }, {}, "its state is another"],
    ["a key that is not the issuer's", { key: "stranger" }, {}, {}, "could not be finished"],
    ["no user", { email: undefined }, {}, {}, "no claim email"],
    ["an address that nobody verified", { email_verified: false }, {}, {}, "not verified"],
    ["a refusal", {}, {}, { error: "access_denied" }, "access_denied"],
  ])("is refused with words: %s", async (_, claims, change, query, words) => {
    await expect(comeBack(claims, change, query)).rejects.toThrow(words);
  });

  it("is refused when the token is of another issuer", async () => {
    const { address, login } = await beginLogin(settings(), callback, "/");
    idToken = await signed({ nonce: login.nonce }, "https://other.example.com");
    const returned = new URL(`${callback}?code=c&state=${address.searchParams.get("state")}`);
    await expect(endLogin(settings(), returned, login)).rejects.toThrow("another identity provider");
  });

  it("is refused when its code was used already", async () => {
    grantError = "invalid_grant";
    await expect(comeBack({})).rejects.toThrow("used already");
    grantError = undefined;
  });

  it("says so when the issuer is not who it should be, or not there", async () => {
    await expect(beginLogin(settings(`${base}/other`), callback, "/")).rejects.toThrow("does not answer");
    await expect(beginLogin(settings("http://127.0.0.1:9"), callback, "/")).rejects.toThrow(
      "does not answer",
    );
  });
});

it("takes groups only where they are a list of names", () => {
  expect(identityOf(settings(), { email: "a@b.c", groups: "platform" }).groups).toEqual([]);
  expect(identityOf(settings(), { email: "a@b.c", groups: ["x", 1, null] }).groups).toEqual(["oidc:x"]);
});
