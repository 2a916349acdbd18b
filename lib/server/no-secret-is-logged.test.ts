/** Every route is asked with secrets wherever a request and a cluster can hold some; the log has none of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { snapshotFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { serveRegistry, serveSourcesLogged, sourceOf } from "#lib/testing/serve-clusters.ts";
import { type Served, serveRoutes } from "#lib/testing/serve-routes.ts";
import { readAccess } from "./auth/auth-settings.ts";
import { sealSession, sessionCookie } from "./auth/session-cookie.ts";
import { consoleToLog } from "./console-to-log.ts";
import { installGate } from "./gate/install.ts";
import { forgetGate } from "./gate/passed.ts";
import { readRequestLimits } from "./gate/request-limits.ts";
import { createLog } from "./log.ts";

/** What may be in no line. Each is a word of its own, so that a line says where it got out. */
const canaries = {
  token: "canary-token-of-the-team",
  secret: "canary-session-secret-of-32-letters",
  label: "canary-label",
  annotation: "canary-annotation",
  env: "canary-env",
  query: "canary-query",
  path: "canary-path",
  cookie: "canary-cookie",
  bearer: "canary-bearer",
  header: "canary-header",
  body: "canary-body",
  guess: "canary-guess-of-the-token",
  thrown: "canary-thrown",
} as const;

const yaml = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {a: ${canaries.label}}, annotations: {b: ${canaries.annotation}}}
spec: {selector: {a: ${canaries.label}}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {a: ${canaries.label}x}}
spec: {containers: [{name: web, image: web, env: [{name: PASSWORD, value: ${canaries.env}}]}]}
`;

const env = {
  THROUGHLINE_AUTH: "token",
  THROUGHLINE_TOKEN: canaries.token,
  THROUGHLINE_SESSION_SECRET: canaries.secret,
};
const lineSchema = z.looseObject({
  level: z.string(),
  time: z.iso.datetime(),
  msg: z.string(),
  request: z.string().optional(),
  who: z.string().optional(),
});

const lines: string[] = [];
const restore: (() => void)[] = [];
let served: Served;
let sealed: string;

beforeAll(async () => {
  const access = readAccess(env);
  const limits = readRequestLimits({});
  if (access.kind === "invalid" || limits.kind === "invalid" || access.access.auth.mode !== "token")
    throw new Error("settings");
  Object.assign(process.env, env);
  restore.push(() => {
    for (const name of Object.keys(env)) delete process.env[name];
  });
  for (const stream of [process.stderr, process.stdout]) {
    const { write } = stream;
    stream.write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    restore.push(() => void Object.assign(stream, { write }));
  }
  const { error, warn } = console;
  restore.push(() => void Object.assign(console, { error, warn }));
  const log = createLog("debug");
  consoleToLog(log);
  installGate(access.access, limits.limits, log);
  serveSourcesLogged(
    log,
    sourceOf("prod", { kind: "snapshot", snapshot: snapshotFromYaml(yaml, "cluster") }),
    {
      ...sourceOf("broken", new Promise(() => {})),
      read: async () => {
        throw new Error(`cannot read ${canaries.thrown}`);
      },
    },
    {
      ...sourceOf("nonsense", new Promise(() => {})),
      read: async () => JSON.parse(`{"labels": ${canaries.thrown}}`),
    },
  );
  sealed = await sealSession({ user: "token", groups: [] }, access.access.auth.sessions, Date.now());
  served = await serveRoutes();
});
afterAll(() => {
  served.close();
  serveRegistry(undefined);
  forgetGate();
  for (const each of restore) each();
});

const { query, path } = canaries;
/** Addresses for each operation: as it is meant, and with secrets in place of what it expects. */
const asked: Readonly<Record<string, readonly string[]>> = {
  "GET /api/v1/clusters": [`?a=${query}`],
  "POST /api/v1/clusters": ["?name=dump.yaml", "?name=dump.json", "?name=dump.tar.gz", ""],
  "GET /api/v1/clusters/{id}/graph": [
    `/prod/graph?ns=${query}`,
    "/prod/graph?format=svg",
    `/prod/graph?format=${query}`,
    `/${path}/graph`,
    "/broken/graph",
    "/nonsense/graph",
  ],
  "GET /api/v1/clusters/{id}/namespaces": [
    `/prod/namespaces?a=${query}`,
    `/${path}/namespaces`,
    "/broken/namespaces",
  ],
  "GET /api/v1/clusters/{id}/services/{namespace}/{name}": [
    "/prod/services/shop/web",
    `/prod/services/${path}/${path}`,
  ],
  "GET /api/v1/clusters/{id}/objects/{kind}/{namespace}/{name}": [
    "/prod/objects/pod/shop/web-1",
    `/prod/objects/${path}/shop/${path}`,
  ],
  "GET /api/v1/clusters/{id}/findings": ["/prod/findings", `/prod/findings?by=${query}&q=${query}`],
  "GET /api/v1/clusters/{id}/search": [
    `/prod/search?q=a%3D${canaries.label}`,
    `/prod/search?q=${query}&kind=${query}`,
  ],
  "GET /api/v1/clusters/{id}/trace": [
    `/prod/trace?from=internet&to=shop/service/web&port=80&x=${query}`,
    `/prod/trace?from=${query}&to=https://user:${query}@${query}.example.com/`,
  ],
  "GET /api/v1/clusters/{id}/reachability": [
    "/prod/reachability?format=csv",
    `/prod/reachability?to=${query}`,
    `/prod/reachability?by=${query}`,
  ],
  "GET /api/v1/clusters/{id}/stream": [
    `/prod/stream?watch=${encodeURIComponent(`/search?q=${query}`)}`,
    `/prod/stream?watch=${encodeURIComponent("/graph")}&at=${query}`,
    "/broken/stream?watch=%2Fgraph",
  ],
  "GET /api/v1/demo": [""],
  "POST /api/v1/demo": ["", `?a=${query}`],
  "GET /api/v1/openapi.json": [""],
  "GET /healthz": [`?a=${query}`],
  "GET /readyz": [`?a=${query}`],
  "GET /metrics": [`?a=${query}`],
  "GET /auth/me": [""],
  "GET /auth/start": [`?to=${query}`],
  "GET /auth/callback": [`?code=${query}&state=${query}&error=${query}`],
  "POST /auth/token": [`?to=${query}`],
  "POST /auth/logout": [""],
  "GET /trace/picture": [`?from=${query}&to=${query}`, "?from=internet&to=shop/service/web&port=80"],
};

