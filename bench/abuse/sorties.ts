/** What is sent where, and how much of it. */
import type { Chance } from "../cluster/chance.ts";
import type { Archive } from "./archives.ts";
import { type Attack, member } from "./attack.ts";
import { type Cookies, cookieAttack, secret } from "./cookies.ts";
import { proxyAttack, rebindingAttack } from "./headers.ts";
import { linkAttack } from "./links.ts";
import type { Manifests } from "./manifests.ts";
import { requestAttack } from "./requests.ts";
import { archiveOf, manifestOf, uploadAttack } from "./uploads.ts";

/** What attacks are made from. */
export interface Stock {
  readonly manifests: Manifests;
  readonly cookies: Cookies;
}

interface Common {
  /** Names a case together with its number and the seed. */
  readonly name: string;
  /** Of all that is sent. */
  readonly share: number;
}

export type Sortie =
  | (Common & {
      readonly kind: "sent";
      readonly target: Target;
      readonly make: (chance: Chance, host: string, stock: Stock, number: number) => Attack;
    })
  /** Read and answered about in this process, where HTTP adds nothing. */
  | (Common & {
      readonly kind: "dropped";
      readonly make: (chance: Chance, stock: Stock, number: number) => Archive;
    });

export type Target = keyof typeof targets;

/** How the server is set up. None of its logins is ever begun: whoever comes in came in by the attack. */
export const targets = {
  loopback: { THROUGHLINE_AUTH: "loopback" },
  token: { THROUGHLINE_AUTH: "token", THROUGHLINE_TOKEN: secret, THROUGHLINE_HOSTS: "127.0.0.1" },
  oidc: {
    THROUGHLINE_AUTH: "oidc",
    THROUGHLINE_URL: "http://127.0.0.1",
    // Nobody listens there.
    THROUGHLINE_OIDC_ISSUER: "http://127.0.0.1:9",
    THROUGHLINE_OIDC_CLIENT_ID: "throughline",
    THROUGHLINE_SESSION_SECRET: secret,
  },
  proxy: {
    THROUGHLINE_AUTH: "proxy",
    THROUGHLINE_PROXY_FROM: "127.0.0.1/32",
    THROUGHLINE_HOSTS: "127.0.0.1",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** So that what is sent is judged by what it is, and not by how much of it comes from one address. */
export const raisedLimits = {
  THROUGHLINE_LIMIT_STREAMS: "10000",
  THROUGHLINE_LIMIT_QUESTIONS: "10000",
  THROUGHLINE_LIMIT_UPLOADS: "100",
  THROUGHLINE_LIMIT_PER_MINUTE: "1000000",
} as const;

const unseen = (attack: Attack): Attack => ({ ...attack, maySee: false });

export const sorties: readonly Sortie[] = [
  { name: "requests", share: 0.15, kind: "sent", target: "loopback", make: requestAttack },
  {
    name: "requests-nobody",
    share: 0.1,
    kind: "sent",
    target: "token",
    make: (chance, host) => unseen(requestAttack(chance, host)),
  },
  {
    name: "requests-unproxied",
    share: 0.05,
    kind: "sent",
    target: "proxy",
    make: (chance, host) => unseen(requestAttack(chance, host)),
  },
  {
    name: "rebinding",
    share: 0.02,
    kind: "sent",
    target: "loopback",
    make: (chance, host) => rebindingAttack(chance, host),
  },
  // Where people sign in, in the name of somebody who has: a server that has a name answers under no other.
  {
    name: "rebinding-token",
    share: 0.01,
    kind: "sent",
    target: "token",
    make: (chance, host) => rebindingAttack(chance, host, [["Authorization", `Bearer ${secret}`]]),
  },
  {
    name: "rebinding-oidc",
    share: 0.01,
    kind: "sent",
    target: "oidc",
    make: (chance, host, { cookies }) =>
      rebindingAttack(chance, host, [["Cookie", `throughline-session=${cookies.whole}`]]),
  },
  {
    name: "rebinding-proxy",
    share: 0.01,
    kind: "sent",
    target: "proxy",
    make: (chance, host) => rebindingAttack(chance, host, [["X-Forwarded-User", member]]),
  },
  { name: "identity", share: 0.15, kind: "sent", target: "proxy", make: proxyAttack },
  {
    name: "cookies",
    share: 0.1,
    kind: "sent",
    target: "oidc",
    make: (chance, host, { cookies }) => cookieAttack(chance, host, cookies),
  },
  {
    name: "cookies-token",
    share: 0.05,
    kind: "sent",
    target: "token",
    make: (chance, host, { cookies }) => cookieAttack(chance, host, cookies),
  },
  { name: "links", share: 0.12, kind: "sent", target: "loopback", make: linkAttack },
  {
    name: "manifests",
    share: 0.03,
    kind: "sent",
    target: "loopback",
    make: (chance, host, { manifests }, number) =>
      uploadAttack(chance, host, manifestOf(chance, manifests, number)),
  },
  {
    name: "archives",
    share: 0.04,
    kind: "sent",
    target: "loopback",
    make: (chance, host, { manifests }, number) =>
      uploadAttack(chance, host, archiveOf(chance, manifests, number)),
  },
  {
    name: "manifests-read",
    share: 0.12,
    kind: "dropped",
    make: (chance, { manifests }, number) => manifestOf(chance, manifests, number),
  },
  {
    name: "archives-read",
    share: 0.04,
    kind: "dropped",
    make: (chance, { manifests }, number) => archiveOf(chance, manifests, number),
  },
];

/** The same case on every run and machine. */
export function seedOf(seed: number, name: string, number: number): number {
  let hash = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b);
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash ^ (hash >>> 15);
}
