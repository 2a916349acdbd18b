/** For tests only: every handler of `app/`, behind whatever stands in front of Node's server, as Next would call it. */
import { readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Response | Promise<Response>;

interface Route {
  /** `/api/v1/clusters/{id}/graph` */
  readonly name: string;
  readonly pattern: RegExp;
  readonly params: readonly string[];
  readonly handlers: Readonly<Record<string, unknown>>;
}

export interface Served {
  readonly url: string;
  /** Every handler by method and route: `GET /api/v1/clusters`. */
  readonly operations: readonly string[];
  readonly close: () => void;
}

const app = path.resolve(import.meta.dirname, "../../app");
const methods = ["GET", "POST"];

export async function serveRoutes(): Promise<Served> {
  const routes = await Promise.all(
    readdirSync(app, { recursive: true, encoding: "utf8" })
      .filter((file) => /(^|\/)route\.tsx?$/.test(file))
      .map(routeOf),
  );
  const server = createServer((request, response) => {
    answer(routes, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    operations: routes.flatMap(({ name, handlers }) =>
      methods.filter((method) => method in handlers).map((method) => `${method} ${name}`),
    ),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function routeOf(file: string): Promise<Route> {
  const folder = `/${path.dirname(file)}`;
  const params = [...folder.matchAll(/\[(\w+)\]/g)].map(([, name = ""]) => name);
  return {
    name: folder.replaceAll(/\[(\w+)\]/g, "{$1}"),
    pattern: new RegExp(`^${folder.replaceAll(/\[\w+\]/g, "([^/]+)")}$`),
    params,
    handlers: await import(path.join(app, file)),
  };
}

async function answer(
  routes: readonly Route[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method = "GET", headers } = incoming;
  const url = new URL(incoming.url ?? "/", `http://${headers.host}`);
  const route = routes.find(({ pattern }) => pattern.test(url.pathname));
  const handler = route?.handlers[method];
  if (route === undefined || typeof handler !== "function") {
    outgoing.writeHead(404).end();
    return;
  }
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) given.set(name, String(value));
  const request = new Request(url, {
    method,
    headers: given,
    signal: gone.signal,
    ...(method === "GET" ? {} : { body: Readable.toWeb(incoming), duplex: "half" }),
  } as RequestInit);
  const values = route.pattern.exec(url.pathname)?.slice(1) ?? [];
  const params = Object.fromEntries(
    route.params.map((name, i) => [name, decodeURIComponent(values[i] ?? "")]),
  );
  const response = await (handler as Handler)(request, { params: Promise.resolve(params) });
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (response.body === null) outgoing.end();
  else await send(response.body, outgoing, gone.signal).catch(() => outgoing.destroy());
}

async function send(
  body: ReadableStream<Uint8Array>,
  outgoing: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  gone.addEventListener("abort", () => void reader.cancel().catch(() => {}));
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (outgoing.destroyed) return;
    outgoing.write(chunk.value);
  }
  outgoing.end();
}
