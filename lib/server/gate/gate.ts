/**
 * What every request passes before anything else sees it: whether it comes from where it may, who asks, and what the
 * browser is told never to do with the answer. It decides on plain facts; `install.ts` puts it in front of the server.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { contains, parseCidr } from "#lib/engine/cidr.ts";
import type { AccessSettings } from "../auth/auth-settings.ts";
import type { Identity } from "../auth/identity.ts";
import { cookieOf, openSession, sessionCookie, setCookie } from "../auth/session-cookie.ts";
import type { Arriving, Refusal } from "./refusal.ts";

export type Decision =
  | {
      readonly kind: "pass";
      /** Undefined: the mode does not tell people apart, or the page is for everybody. */
      readonly identity: Identity | undefined;
      /** A renewed session. */
      readonly cookie?: string | undefined;
      /** Whoever asks, nobody has been asked who they are: the answer may say nothing about a cluster. */
      readonly forEverybody?: true;
    }
  | Refusal
  /** To the login, for a page that someone opens in a browser. */
  | { readonly kind: "login"; readonly to: string };

/** Addresses longer than this are no link of ours. */
const longestUrl = 16_000;

/** Where something is sent: a dropped file, the demo's step, the two forms of the login. All else is only read. */
const sentTo = new Set(["/api/v1/clusters", "/api/v1/demo", "/auth/token", "/auth/logout"]);

/** What is for everybody: whether the process lives, the login itself, and files that say nothing about a cluster. */
const forEverybody = [
  /^\/healthz$/,
  /^\/readyz$/,
  /^\/auth\/(login|start|callback|token|me|logout)$/,
  /^\/_next\/static\//,
  /^\/icon\.svg$/,
];

export async function decide(arriving: Arriving, access: AccessSettings, nowMs: number): Promise<Decision> {
  const refused = refusedByPlace(arriving, access);
  if (refused !== undefined) return refused;
  const path = pathOf(arriving.url);
  // Counts of every namespace: where people see their own part, they are for the scraper alone.
  if (path === "/metrics" && (access.auth.mode === "oidc" || access.auth.mode === "proxy"))
    return access.metricsToken !== undefined && hasBearer(arriving, access.metricsToken)
      ? { kind: "pass", identity: undefined }
      : {
          kind: "refuse",
          status: 401,
          type: "metrics-token-needed",
          title: "Metrics are for who has their token",
          detail: "They count findings of all namespaces, and people see their own part.",
          remedy: "Set THROUGHLINE_METRICS_TOKEN, and let Prometheus send it as a bearer token.",
        };
  const known = await knownBy(arriving, access, nowMs);
  if (known.kind === "refuse") return known;
  if (known.kind === "pass") return known;
  if (forEverybody.some((each) => each.test(path)))
    return { kind: "pass", identity: undefined, forEverybody: true };
  if (path === "/metrics" && access.metricsToken !== undefined && hasBearer(arriving, access.metricsToken))
    return { kind: "pass", identity: undefined };
  const isPage = arriving.method === "GET" && (arriving.headers.accept ?? "").includes("text/html");
  if (isPage && access.auth.mode !== "proxy") return { kind: "login", to: arriving.url };
  return {
    kind: "refuse",
    status: 401,
    type: "not-signed-in",
    title: "Nobody is signed in",
    detail:
      access.auth.mode === "proxy"
        ? "The proxy in front of this server sent no user."
        : "The request carries no session that holds.",
    remedy:
      access.auth.mode === "proxy" ? "Sign in at the proxy." : "Open the page in a browser and sign in.",
  };
}

function refusedByPlace(
  { method, url, headers, repeated, peer }: Arriving,
  access: AccessSettings,
): Decision | undefined {
  if (url.length > longestUrl)
    return {
      kind: "refuse",
      status: 414,
      type: "address-too-long",
      title: "The address is too long",
      detail: `It has ${url.length} characters; at most ${longestUrl} are taken.`,
    };
  if (!isPlainPath(pathOf(url)))
    return {
      kind: "refuse",
      status: 400,
      type: "path-not-plain",
      title: "The path is none of this server's",
      detail:
        "It has to begin with a single slash, and to lead nowhere up: no .. and no backslash. What is escaped has to be UTF-8.",
    };
  const takes = methodsOf(pathOf(url));
  if (!takes.includes(method))
    return {
      kind: "refuse",
      status: 405,
      type: "method-not-taken",
      title: "Nothing here is done that way",
      detail: `${method.slice(0, 20)} is not taken here; ${takes.join(" and ")} are.`,
      allow: takes.join(", "),
    };
  if (repeated.has("host"))
    return {
      kind: "refuse",
      status: 400,
      type: "several-hosts",
      title: "The request names several hosts",
      detail: "The header host is there more than once.",
    };
  const host = hostOf(headers.host);
  // Kubelets and Prometheus come to a pod by its address, past any proxy; the latter with a secret that no page has.
  const isProbe = /^\/(healthz|readyz)$/.test(pathOf(url)) || isScrape({ url, headers }, access);
  if (!isProbe && !isOwnHost(host, access))
    return {
      kind: "refuse",
      status: 421,
      type: "host-not-allowed",
      title: "This server does not answer under that name",
      detail: `The request is for ${(headers.host ?? "no host").slice(0, 100)}. A page elsewhere could have had its name lead here.`,
      remedy:
        access.auth.mode === "loopback"
          ? "Open http://127.0.0.1 or http://localhost, with the port."
          : "Open its own address, or add the name to THROUGHLINE_HOSTS.",
    };
  const { origin } = headers;
  const isForeign =
    (origin !== undefined && origin !== "null" && hostAndPort(origin) !== headers.host?.toLowerCase()) ||
    // Our own forms have no origin either, since no page of ours says where it leads from; the browser tells them apart.
    (origin === "null" && method !== "GET" && headers["sec-fetch-site"] !== "same-origin") ||
    (headers["sec-fetch-site"] === "cross-site" && !isNavigation(headers));
  // What a person follows a link to is theirs to see; what a page elsewhere fetches is not that page's.
  if (isForeign)
    return {
      kind: "refuse",
      status: 403,
      type: "foreign-origin",
      title: "A page of another site asked",
      detail: "Throughline answers its own pages only, and whoever calls its API without being a page.",
    };
  if (access.auth.mode === "proxy" && !isProbe && !isFrom(peer, access.auth.from))
    return {
      kind: "refuse",
      status: 403,
      type: "not-through-the-proxy",
      title: "This server takes requests from its proxy only",
      detail: "The headers that say who asks are believed from there alone (THROUGHLINE_PROXY_FROM).",
    };
  return undefined;
}

