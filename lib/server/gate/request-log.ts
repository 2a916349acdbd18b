/** One line for every request, written when it is over. */
import { createHmac, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AccessSettings } from "../auth/auth-settings.ts";
import type { Identity } from "../auth/identity.ts";
import type { Log, LogLevel } from "../log.ts";
import { audit } from "./audit.ts";
import { isFrom } from "./gate.ts";
import type { InRequest } from "./in-request.ts";

/** Where an id is taken over from, and given back as. */
export const requestIdHeader = "x-request-id";

/** The proxy's own id where there is a proxy to be believed, so that its log and this one can be laid side by side. */
export function requestIdOf(
  headers: IncomingHttpHeaders,
  peer: string | undefined,
  { auth }: Pick<AccessSettings, "auth">,
): string {
  const given = headers[requestIdHeader];
  const isBelieved =
    auth.mode === "proxy" &&
    isFrom(peer, auth.from) &&
    typeof given === "string" &&
    /^[A-Za-z0-9_-]{8,64}$/.test(given);
  return isBelieved ? given : randomBytes(9).toString("base64url");
}

/**
 * A pseudonym for each person (each address, where all have the same token): the same in all lines, so that one can see
 * what one of them does, without a record of who looked at what and when. With the session secret, so that replicas
 * have the same; a proxy's users have another in each process.
 */
export function pseudonymsOf({ auth }: Pick<AccessSettings, "auth">): (who: string) => string | undefined {
  if (auth.mode === "loopback") return () => undefined;
  const secret = auth.mode === "proxy" ? randomBytes(32) : auth.sessions.secret;
  return (who) => createHmac("sha256", secret).update(`who ${who}`).digest("base64url").slice(0, 10);
}

export type WhoLogged = (identity: Identity | undefined, who: string) => Pick<InRequest, "who" | "user">;

export function whoLogged(access: Pick<AccessSettings, "auth">): WhoLogged {
  const pseudonym = pseudonymsOf(access);
  return (identity, who) => ({ who: pseudonym(who), user: identity?.user });
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Asked for every few seconds, or many times for each page: only of interest to who looks for a fault here. */
const quiet = new Set(["static", "/healthz", "/readyz", "/metrics"]);

export interface Outcome {
  /** Set where the gate said no: the problem's short name. */
  refused?: string | undefined;
  /** Where no answer could be sent in the usual way. */
  status?: number | undefined;
}

/** Has the line, and the audit line of an export, written once the answer is over or its reader gone. */
export function logWhenOver(
  request: IncomingMessage,
  response: ServerResponse,
  known: InRequest,
  outcome: Outcome,
  log: Log,
): void {
  const startedMs = performance.now();
  response.once("close", () => {
    const status = outcome.status ?? response.statusCode;
    log(levelOf(known.route, status), "request", {
      request: known.id,
      method: methods.has(request.method ?? "") ? request.method : "other",
      route: known.route,
      status,
      ms: Math.round(performance.now() - startedMs),
      who: known.who,
      refused: outcome.refused,
      ...(response.writableFinished || outcome.status !== undefined ? {} : { cut: true }),
    });
    if (status < 300 && outcome.refused === undefined) auditOf(request, response, known);
  });
}

function levelOf(route: string, status: number): LogLevel {
  if (status >= 500) return "warn";
  return quiet.has(route) ? "debug" : "info";
}

/** What leaves as a file, or comes in as one. What a page makes of an answer that it has (Markdown, PNG) is made there. */
function auditOf({ method, url = "" }: IncomingMessage, response: ServerResponse, known: InRequest): void {
  const { pathname, searchParams } = new URL(url, "http://x");
  const format = searchParams.get("format");
  const whole = response.writableFinished;
  const cluster = /^\/api\/v1\/clusters\/([^/]+)\//.exec(pathname)?.[1];
  const { route } = known;
  if (route === "/trace/picture") {
    audit("export", { what: "picture", cluster: searchParams.get("cluster") ?? undefined, whole }, known);
  } else if (route === "/api/v1/clusters" && method === "POST") {
    audit("file opened", {}, known);
  } else if (format !== null && format !== "" && cluster !== undefined && exporting.has(route)) {
    audit("export", { what: format, cluster: decoded(cluster), whole }, known);
  }
}

/** Routes that answer with a file where `format` asks for one; they answer 400 to formats that they do not know. */
const exporting = new Set(["/api/v1/clusters/{id}/graph", "/api/v1/clusters/{id}/reachability"]);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
