import * as client from "openid-client";
import type { AuthSettings } from "./auth-settings.ts";
import type { Identity } from "./identity.ts";
import type { Login } from "./session-cookie.ts";

type OidcSettings = Extract<AuthSettings, { mode: "oidc" }>;

/** Why a login did not come about, for a page; never a token. */
export class LoginFailure extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = "LoginFailure";
    this.remedy = remedy;
  }
}

const known = new Map<string, Promise<client.Configuration>>();

/** What the issuer says of itself, read once; a failed read is tried again by who asks next. */
function discovered({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const key = `${issuer.href} ${clientId}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = client.discovery(issuer, clientId, clientSecret, undefined, {
    // Tests, and issuers on this machine, have no certificate; any other address has to be https.
    execute: [
      // Signatures are checked even though the token comes straight from the issuer.
      client.enableNonRepudiationChecks,
      ...(isLoopback(issuer) ? [client.allowInsecureRequests] : []),
    ],
    timeout: 10,
  });
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}

/** Where a browser is sent to sign in, and what its cookie has to remember until it comes back. */
export async function beginLogin(
  settings: OidcSettings,
  callback: URL,
  to: string,
): Promise<{ readonly address: URL; readonly login: Login }> {
  const config = await asking(() => discovered(settings));
  const verifier = client.randomPKCECodeVerifier();
  const login: Login = { state: client.randomState(), nonce: client.randomNonce(), verifier, to };
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: callback.href,
    scope: settings.scopes,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: login.state,
    nonce: login.nonce,
  });
  return { address, login };
}

/** Who came back. `returned`: the callback's address with all that the issuer put on it. Throws LoginFailure. */
export async function endLogin(settings: OidcSettings, returned: URL, login: Login): Promise<Identity> {
  const config = await asking(() => discovered(settings));
  const refused = returned.searchParams.get("error");
  if (refused !== null)
    throw new LoginFailure(
      `The identity provider refused the login (${/^[a-z_]{1,40}$/.test(refused) ? refused : "with no code of the standard"}).`,
      "Sign in again, or ask whoever runs it.",
    );
  try {
    const tokens = await client.authorizationCodeGrant(config, returned, {
      pkceCodeVerifier: login.verifier,
      expectedState: login.state,
      expectedNonce: login.nonce,
      idTokenExpected: true,
    });
    return identityOf(settings, tokens.claims() ?? {});
  } catch (error) {
    if (error instanceof LoginFailure) throw error;
    throw new LoginFailure(
      whyRefused(error),
      "Sign in again; a login can be used once, and for ten minutes.",
    );
  }
}

/** Where signing out at the issuer is, for issuers that have such a place. */
export async function signOutAddress(settings: OidcSettings, back: URL): Promise<URL | undefined> {
  try {
    const config = await discovered(settings);
    return client.buildEndSessionUrl(config, { post_logout_redirect_uri: back.href });
  } catch {
    return undefined;
  }
}

export function identityOf(
  { userClaim, groupsClaim, userPrefix, groupsPrefix }: OidcSettings,
  claims: Readonly<Record<string, unknown>>,
): Identity {
  const user = claims[userClaim];
  if (typeof user !== "string" || user === "")
    throw new LoginFailure(
      `The identity provider sent no claim ${userClaim}, which names the user.`,
      "Ask for the scope that brings it (THROUGHLINE_OIDC_SCOPES), or name another claim (THROUGHLINE_OIDC_USER_CLAIM).",
    );
  // An address that nobody has shown to be theirs could be anybody's.
  if (userClaim === "email" && claims.email_verified === false)
    throw new LoginFailure(
      "The identity provider has not verified the email address.",
      "Verify it there, and sign in again.",
    );
  const given = claims[groupsClaim];
  const groups = Array.isArray(given)
    ? given.filter((group): group is string => typeof group === "string")
    : [];
  return { user: `${userPrefix}${user}`, groups: groups.map((group) => `${groupsPrefix}${group}`) };
}

async function asking<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch {
    throw new LoginFailure(
      "The identity provider does not answer, or is not who it should be.",
      "Try again in a moment; whoever runs Throughline finds the issuer in THROUGHLINE_OIDC_ISSUER.",
    );
  }
}

/** In words, by what the library found wrong; nothing of what was sent. */
function whyRefused(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = error instanceof Error ? `${error.message} ${causeOf(error)}` : "";
  if (/state/i.test(text)) return "The login does not belong to this browser: its state is another.";
  if (/nonce/i.test(text)) return "The login does not belong to this browser: its nonce is another.";
  if (/"aud"|audience/i.test(text)) return "The identity provider's token is for another application.";
  if (/"iss"|issuer/i.test(text)) return "The token is from another identity provider.";
  if (/expired|"exp"/i.test(text)) return "The identity provider's token has expired.";
  if (/invalid_grant/.test(text)) return "The login was used already, or took too long.";
  return `The login could not be finished${code === "" ? "" : ` (${code})`}.`;
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? cause.message : JSON.stringify(cause ?? "");
}