function isScrape(arriving: Pick<Arriving, "url" | "headers">, { metricsToken }: AccessSettings): boolean {
  return (
    pathOf(arriving.url) === "/metrics" && metricsToken !== undefined && hasBearer(arriving, metricsToken)
  );
}

type Known = Extract<Decision, { kind: "pass" | "refuse" }> | { readonly kind: "nobody" };

async function knownBy(arriving: Arriving, access: AccessSettings, nowMs: number): Promise<Known> {
  const { auth } = access;
  const { headers, repeated } = arriving;
  switch (auth.mode) {
    case "loopback":
      return { kind: "pass", identity: undefined };
    case "token":
      if (hasBearer(arriving, auth.token)) return { kind: "pass", identity: undefined };
      break;
    case "oidc":
      break;
    case "proxy": {
      const user = single(headers[auth.userHeader]);
      if (user === undefined || user === "") return { kind: "nobody" };
      // Two of them: somebody smuggled one past the proxy, and nobody can tell which is whose.
      if (user === "several" || repeated.has(auth.userHeader))
        return {
          kind: "refuse",
          status: 400,
          type: "several-users",
          title: "The request names several users",
          detail: `The header ${auth.userHeader} is there more than once.`,
        };
      // A proxy that puts its own line beside what a client sent would let them choose their groups.
      if (repeated.has(auth.groupsHeader))
        return {
          kind: "refuse",
          status: 400,
          type: "several-groups",
          title: "The request names groups in several places",
          detail: `The header ${auth.groupsHeader} is there more than once; one has to hold all of them, with commas.`,
        };
      const groups = String(headers[auth.groupsHeader] ?? "")
        .split(",")
        .map((group) => group.trim())
        .filter((group) => group !== "");
      return { kind: "pass", identity: { user, groups } };
    }
  }
  const open = await openSession(cookieOf(headers.cookie, sessionCookie), auth.sessions, nowMs);
  if (open === undefined) return { kind: "nobody" };
  return {
    kind: "pass",
    identity: auth.mode === "token" ? undefined : open.identity,
    cookie:
      open.renewed === undefined
        ? undefined
        : setCookie(sessionCookie, open.renewed, auth.sessions.hours * 3600, isSecure(access)),
  };
}

/** Whether people reach it by https, so that cookies are for that alone. */
export function isSecure({ url }: Pick<AccessSettings, "url">): boolean {
  return url?.protocol === "https:";
}

export function sameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

function hasBearer({ headers }: Pick<Arriving, "headers">, secret: string): boolean {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
  return given !== undefined && sameSecret(given.trim(), secret);
}

/** Node joins headers that are there several times with a comma; a user's name has none. */
function single(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = typeof header === "string" ? header : header.join(",");
  return text.includes(",") ? "several" : text.trim();
}

function isOwnHost(host: string | undefined, { auth, hosts }: AccessSettings): boolean {
  if (host === undefined) return false;
  if (isLoopbackName(host)) return auth.mode === "loopback" || hosts.length === 0 || hosts.includes(host);
  if (auth.mode === "loopback") return hosts.includes(host);
  return hosts.length === 0 || hosts.includes(host);
}

export function isLoopbackName(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/** The name in a Host header, without its port; undefined where there is none, or several. */
function hostOf(header: string | undefined): string | undefined {
  if (header === undefined || !/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(header)) return undefined;
  return header
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
}

function hostAndPort(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function isNavigation(headers: IncomingHttpHeaders): boolean {
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

export function isFrom(peer: string | undefined, blocks: readonly string[]): boolean {
  if (peer === undefined) return false;
  // An IPv4 connection to a socket of both families.
  const address = peer.replace(/^::ffff:(?=\d+\.)/i, "");
  const own = parseCidr(address.includes(":") ? `${address}/128` : `${address}/32`);
  if (own === undefined) return false;
  return blocks.some((block) => {
    const cidr = parseCidr(block);
    return cidr !== undefined && contains(cidr, own);
  });
}

/** Frameworks take more of them than a page needs, some with bodies, and not all to a good end. */
function methodsOf(path: string): readonly string[] {
  return sentTo.has(path) ? ["GET", "HEAD", "POST"] : ["GET", "HEAD"];
}

/**
 * Whether a path means the same to whoever resolves it after the gate, which decides by how it begins. Steps up do not
 * (`/auth/../api`), nor does an address with its host, nor what stands for no letters (`%ff`).
 */
function isPlainPath(path: string): boolean {
  if (!/^\/(?![/\\])[^\\#\0- \x7f]*$/.test(path)) return false;
  try {
    decodeURIComponent(path);
  } catch {
    return false;
  }
  return !path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part));
}

function pathOf(url: string): string {
  return url.split("?")[0] ?? "";
}
