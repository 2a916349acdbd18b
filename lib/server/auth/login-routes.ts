/** The few addresses by which people come in and leave. Everything else trusts the gate. */
import type { AccountView } from "#lib/protocol/account.ts";
import { audit } from "../gate/audit.ts";
import { isSecure, sameSecret } from "../gate/gate.ts";
import { pseudonymsOf } from "../gate/request-log.ts";
import { faultOf } from "../log.ts";
import { accessSettings } from "./access.ts";
import type { AccessSettings } from "./auth-settings.ts";
import { type Identity, readIdentity } from "./identity.ts";
import { beginLogin, endLogin, LoginFailure, signOutAddress } from "./oidc.ts";
import {
  cookieOf,
  loginCookie,
  loginMinutes,
  openLogin,
  sealLogin,
  sealSaid,
  sealSession,
  sessionCookie,
  setCookie,
} from "./session-cookie.ts";

/** GET /auth/start: to the identity provider. */
export async function startLogin(request: Request): Promise<Response> {
  const access = accessSettings();
  if (access.auth.mode !== "oidc") return seeOther("/");
  const to = safePlace(new URL(request.url).searchParams.get("to"));
  try {
    const { address, login } = await beginLogin(access.auth, callbackOf(access, request), to);
    const sealed = await sealLogin(login, access.auth.sessions, Date.now());
    return seeOther(address.href, [setCookie(loginCookie, sealed, loginMinutes * 60, isSecure(access))]);
  } catch (error) {
    return failed(error, access.auth.sessions);
  }
}

/** GET /auth/callback: back from the identity provider. */
export async function finishLogin(request: Request): Promise<Response> {
  const access = accessSettings();
  if (access.auth.mode !== "oidc") return seeOther("/");
  const forget = setCookie(loginCookie, "", 0, isSecure(access));
  try {
    const login = await openLogin(
      cookieOf(request.headers.get("cookie"), loginCookie),
      access.auth.sessions,
      Date.now(),
    );
    if (login === undefined)
      throw new LoginFailure(
        "This login was begun in another browser, or more than ten minutes ago.",
        "Sign in again.",
      );
    const returned = new URL(callbackOf(access, request));
    returned.search = new URL(request.url).search;
    const identity = await endLogin(access.auth, returned, login);
    return await signedIn(access, access.auth.sessions, identity, login.to, [forget]);
  } catch (error) {
    return failed(error, access.auth.sessions, [forget]);
  }
}

/** POST /auth/token: the secret of a small team, from the login's form. */
export async function loginByToken(request: Request): Promise<Response> {
  const access = accessSettings();
  if (access.auth.mode !== "token") return seeOther("/");
  const form = new URLSearchParams((await request.text()).slice(0, 4_000));
  const to = safePlace(form.get("to"));
  if (!sameSecret(form.get("token") ?? "", access.auth.token)) {
    audit("login refused", { mode: "token", why: "wrong token" });
    // Guessing takes as long as whoever guesses has patience for.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return seeOther(`/auth/login?wrong=1&to=${encodeURIComponent(to)}`);
  }
  return signedIn(access, access.auth.sessions, { user: "token", groups: [] }, to, []);
}

/** GET /auth/me: who looks. */
export function whoLooks(request: Request): Response {
  const identity = readIdentity(request.headers);
  const account: AccountView = {
    mode: accessSettings().auth.mode,
    user: identity?.user,
    groups: [...(identity?.groups ?? [])],
  };
  return Response.json(account, { headers: { "cache-control": "no-store" } });
}

/** POST /auth/logout. */
export async function logOut(request: Request): Promise<Response> {
  const access = accessSettings();
  const { auth } = access;
  audit("logout", { mode: auth.mode });
  const forget = setCookie(sessionCookie, "", 0, isSecure(access));
  const there =
    auth.mode === "oidc"
      ? await signOutAddress(auth, new URL("/auth/login?out=1", ownAddress(access, request)))
      : undefined;
  return seeOther(there?.href ?? "/auth/login?out=1", [forget]);
}

async function signedIn(
  access: AccessSettings,
  sessions: Parameters<typeof sealSession>[1],
  identity: Identity,
  to: string,
  cookies: readonly string[],
): Promise<Response> {
  const sealed = await sealSession(identity, sessions, Date.now());
  audit("login", {
    mode: access.auth.mode,
    user: identity.user,
    // Whoever signs in was nobody until now; this is what their requests are logged as. A token tells nobody apart.
    ...(access.auth.mode === "oidc" ? { who: pseudonymsOf(access)(`user ${identity.user}`) } : {}),
    groups: identity.groups.length,
  });
  const cookie = setCookie(sessionCookie, sealed, sessions.hours * 3600, isSecure(access));
  return seeOther(to, [...cookies, cookie]);
}

async function failed(
  error: unknown,
  sessions: Parameters<typeof sealSession>[1],
  cookies: readonly string[] = [],
): Promise<Response> {
  const failure =
    error instanceof LoginFailure
      ? error
      : new LoginFailure("Signing in failed, by a fault of Throughline's.", "Its log says where.");
  audit("login refused", {
    mode: "oidc",
    ...(error instanceof LoginFailure ? { why: failure.message } : faultOf(error)),
  });
  const said = await sealSaid({ problem: failure.message, remedy: failure.remedy }, sessions, Date.now());
  return seeOther(`/auth/login?said=${said}`, cookies);
}

function seeOther(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

function callbackOf(access: AccessSettings, request: Request): URL {
  return new URL("/auth/callback", ownAddress(access, request));
}

function ownAddress({ url }: AccessSettings, request: Request): URL {
  return url ?? new URL(request.url);
}

/** A place on this server to go to after the login; anything else would make it a way to send people elsewhere. */
export function safePlace(to: string | null): string {
  if (to === null || !/^\/(?![/\\])/.test(to) || /[\p{Cc}]/u.test(to) || to.startsWith("/auth/")) return "/";
  return to.slice(0, 4_000);
}
