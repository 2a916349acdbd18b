/** What stands between a kubeconfig and an answer: TLS, certificates, tokens, exec plugins. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { ServerOptions } from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "#lib/testing/make-certificate.ts";
import type { SourceFailure, SourceResult } from "../source.ts";
import {
  type Answer,
  apiStandIn,
  readCluster,
  type StandIn,
  send,
  sendStatus,
  writeKubeconfig,
} from "./api-stand-in.ts";
import { kubeSource } from "./kube-source.ts";

const decade = { from: "2020-01-01T00:00:00Z", until: "2049-01-01T00:00:00Z" };
const ca = makeCertificate({ name: "ca", ...decade });
const otherCa = makeCertificate({ name: "other-ca", ...decade });
const serverCert = makeCertificate({ name: "server", ...decade, issuer: ca });
const expiredServer = makeCertificate({
  name: "server",
  from: "2020-01-01T00:00:00Z",
  until: "2021-01-01T00:00:00Z",
  issuer: ca,
});
const client = makeCertificate({ name: "client", ...decade, issuer: ca });
const expiredClient = makeCertificate({
  name: "client",
  from: "2020-01-01T00:00:00Z",
  until: "2021-02-03T04:05:06Z",
  issuer: ca,
});

const folder = mkdtempSync(join(tmpdir(), "credentials-"));
const open: StandIn[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(answers: Readonly<Record<string, Answer>> = {}, tls?: ServerOptions): Promise<StandIn> {
  const server = await apiStandIn(answers, tls);
  open.push(server);
  return server;
}

const base64 = (pem: string) => Buffer.from(pem).toString("base64");
const withCa = (pem: string) => `certificate-authority-data: ${base64(pem)}`;
const withClient = (made: { cert: string; key: string }) =>
  `{client-certificate-data: ${base64(made.cert)}, client-key-data: ${base64(made.key)}}`;

function failureOf(result: SourceResult): SourceFailure {
  if (result.kind !== "failed") throw new Error("a snapshot came, and a failure was expected");
  // Whatever happens, nothing secret stands in the words.
  expect(JSON.stringify(result.failure)).not.toMatch(/secret-token|BEGIN |PRIVATE|MII|MHc|[A-Za-z0-9+/]{60}/);
  return result.failure;
}

describe("TLS", () => {
  it("reads over TLS with the kubeconfig's CA, and over few connections", async () => {
    const ports = new Set<number | undefined>();
    const server = await serve(
      {
        "/version": (_url: URL, res: ServerResponse) => send(res, { gitVersion: "v1" }),
        "/api/v1/pods": (url: URL, res: ServerResponse, req: IncomingMessage) => {
          ports.add(req.socket.remotePort);
          const page = Number(url.searchParams.get("continue") ?? 0);
          send(res, { metadata: page < 9 ? { continue: String(page + 1) } : {}, items: [] });
        },
      },
      serverCert,
    );
    expect(await readCluster(server.url, { cluster: withCa(ca.cert) })).toMatchObject({ kind: "snapshot" });
    expect(ports.size).toBeLessThan(7);
  });

  it("takes any certificate only where the kubeconfig says so", async () => {
    const server = await serve({}, serverCert);
    expect(await readCluster(server.url, { cluster: "insecure-skip-tls-verify: true" })).toMatchObject({
      kind: "snapshot",
    });
    expect(failureOf(await readCluster(server.url)).code).toBe("tls-untrusted");
  });

  it("verifies with the CA even without a user", async () => {
    const server = await serve({}, serverCert);
    expect(await readCluster(server.url, { cluster: withCa(ca.cert), user: "{}" })).toMatchObject({
      kind: "snapshot",
    });
  });

  it.each([
    ["an unknown CA", serverCert, withCa(otherCa.cert), "tls-untrusted"],
    ["an expired server certificate", expiredServer, withCa(ca.cert), "tls-expired"],
    [
      "a certificate for other names",
      serverCert,
      `${withCa(ca.cert)}, tls-server-name: api.example.com`,
      "tls-wrong-name",
    ],
  ])("names %s", async (_name, cert, cluster, code) => {
    const server = await serve({}, { cert: cert.cert, key: cert.key });
    const failure = failureOf(await readCluster(server.url, { cluster }));
    expect(failure.code).toBe(code);
    expect(failure.title).toContain(new URL(server.url).host);
  });

  it("says so when something without TLS answers to https", async () => {
    const server = await serve();
    const failure = failureOf(await readCluster(server.url.replace("http:", "https:")));
    expect(failure).toMatchObject({
      code: "not-kubernetes",
      detail: expect.stringContaining("does not speak TLS"),
    });
  });

  it.each([
    [
      "data that is not base64 of PEM",
      "certificate-authority-data: bm9uc2Vuc2U=",
      /certificate-authority-data of cluster c is not/,
    ],
    ["a PEM that is cut short", withCa(ca.cert.replace(/\n.*\n-----END/, "\n-----END")), /cut short/],
    [
      "a file that is not there",
      "certificate-authority: missing.crt",
      /missing\.crt, the certificate-authority of cluster c, is not there/,
    ],
  ])("refuses a CA of %s before it sends anything", async (_name, cluster, detail) => {
    const server = await serve({}, serverCert);
    const failure = failureOf(await readCluster(server.url, { cluster }));
    expect(failure.code).toBe("kubeconfig-invalid");
    expect(failure.detail).toMatch(detail);
    expect(server.requests).toEqual([]);
  });
});

describe("client certificates", () => {
  const tls = { ...serverCert, ca: ca.cert, requestCert: true, rejectUnauthorized: false };
  /** As an API server does: who has no certificate, or a bad one, is simply nobody. */
  const who: Answer = (_url: URL, res: ServerResponse, req: IncomingMessage) => {
    const trusted = "authorized" in req.socket && req.socket.authorized === true;
    return trusted ? send(res, { gitVersion: "v1" }) : sendStatus(res, 401, "Unauthorized");
  };

  it("sends the one in the kubeconfig", async () => {
    const server = await serve({ "/version": who }, tls);
    expect(
      await readCluster(server.url, { cluster: withCa(ca.cert), user: withClient(client) }),
    ).toMatchObject({ kind: "snapshot" });
  });

  it("says when the one in the kubeconfig expired", async () => {
    const server = await serve({ "/version": who }, tls);
    const failure = failureOf(
      await readCluster(server.url, { cluster: withCa(ca.cert), user: withClient(expiredClient) }),
    );
    expect(failure).toMatchObject({
      code: "credentials-expired",
      title: "The client certificate of context test expired on 2021-02-03.",
      detail: expect.stringContaining("2021-02-03 04:05 UTC"),
    });
  });

  it("mentions it where the server closes the connection without a word", async () => {
    const server = await serve({}, { ...tls, rejectUnauthorized: true });
    const failure = failureOf(
      await readCluster(server.url, { cluster: withCa(ca.cert), user: withClient(expiredClient) }),
    );
    expect(failure).toMatchObject({
      code: "cluster-disconnected",
      detail: expect.stringContaining("The client certificate of context test expired on 2021-02-03."),
    });
  });

  it.each([
    [
      "a key that belongs to another certificate",
      withClient({ cert: client.cert, key: otherCa.key }),
      /does not belong/,
    ],
    [
      "a key that is no key",
      `{client-certificate-data: ${base64(client.cert)}, client-key-data: bm9uc2Vuc2U=}`,
      /client-key-data of user u/,
    ],
    ["a certificate without a key", `{client-certificate-data: ${base64(client.cert)}}`, /has no client-key/],
  ])("refuses %s", async (_name, user, detail) => {
    const failure = failureOf(await readCluster("https://127.0.0.1:1", { user }));
    expect(failure.code).toBe("kubeconfig-invalid");
    expect(failure.detail).toMatch(detail);
  });
});

