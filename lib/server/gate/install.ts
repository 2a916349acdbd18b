import { randomBytes } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { AccessSettings } from "../auth/auth-settings.ts";
import { forEverybodyHeader, identityHeader, writeIdentity } from "../auth/identity.ts";
import { faultOf, type Log } from "../log.ts";
import { routeName } from "../metrics/route-names.ts";
import { answerRefusal, hasBody, refuseOnSocket } from "./answer-refusal.ts";
import { arrivesInTime } from "./arriving-in-time.ts";
import { refusedByBody } from "./body-rules.ts";
import { browserRules } from "./browser-rules.ts";
import { decide, isSecure } from "./gate.ts";
import { type InRequest, runInRequest } from "./in-request.ts";
import { gateMark, markHeader } from "./passed.ts";
import type { Refusal } from "./refusal.ts";
import type { RequestLimits } from "./request-limits.ts";
import {
  logWhenOver,
  type Outcome,
  requestIdHeader,
  requestIdOf,
  type WhoLogged,
  whoLogged,
} from "./request-log.ts";
import { type ShareKind, Shares } from "./shares.ts";
import { shareKindOf, whoAsks } from "./who-asks.ts";

/** Connections beyond these wait in the kernel. */
const mostConnections = 2_000;
/** How often those are looked for whose time is up. */
const sweepMs = 1_000;
/** The request line and all headers; cookies are the longest of them. */
const mostHeaderBytes = 32 * 1024;

export interface GateTimes {
  /** For the headers. */
  readonly headersMs: number;
  /** For a body that is no file. */
  readonly bodyMs: number;
  /** Without a byte of a body. */
  readonly pauseMs: number;
  /** A reader of a stream who takes nothing, not even the sign of life, is gone. */
  readonly unreadMs: number;
}

export const gateTimes: GateTimes = { headersMs: 15_000, bodyMs: 30_000, pauseMs: 30_000, unreadMs: 120_000 };

/**
 * Puts the gate in front of every HTTP server of this process, before Next sees a request: Next has no place of its own
 * where the other end of a connection is known. Called once, as the server starts.
 */
export function installGate(
  access: AccessSettings,
  limits: RequestLimits,
  log: Log,
  times: GateTimes = gateTimes,
): void {
  const gate: Gate = {
    access,
    limits,
    log,
    times,
    shares: new Shares(limits),
    mark: gateMark(),
    whoLogged: whoLogged(access),
  };
  const emit = Server.prototype.emit;
  const limited = new WeakSet<Server>();
  // While developing, the page's own reloading is an upgrade.
  const hasUpgrades = process.env.NODE_ENV === "development";
  const answering = new WeakMap<Duplex, ServerResponse>();
  Server.prototype.emit = function (event: string | symbol, ...args: unknown[]): boolean {
    if (!limited.has(this)) {
      limited.add(this);
      limitServer(this, gate);
    }
    if (event === "clientError") {
      const [error, socket] = args as [NodeJS.ErrnoException, Duplex];
      onClientError(error, socket, answering.get(socket), log);
      return true;
    }
    if (event === "upgrade" && !hasUpgrades) {
      const [, socket] = args as [IncomingMessage, Duplex];
      refuseUpgrade(socket);
      return true;
    }
    if (event !== "request") return Reflect.apply(emit, this, [event, ...args]);
    const [request, response] = args as [IncomingMessage, ServerResponse];
    answering.set(request.socket, response);
    const known: InRequest = {
      id: requestIdOf(request.headers, request.socket.remoteAddress, access),
      route: routeName((request.url ?? "/").split("?")[0] ?? ""),
      peer: request.socket.remoteAddress,
    };
    void passOn(request, response, known, gate).then(
      (passes) => {
        if (passes) runInRequest(known, () => Reflect.apply(emit, this, [event, request, response]));
      },
      (error: unknown) => {
        log("error", "a bug stopped a request at the gate", { request: known.id, ...faultOf(error) });
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      },
    );
    return true;
  };
}

interface Gate {
  readonly access: AccessSettings;
  readonly limits: RequestLimits;
  readonly log: Log;
  readonly times: GateTimes;
  readonly shares: Shares;
  readonly mark: string;
  readonly whoLogged: WhoLogged;
}

/** Next makes the server; its limits are set by the first thing that happens to it. */
function limitServer(server: Server, { limits, times }: Gate): void {
  server.maxConnections = mostConnections;
  server.headersTimeout = times.headersMs;
  server.requestTimeout = limits.uploadMs + times.headersMs;
  // Node looks for them as often as the server was told when it was made, every half minute; Next makes it.
  const before: unknown = Reflect.get(server, "connectionsCheckingInterval");
  const connectionsCheckingInterval = Math.min(typeof before === "number" ? before : sweepMs, sweepMs);
  Object.assign(server, { connectionsCheckingInterval });
  for (const listener of server.listeners("listening"))
    if (listener.name === "setupConnectionsTracking") Reflect.apply(listener, server, []);
  // Neither has a setter; the parser of each connection takes them from here.
  Object.assign(server, { maxHeaderSize: mostHeaderBytes });
}

/** Nothing here is anything but HTTP. Unanswered, the connection would stay for as long as its other end likes. */
function refuseUpgrade(socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  refuseOnSocket(socket, {
    kind: "refuse",
    status: 400,
    type: "no-upgrade",
    title: "Nothing here is anything but HTTP",
    detail: "The request asks for another protocol on its connection (Upgrade).",
  });
}