const bodies = [
  `{"do": "${canaries.body}`,
  `token=${canaries.guess}&to=/`,
  yaml.replaceAll("canary", "canary-body"),
  `kind: [${canaries.body}`,
  "",
];

/** Who asks: with each way in, and none. */
const senders = (): readonly Readonly<Record<string, string>>[] => [
  { cookie: `${sessionCookie}=${sealed}; other=${canaries.cookie}` },
  { authorization: `Bearer ${canaries.token}` },
  { authorization: `Bearer ${canaries.bearer}`, cookie: `${sessionCookie}=${canaries.cookie}` },
];

async function ask(
  operation: string,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) {
  const [method = "GET", route = ""] = operation.split(" ");
  const base = route.startsWith("/api/v1/clusters/{id}") ? "/api/v1/clusters" : route;
  const over = new AbortController();
  const response = await fetch(`${served.url}${base}${address}`, {
    method,
    redirect: "manual",
    signal: over.signal,
    headers: {
      "user-agent": canaries.header,
      referer: `http://127.0.0.1/${canaries.header}`,
      "x-anything": canaries.header,
      "x-request-id": canaries.header,
      "x-throughline-identity": canaries.header,
      "last-event-id": canaries.header,
      ...headers,
    },
    ...(method === "GET" ? {} : { body }),
  });
  if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    await response.body?.getReader().read();
    over.abort();
  } else await response.arrayBuffer();
  return response;
}

it("names an address for every handler that there is", () => {
  expect(Object.keys(asked).sort()).toEqual([...served.operations].sort());
});

