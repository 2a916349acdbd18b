import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server, ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import { wait } from "../wait.ts";

export interface EndingTimes {
  /** So long new requests are still taken, while whatever leads them here learns of the end. */
  readonly drainMs: number;
  /** Answers under way have so long, after that. */
  readonly patienceMs: number;
}

export interface Ends {
  /** Resolves when everything is answered, or time is up. The second call hurries the first. */
  end(): Promise<void>;
  /** Watches no more; for tests. */
  stop(): void;
}

/** How often connections that have become idle are let go. */
const sweepMs = 50;

/**
 * Ends this process's HTTP servers so that nobody is cut off: `ending` is aborted at once (not ready, streams end with
 * word to come back), requests are taken for `drainMs` more, and what is under way then is finished. Servers make
 * themselves known by the first request that they take: Next gives no other hold of its own.
 */
export function endGracefully(ending: AbortController, { drainMs, patienceMs }: EndingTimes, log: Log): Ends {
  const servers = new Set<Server>();
  const hurry = new AbortController();
  const onRequest = (message: unknown) => {
    const { server, response } = partsOf(message);
    if (server !== undefined) servers.add(server);
    // Whoever asks again is to ask the one who comes after.
    if (ending.signal.aborted) response?.setHeader("connection", "close");
  };
  subscribe("http.server.request.start", onRequest);

  async function end(): Promise<void> {
    if (ending.signal.aborted) {
      hurry.abort();
      return;
    }
    log("info", "ending: no longer ready", { drainMs });
    ending.abort();
    await wait(drainMs, hurry.signal);
    const closed = Promise.all([...servers].map(closedServer));
    const sweep = setInterval(() => {
      for (const server of servers) server.closeIdleConnections();
    }, sweepMs);
    const all = await Promise.race([
      closed.then(() => true),
      wait(patienceMs, hurry.signal).then(() => false),
    ]);
    clearInterval(sweep);
    for (const server of servers) server.closeAllConnections();
    log(
      all ? "info" : "warn",
      all ? "ended: everything was answered" : "ended: some were not answered in time",
    );
  }

  return { end, stop: () => void unsubscribe("http.server.request.start", onRequest) };
}

function closedServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Closed already is closed as well.
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function partsOf(message: unknown): { readonly server?: Server; readonly response?: ServerResponse } {
  if (typeof message !== "object" || message === null) return {};
  const { server, response }: { server?: unknown; response?: unknown } = message;
  return {
    ...(server instanceof Server ? { server } : {}),
    ...(response instanceof ServerResponse ? { response } : {}),
  };
}
