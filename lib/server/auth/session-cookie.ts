import { hkdfSync } from "node:crypto";
import { EncryptJWT, jwtDecrypt } from "jose";
import { z } from "zod";
import type { SessionSettings } from "./auth-settings.ts";
import type { Identity } from "./identity.ts";

export const sessionCookie = "throughline-session";
/** Holds what a login under way has to remember: state, nonce, verifier, where to go then. */
export const loginCookie = "throughline-login";
/** A login that takes longer is begun again. */
export const loginMinutes = 10;

type Purpose = "session" | "login" | "said";

/** Encrypts and authenticates; a cookie of one purpose is none for the other. */
function keyFor(secret: string, purpose: Purpose): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "throughline", purpose, 32));
}

async function seal(
  content: Record<string, unknown>,
  secret: string,
  purpose: Purpose,
  seconds: number,
  nowMs: number,
) {
  const now = Math.floor(nowMs / 1000);
  return new EncryptJWT(content)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuedAt(now)
    .setExpirationTime(now + Math.round(seconds))
    .encrypt(keyFor(secret, purpose));
}

/** Undefined: expired, tampered with, of another secret, or no cookie at all. Which, is nobody's business. */
async function unseal(
  text: string | undefined,
  secret: string,
  purpose: Purpose,
  nowMs: number,
): Promise<unknown> {
  // Decoders pass over blanks: what says the same in other letters is not the cookie that was given.
  if (text === undefined || text.length > 4_000 || !/^[\w.-]+$/.test(text)) return undefined;
  try {
    const { payload } = await jwtDecrypt(text, keyFor(secret, purpose), {
      currentDate: new Date(nowMs),
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return payload;
  } catch {
    return undefined;
  }
}

const sessionSchema = z.object({
  user: z.string(),
  groups: z.array(z.string()),
  iat: z.number(),
  /** When they logged in, in seconds: rotating a cookie does not prolong that. */
  since: z.number(),
});

export interface OpenSession {
  readonly identity: Identity;
  /** The cookie to give them now, where the one that they have is old. */
  readonly renewed: string | undefined;
}

export function sealSession(
  { user, groups }: Identity,
  { secret, hours }: SessionSettings,
  nowMs: number,
  since = Math.floor(nowMs / 1000),
): Promise<string> {
  const left = since + hours * 3600 - Math.floor(nowMs / 1000);
  return seal(
    { user, groups: fitting(groups), since },
    secret,
    "session",
    Math.min(left, idleSeconds(hours)),
    nowMs,
  );
}

/** Whoever is away for so long logs in again; a session that is used is renewed, until `hours` after the login. */
function idleSeconds(hours: number): number {
  return (hours * 3600) / 4;
}

export async function openSession(
  cookie: string | undefined,
  settings: SessionSettings,
  nowMs: number,
): Promise<OpenSession | undefined> {
  const parsed = sessionSchema.safeParse(await unseal(cookie, settings.secret, "session", nowMs));
  if (!parsed.success) return undefined;
  const { user, groups, iat, since } = parsed.data;
  const now = nowMs / 1000;
  if (now >= since + settings.hours * 3600) return undefined;
  const isOld = now - iat > idleSeconds(settings.hours) / 4;
  return {
    identity: { user, groups },
    renewed: isOld ? await sealSession({ user, groups }, settings, nowMs, since) : undefined,
  };
}

/** Browsers drop cookies above 4 kB. Whoever is in more groups than fit is told by the view: what only those grant is not seen. */
function fitting(groups: readonly string[]): readonly string[] {
  let size = 0;
  return groups.filter((group) => {
    size += group.length + 3;
    return size < 2_200;
  });
}

const loginSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
});

export type Login = z.infer<typeof loginSchema>;

export function sealLogin(login: Login, { secret }: SessionSettings, nowMs: number): Promise<string> {
  return seal({ ...login }, secret, "login", loginMinutes * 60, nowMs);
}

export async function openLogin(
  cookie: string | undefined,
  { secret }: SessionSettings,
  nowMs: number,
): Promise<Login | undefined> {
  const parsed = loginSchema.safeParse(await unseal(cookie, secret, "login", nowMs));
  return parsed.success ? parsed.data : undefined;
}

const saidSchema = z.object({ problem: z.string(), remedy: z.string() });

/** Why a login failed, as the login page is to say it. Sealed, so that no link can put words on that page. */
export type Said = z.infer<typeof saidSchema>;

export function sealSaid(said: Said, { secret }: SessionSettings, nowMs: number): Promise<string> {
  return seal(said, secret, "said", loginMinutes * 60, nowMs);
}

/** Undefined: it is not what this server said, or was said too long ago. */
export async function openSaid(
  sealed: string | undefined,
  { secret }: SessionSettings,
  nowMs: number,
): Promise<Said | undefined> {
  const parsed = saidSchema.safeParse(await unseal(sealed, secret, "said", nowMs));
  return parsed.success ? parsed.data : undefined;
}

/** A cookie that scripts cannot read and other sites do not send with what they make a browser do. */
export function setCookie(name: string, value: string, seconds: number, isSecure: boolean): string {
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.round(seconds)}${isSecure ? "; Secure" : ""}`;
  return `${name}=${value}; ${flags}`;
}

/** The value of a cookie in a `Cookie` header. */
export function cookieOf(header: string | undefined | null, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [key = "", ...rest] = part.trim().split("=");
    if (key === name) return rest.join("=");
  }
  return undefined;
}