describe("no line of the log", () => {
  it.each(Object.keys(asked))("holds a secret that came with %s", async (operation) => {
    lines.splice(0);
    const given = operation.startsWith("POST") ? bodies : [""];
    const ids = new Set<string | null>();
    for (const address of asked[operation] ?? [])
      for (const headers of senders())
        for (const body of given) {
          const response = await ask(operation, address, headers, body);
          ids.add(response.headers.get("x-request-id"));
        }
    // Lines are written once answers are over.
    await expect
      .poll(() => lines.filter((line) => line.includes('"msg":"request"')).length)
      .toBeGreaterThanOrEqual(ids.size);
    const all = lines.join("");
    const found = Object.entries(canaries).filter(([, canary]) => all.includes(canary));
    expect(found).toEqual([]);
    expect(all).not.toContain("canary");
    expect(all).not.toContain(sealed.slice(0, 40));
    const parsed = lines.map((line) => lineSchema.parse(JSON.parse(line)));
    const logged = new Set(parsed.filter(({ msg }) => msg === "request").map(({ request }) => request));
    for (const id of ids) expect(logged).toContain(id);
  });

  it("holds one that a request had before it was one", async () => {
    lines.splice(0);
    const { connect } = await import("node:net");
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(served.url).port), "127.0.0.1", () =>
        socket.end(`${path}\r\n\r\n`),
      );
      socket.resume().on("close", () => resolve());
    });
    expect(lines.join("")).toContain('"msg":"no request"');
    expect(lines.join("")).not.toContain("canary");
  });
});

describe("audit lines", () => {
  const audited = () =>
    lines
      .map((line) => z.looseObject({ audit: z.string().optional() }).parse(JSON.parse(line)))
      .filter(({ audit }) => audit !== undefined);
  const [, bearer = {}] = senders();

  it.each([
    [
      "GET /api/v1/clusters/{id}/reachability",
      "/prod/reachability?format=csv",
      { audit: "export", what: "csv" },
    ],
    ["GET /api/v1/clusters/{id}/graph", "/prod/graph?format=svg", { audit: "export", what: "svg" }],
    ["GET /api/v1/clusters/{id}/graph", "/prod/graph?format=mermaid", { audit: "export", what: "mermaid" }],
    ["GET /api/v1/clusters/{id}/graph", "/prod/graph?format=json", { audit: "export", what: "json" }],
    [
      "GET /trace/picture",
      "?from=internet&to=shop/service/web&port=80&cluster=prod",
      { audit: "export", what: "picture", cluster: "prod" },
    ],
    ["POST /api/v1/clusters", "?name=a.yaml", { audit: "file opened" }],
    ["POST /auth/logout", "", { audit: "logout", mode: "token" }],
    ["POST /auth/token", "", { audit: "login refused", mode: "token", why: "wrong token", level: "warn" }],
  ])("are written for %s%s", async (operation, address, line) => {
    lines.splice(0);
    const body = operation.includes("clusters") ? yaml : `token=${canaries.guess}`;
    const { headers } = await ask(operation, address, { ...bearer, origin: served.url }, body);
    await expect.poll(audited).toHaveLength(1);
    expect(audited()[0]).toMatchObject({ ...line, from: "127.0.0.1", request: headers.get("x-request-id") });
  });

  it("are written for a login, with who it is from then on", async () => {
    lines.splice(0);
    const response = await ask("POST /auth/token", "", { origin: served.url }, `token=${canaries.token}`);
    expect(response.headers.get("set-cookie")).toContain(sessionCookie);
    await expect.poll(audited).toMatchObject([{ audit: "login", mode: "token", user: "token" }]);
    const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
    const next = await ask("GET /api/v1/clusters", "", { cookie }, "");
    const id = next.headers.get("x-request-id");
    const whoOf = (request: string | null) =>
      lines
        .map((line) => lineSchema.parse(JSON.parse(line)))
        .find((line) => line.msg === "request" && line.request === request)?.who;
    await expect.poll(() => whoOf(id)).toBeDefined();
    expect(audited()[0]?.who).toBe(whoOf(id));
  });

  it.each(["/prod/graph", "/prod/graph?format=tiff", `/nowhere/graph?format=svg`])(
    "are not written for %s, of which nothing leaves as a file",
    async (address) => {
      lines.splice(0);
      await ask("GET /api/v1/clusters/{id}/graph", address, bearer, "");
      await expect.poll(() => lines.join("")).toContain('"msg":"request"');
      expect(audited()).toEqual([]);
    },
  );
});
