/** Sessions that nobody has: cut, changed, put together from others, of another secret, or long over. */
import { createHmac } from "node:crypto";
import { sealLogin, sealSession } from "#lib/server/auth/session-cookie.ts";
import type { Chance } from "../cluster/chance.ts";
import { type Attack, type Header, intruder, member, message } from "./attack.ts";
import { damagedText, stumblingText } from "./mutate.ts";

/** The secret of the server that is attacked. */
export const secret = "a session secret of more than 32 letters";

/** Cookies to make others of, none of which is a session that holds. */
export interface Cookies {
  readonly whole: string;
  readonly refused: readonly [string, ...string[]];
}

const hour = 3_600_000;

/** `nowMs`: of the server's clock. */
export async function cookiesOf(nowMs: number): Promise<Cookies> {
  const own = { secret, hours: 10 };
  const who = { user: member, groups: ["payments"] };
  const posing = { user: intruder, groups: ["system:masters"] };
  const other = { secret: secret.replace("letters", "Letters"), hours: 10 };
  const login = { state: "s", nonce: "n", verifier: "v", to: "/" };
  return {
    whole: await sealSession(who, own, nowMs),
    refused: [
      await sealSession(posing, other, nowMs),
      await sealSession(who, { ...own, secret: `${secret} ` }, nowMs),
      await sealSession(who, own, nowMs - 11 * hour),
      await sealSession(who, own, nowMs - 3 * hour),
      // Renewed again and again, and begun before the longest that a session may last.
      await sealSession(who, { ...own, hours: 1_000 }, nowMs, Math.floor(nowMs / 1_000) - 11 * 3_600),
      await sealLogin(login, own, nowMs),
      token({ alg: "none" }, posing, nowMs, () => ""),
      token({ alg: "HS256" }, posing, nowMs, (text) =>
        createHmac("sha256", secret).update(text).digest("base64url"),
      ),
      token({ alg: "dir", enc: "A256GCM" }, posing, nowMs, () => "..."),
      token(
        { alg: "PBES2-HS256+A128KW", enc: "A256GCM", p2c: 2_000_000_000, p2s: "AAAA" },
        posing,
        nowMs,
        () => "...",
      ),
      token({ alg: "dir", enc: "A256GCM", zip: "DEF" }, posing, nowMs, () => "..."),
      token({ alg: "dir", enc: "A256GCM", crit: ["exp"] }, posing, nowMs, () => "..."),
      Buffer.from(JSON.stringify(posing)).toString("base64url"),
      "",
    ],
  };
}

function token(
  header: object,
  { user, groups }: { user: string; groups: readonly string[] },
  nowMs: number,
  sign: (text: string) => string,
): string {
  const now = Math.floor(nowMs / 1_000);
  const parts = [header, { user, groups, since: now, iat: now, exp: now + 3_600 }];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign(text)}`;
}

const questions = [
  "/api/v1/clusters",
  "/api/v1/clusters/files/graph",
  "/api/v1/clusters/files/namespaces",
  "/auth/me",
  "/findings",
  "/metrics",
  "/auth/callback?code=a&state=s",
] as const;

export function cookieAttack(chance: Chance, host: string, { whole, refused }: Cookies): Attack {
  const made = value(chance, whole, refused);
  // What says the same bytes in other letters is the same session.
  const cookie = isSame(made, whole) ? "" : made;
  const header = cookieHeader(chance, cookie);
  const headers: readonly Header[] = [
    ["Host", host],
    ["Connection", "close"],
    ["Accept", chance.pick(["text/html", "application/json"])],
    ...header,
  ];
  const bytes = message(`GET ${chance.pick(questions)} HTTP/1.1`, headers);
  return { bytes, from: "proxy", isWhole: header.every(([, text]) => /^[ -~]*$/.test(text)), maySee: false };
}

function value(chance: Chance, whole: string, refused: readonly [string, ...string[]]): string {
  const parts = whole.split(".");
  switch (chance.below(8)) {
    case 0:
      return chance.pick(refused);
    case 1:
      return damagedText(chance.pick(refused), chance);
    case 2:
      return whole.slice(0, chance.below(whole.length));
    case 3: {
      const at = chance.below(whole.length);
      const letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.".charAt(
        chance.below(65),
      );
      return `${whole.slice(0, at)}${letter}${whole.slice(at + 1)}`;
    }
    case 4: {
      const other = chance.pick(refused).split(".");
      const at = chance.below(5);
      return parts.map((part, i) => (i === at ? (other[i] ?? "") : part)).join(".");
    }
    case 5:
      return parts.toSorted(() => chance.next() - 0.5).join(".");
    case 6:
      return parts.slice(0, chance.below(5)).concat(stumblingText(chance)).join(".");
    default:
      return damagedText(whole, chance);
  }
}

/** What a server could read out of the header, were it less than careful. */
function cookieHeader(chance: Chance, cookie: string): readonly Header[] {
  const name = chance.below(4) === 0 ? damagedText("throughline-session", chance) : "throughline-session";
  switch (chance.below(6)) {
    case 0:
      return [["Cookie", `${name}=${cookie}; ${name}=${cookie.slice(1)}`]];
    case 1:
      return [
        ["Cookie", `a=b; ${name}=${cookie}`],
        ["Cookie", `${name}=${cookie.slice(0, -1)}`],
      ];
    case 2:
      return [["Authorization", `Bearer ${cookie}`]];
    case 3:
      return [["Cookie", `${"a=b; ".repeat(chance.below(400))}${name}=${cookie}`]];
    case 4:
      return [["Cookie", `throughline-login=${cookie}; ${name}="${cookie}"`]];
    default:
      return [["Cookie", `${name}=${cookie}`]];
  }
}

function isSame(made: string, whole: string): boolean {
  const bytes = (text: string) =>
    text.split(".").map((part) => Buffer.from(part, "base64url").toString("hex"));
  const own = bytes(whole);
  return bytes(made.split(/[;\s]/)[0] ?? "").every((part, i) => part === own[i]);
}