describe("proxies", () => {
  /** Sends every CONNECT on to the stand-in, whatever host it asks for. */
  async function proxyTo(target: string) {
    const asked: string[] = [];
    const proxy = http.createServer().on("connect", (req, socket) => {
      asked.push(req.url ?? "");
      const on = net.connect(Number(new URL(target).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        on.pipe(socket).pipe(on);
      });
      on.on("error", () => socket.destroy());
      socket.on("error", () => on.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    open.push({
      url: "",
      requests: [],
      close: async () => {
        proxy.close();
        proxy.closeAllConnections();
      },
    });
    const address = proxy.address();
    return { asked, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}` };
  }
  const named = `${withCa(ca.cert)}, tls-server-name: localhost`;

  it("goes through the proxy that the kubeconfig names", async () => {
    const server = await serve({}, serverCert);
    const proxy = await proxyTo(server.url);
    const result = await readCluster("https://api.cluster.test", {
      cluster: `${named}, proxy-url: "${proxy.url}"`,
    });
    expect(result.kind).toBe("snapshot");
    expect(new Set(proxy.asked)).toEqual(new Set(["api.cluster.test:443"]));
  });

  it("goes through HTTPS_PROXY as kubectl does, but never for loopback", async () => {
    const server = await serve({}, serverCert);
    const proxy = await proxyTo(server.url);
    const env = { HTTPS_PROXY: proxy.url };
    expect((await readCluster("https://api.cluster.test", { cluster: named, env })).kind).toBe("snapshot");
    expect(proxy.asked.length).toBeGreaterThan(0);
    proxy.asked.length = 0;
    expect((await readCluster(server.url, { cluster: named, env })).kind).toBe("snapshot");
    expect(proxy.asked).toEqual([]);
  });
});

describe("tokens, passwords, impersonation", () => {
  async function headersWith(user: string, files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    let headers: IncomingMessage["headers"] = {};
    const server = await serve({
      "/version": (_url: URL, res: ServerResponse, req: IncomingMessage) => {
        headers = req.headers;
        send(res, {});
      },
    });
    expect(await readCluster(server.url, { user })).toMatchObject({ kind: "snapshot" });
    return headers;
  }

  it("sends what the user has", async () => {
    expect((await headersWith("{token: abc}")).authorization).toBe("Bearer abc");
    expect((await headersWith("{username: a, password: b}")).authorization).toBe(`Basic ${base64("a:b")}`);
    expect((await headersWith("{}")).authorization).toBeUndefined();
    expect(await headersWith("{token: abc, as: jane, as-groups: [dev, ops]}")).toMatchObject({
      "impersonate-user": "jane",
      "impersonate-group": "dev, ops",
    });
  });

  it("reads a token file, without the line's end, and rather than the token", async () => {
    const user = `{token: old, tokenFile: ${join(folder, "token")}}`;
    expect((await headersWith(user, { token: "fresh\n" })).authorization).toBe("Bearer fresh");
    const failure = failureOf(
      await readCluster("http://127.0.0.1:1", { user: "{tokenFile: /nowhere/token}" }),
    );
    expect(failure.detail).toBe("/nowhere/token could not be read (ENOENT).");
  });

  it("says so when an OIDC provider cannot be reached, and tells no token", async () => {
    const config =
      "{idp-issuer-url: 'https://127.0.0.1:1', client-id: c, refresh-token: secret-token, id-token: a.eyJleHAiOjF9.c}";
    const header = "eyJhbGciOiJub25lIn0";
    const user = `{auth-provider: {name: oidc, config: ${config.replace("a.ey", `${header}.ey`)}}}`;
    const failure = failureOf(await readCluster("http://127.0.0.1:1", { user }));
    expect(failure).toMatchObject({
      code: "credentials-unavailable",
      title: "The auth provider oidc gave no credentials.",
    });
  });
});

describe("exec plugins", () => {
  const script = join(folder, "plugin.mjs");
  writeFileSync(
    script,
    `
import { appendFileSync } from "node:fs";
const [how, log] = process.argv.slice(2);
if (log) appendFileSync(log, "ran\\n");
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const answer = (status) => console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: "ExecCredential", status }));
if (how === "token") answer({ token: process.env.GIVEN ?? "from-plugin" });
if (how === "until") answer({ token: "from-plugin", expirationTimestamp: "2026-01-01T01:00:00Z" });
if (how === "cluster") answer({ token: info.spec.cluster.server.split(":")[0] });
if (how === "empty") answer({});
if (how === "text") console.log("Welcome");
if (how === "hang") setInterval(() => {}, 1000);
if (how === "fail") {
  console.error("refreshing secret-token-value");
  console.error("AADSTS700082: The refresh token has expired, token=secret-token-value; run: az login");
  process.exit(3);
}
`,
  );
  const exec = (args: string, more = "") =>
    `{exec: {apiVersion: client.authentication.k8s.io/v1, command: ${process.execPath}, args: [${script}, ${args}], interactiveMode: Never${more}}}`;

  const bearer =
    (token: string): Answer =>
    (_url: URL, res: ServerResponse, req: IncomingMessage) =>
      req.headers.authorization === `Bearer ${token}`
        ? send(res, { gitVersion: "v1" })
        : sendStatus(res, 401, "Unauthorized");

  it("sends the token that the plugin gives, and tells it of the cluster where it asks", async () => {
    const server = await serve({ "/version": bearer("from-plugin") });
    expect(await readCluster(server.url, { user: exec("token") })).toMatchObject({ kind: "snapshot" });
    const named = await serve({ "/version": bearer("by-env") });
    expect(
      await readCluster(named.url, { user: exec("token", ", env: [{name: GIVEN, value: by-env}]") }),
    ).toMatchObject({ kind: "snapshot" });
    const told = await serve({ "/version": bearer("http") });
    expect(
      await readCluster(told.url, { user: exec("cluster", ", provideClusterInfo: true") }),
    ).toMatchObject({ kind: "snapshot" });
  });

  it("names the binary that is missing and how to install it", async () => {
    const user =
      "{exec: {command: kubectl-no-such-login, installHint: 'Install it with: brew install no-such-login'}}";
    expect(failureOf(await readCluster("http://127.0.0.1:1", { user }))).toMatchObject({
      code: "exec-plugin-missing",
      title: "The credential plugin kubectl-no-such-login is not installed.",
      remedy: "Install it with: brew install no-such-login",
    });
  });

  it.each([
    ["fails", exec("fail"), /ended with exit code 3: AADSTS700082: .*run: az login$/],
    ["prints something else", exec("text"), /did not print JSON/],
    ["gives nothing", exec("empty"), /neither a token nor a client certificate/],
    ["does not answer", exec("hang"), /had not answered after 1 s/],
    ["cannot be started", "{exec: {command: /}}", /could not be started|ended with/],
    ["needs a terminal", exec("token").replace("Never", "Always"), /terminal/],
  ])("says what is wrong when the plugin %s", async (_name, user, detail) => {
    const failure = failureOf(
      await readCluster("http://127.0.0.1:1", { user, execTimeoutMs: user.includes("hang") ? 600 : 10_000 }),
    );
    expect(failure.code).toBe("exec-plugin-failed");
    expect(failure.detail).toMatch(detail);
  });

  it("keeps a credential until shortly before its end, and asks again for one that is refused", async () => {
    let accepted = "from-plugin";
    const server = await serve({
      "/version": (url: URL, res: ServerResponse, req: IncomingMessage) => {
        const answer = bearer(accepted);
        if (typeof answer === "function") answer(url, res, req);
      },
    });
    const log = join(folder, "runs");
    const config = writeKubeconfig(`
clusters: [{name: c, cluster: {server: "${server.url}"}}]
users: [{name: u, user: ${exec(`until, ${log}`)}}]
contexts: [{name: test, context: {cluster: c, user: u}}]
`);
    let now = Date.parse("2026-01-01T00:00:00Z");
    const context = { id: "test", name: "test", server: "", user: "u", current: true };
    const source = kubeSource(context, {
      clock: () => now,
      env: { PATH: process.env.PATH, KUBECONFIG: config.path },
    });
    const { readFileSync } = await import("node:fs");
    const runs = () => readFileSync(log, "utf8").split("\n").length - 1;
    const read = () => source.read(() => {}, new AbortController().signal);
    expect((await read()).kind).toBe("snapshot");
    expect((await read()).kind).toBe("snapshot");
    expect(runs()).toBe(1);
    now = Date.parse("2026-01-01T00:59:30Z");
    expect((await read()).kind).toBe("snapshot");
    expect(runs()).toBe(2);
    now = Date.parse("2026-01-01T00:10:00Z");
    accepted = "another";
    expect(failureOf(await read()).code).toBe("credentials-rejected");
    expect(runs()).toBe(3);
    config.remove();
  });
});