/** Names that occur more than once among headers as they came, name and value in turn. */
function repeatedIn(raw: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  known: InRequest,
  { access, limits, log, times, shares, mark, whoLogged }: Gate,
): Promise<boolean> {
  const outcome: Outcome = {};
  logWhenOver(request, response, known, outcome, log);
  response.setHeader(requestIdHeader, known.id);
  const nonce = randomBytes(16).toString("base64");
  const { auth } = access;
  const rules = browserRules(nonce, isSecure(access), auth.mode === "oidc" ? [auth.issuer.origin] : []);
  for (const [name, value] of Object.entries(rules)) response.setHeader(name, value);
  // Only what comes from here may say who asks, and which scripts are ours.
  delete request.headers[identityHeader];
  delete request.headers[forEverybodyHeader];
  request.headers[markHeader] = mark;
  request.headers["content-security-policy"] = rules["content-security-policy"];
  request.headers["x-nonce"] = nonce;
  const { method = "GET", url = "/", headers } = request;
  const { peer } = known;
  const decision = await decide(
    { method, url, headers, repeated: repeatedIn(request.rawHeaders), peer },
    access,
    Date.now(),
  );
  const refuse = (refusal: Refusal): false => {
    outcome.refused = refusal.type;
    answerRefusal(request, response, refusal);
    return false;
  };
  if (decision.kind === "refuse") return refuse(decision);
  if (decision.kind === "login") {
    response.writeHead(303, { location: `/auth/login?to=${encodeURIComponent(decision.to)}` }).end();
    return false;
  }
  const who = whoAsks(decision.identity, peer);
  Object.assign(known, whoLogged(decision.identity, who));
  const kind = shareKindOf(method, known.route);
  const tooMuch = refusedByBody({ method, headers }, kind === "upload", limits);
  if (tooMuch !== undefined) return refuse(tooMuch);
  const shared = kind === undefined ? undefined : takeShare(shares, kind, who, response);
  if (shared !== undefined) return refuse(shared);
  if (hasBody(request)) {
    const wholeMs = kind === "upload" ? limits.uploadMs : times.bodyMs;
    const arrived = arrivesInTime(request, { wholeMs, pauseMs: times.pauseMs }, (why) => {
      Object.assign(outcome, { refused: "sent-too-slowly", status: 408 });
      // Whoever answers it has begun, and learns by the closed connection that nobody waits any more.
      if (response.headersSent) request.destroy();
      else refuseOnSocket(request.socket, tooSlow(why, why === "whole" ? wholeMs : times.pauseMs), known.id);
    });
    // Not all that arrives is read to its end; once it is answered, nothing has to be held for it.
    response.once("close", () => {
      if (request.complete) arrived();
    });
  }
  if (kind === "stream") request.socket.setTimeout(times.unreadMs);
  if (decision.identity !== undefined) headers[identityHeader] = writeIdentity(decision.identity);
  if (decision.forEverybody === true) headers[forEverybodyHeader] = "1";
  if (decision.cookie !== undefined) response.appendHeader("set-cookie", decision.cookie);
  return true;
}

/** Undefined: it is taken, and given back once the answer is over or its reader gone. */
function takeShare(
  shares: Shares,
  kind: ShareKind,
  who: string,
  response: ServerResponse,
): Refusal | undefined {
  const share = shares.take(kind, who, Date.now());
  if (share.kind === "refused") {
    const { kind: _, ...said } = share;
    return { kind: "refuse", status: 429, type: "too-many-requests", ...said };
  }
  if (response.closed || response.destroyed) share.release();
  else response.once("close", share.release);
  return undefined;
}

function tooSlow(why: "whole" | "pause", ms: number): Refusal {
  return {
    kind: "refuse",
    status: 408,
    type: "sent-too-slowly",
    title: "What is sent here did not arrive in time",
    detail:
      why === "whole"
        ? `It was not whole after ${inWords(ms)}.`
        : `Nothing more of it arrived for ${inWords(ms)}.`,
    remedy: "Send it again on a faster connection. A packed archive (.tar.gz) is a tenth of the size.",
  };
}

function inWords(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.ceil(ms / 1000)} seconds`;
}

/** What arrived is no request: cut short, too long, too slow, or something else altogether. */
function onClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  response: ServerResponse | undefined,
  log: Log,
): void {
  const isAnswered = response !== undefined && !response.writableEnded && response.headersSent;
  // Gone, or in the middle of an answer, into which nothing may be written.
  if (error.code === "ECONNRESET" || !socket.writable || isAnswered) {
    socket.destroy(error);
    return;
  }
  const refusal = refusalOf(error.code);
  log("info", "no request", { status: refusal.status, refused: refusal.type });
  refuseOnSocket(socket, refusal);
  if (socket instanceof Socket) socket.setTimeout(1_000, () => socket.destroy());
}

function refusalOf(code: string | undefined): Refusal {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return {
        kind: "refuse",
        status: 408,
        type: "sent-too-slowly",
        title: "The request did not arrive in time",
        detail: "Its headers or its body were not whole when time was up.",
        remedy: "Send it again.",
      };
    case "HPE_HEADER_OVERFLOW":
      return {
        kind: "refuse",
        status: 431,
        type: "headers-too-long",
        title: "The address and the headers are too long",
        detail: `Together they may have ${mostHeaderBytes.toLocaleString("en")} bytes.`,
        remedy: "Shorten the link; in a browser, delete the cookies of this address.",
      };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return {
        kind: "refuse",
        status: 413,
        type: "body-too-large",
        title: "The request sends too much",
        detail: "Its pieces have extensions that are too long.",
      };
    default:
      return {
        kind: "refuse",
        status: 400,
        type: "no-request",
        title: "This is no HTTP request that can be read",
        detail: "What arrived does not follow the protocol.",
      };
  }
}
