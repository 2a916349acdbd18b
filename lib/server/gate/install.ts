import { randomBytes } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import type { AccessSettings } from "../auth/auth-settings.ts";
import { identityHeader, writeIdentity } from "../auth/identity.ts";
import type { Log } from "../log.ts";
import { browserRules } from "./browser-rules.ts";
import { type Decision, decide, isSecure } from "./gate.ts";

/** Connections beyond these wait in the kernel. */
const mostConnections = 2_000;
/** A sender has so long for the headers, and for all of it (an upload of 2 GB at 2 MB/s). */
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 20 * 60_000;

/**
 * Puts the gate in front of every HTTP server of this process, before Next sees a request: Next has no place of its own
 * where the other end of a connection is known. Called once, as the server starts.
 */
export function installGate(access: AccessSettings, log: Log): void {
  const emit = Server.prototype.emit;
  const limited = new WeakSet<Server>();
  Server.prototype.emit = function (event: string | symbol, ...args: unknown[]): boolean {
    const [request, response] = args as [IncomingMessage, ServerResponse];
    if (event !== "request") return Reflect.apply(emit, this, [event, ...args]);
    if (!limited.has(this)) {
      limited.add(this);
      this.maxConnections = mostConnections;
      this.headersTimeout = headersTimeoutMs;
      this.requestTimeout = requestTimeoutMs;
    }
    void passOn(request, response, access, log).then(
      (passes) => {
        if (passes) Reflect.apply(emit, this, [event, request, response]);
      },
      (error: unknown) => {
        log("error", "a bug stopped a request at the gate", {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        response.writeHead(500).end();
      },
    );
    return true;
  };
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  access: AccessSettings,
  log: Log,
): Promise<boolean> {
  const nonce = randomBytes(16).toString("base64");
  const { auth } = access;
  const rules = browserRules(nonce, isSecure(access), auth.mode === "oidc" ? [auth.issuer.origin] : []);
  for (const [name, value] of Object.entries(rules)) response.setHeader(name, value);
  // Only what comes from here may say who asks, and which scripts are ours.
  delete request.headers[identityHeader];
  request.headers["content-security-policy"] = rules["content-security-policy"];
  request.headers["x-nonce"] = nonce;
  const { method = "GET", url = "/", headers } = request;
  const decision = await decide(
    { method, url, headers, peer: request.socket.remoteAddress },
    access,
    Date.now(),
  );
  switch (decision.kind) {
    case "pass":
      if (decision.identity !== undefined) request.headers[identityHeader] = writeIdentity(decision.identity);
      if (decision.cookie !== undefined) response.appendHeader("set-cookie", decision.cookie);
      return true;
    case "login":
      response.writeHead(303, { location: `/auth/login?to=${encodeURIComponent(decision.to)}` }).end();
      return false;
    case "refuse":
      log("info", "request refused", { type: decision.type, status: decision.status });
      refuse(request, response, decision);
      return false;
  }
}

/** For an API a problem document; for a person the same in words. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, title, detail, remedy }: Extract<Decision, { kind: "refuse" }>,
): void {
  // What was being sent is not waited for.
  request.resume();
  const isPage = (request.headers.accept ?? "").includes("text/html");
  if (isPage) {
    const text = [title, detail, remedy].filter((part) => part !== undefined).join(".\n");
    response
      .writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
      .end(`${text}\n`);
    return;
  }
  response.writeHead(status, { "content-type": "application/problem+json", "cache-control": "no-store" }).end(
    JSON.stringify({
      type: `/problems/${type}`,
      title,
      status,
      detail,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  );
}
