/**
 * A private key goes nowhere. A Secret that holds one is given through every door, sound and broken in every way that
 * people break files, and nothing of the key is in what was read of it, in any answer, or in what was written down.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { addedClusterSchema } from "#lib/protocol/answers.ts";
import { get, jsonOf } from "#lib/testing/http-answers.ts";
import { makeCertificate } from "#lib/testing/make-certificate.ts";
import { serveRegistry } from "#lib/testing/serve-clusters.ts";
import { systemClock } from "./clock.ts";
import { type Clusters, createClusters } from "./clusters.ts";
import { answerFindings } from "./http/answer-findings.ts";
import { answerGraph } from "./http/answer-graph.ts";
import { answerMatrix } from "./http/answer-matrix.ts";
import { answerMetrics } from "./http/answer-metrics.ts";
import { answerObject } from "./http/answer-object.ts";
import { answerReachability } from "./http/answer-reachability.ts";
import { answerSearch } from "./http/answer-search.ts";
import { answerTrace } from "./http/answer-trace.ts";
import { takeUpload } from "./http/take-upload.ts";
import { createLog } from "./log.ts";
import { engine } from "./session/answers.ts";
import { Session, sessionTimes } from "./session/session.ts";
import { filesSource } from "./sources/files/files-source.ts";
import { apiStandIn, type StandIn, writeKubeconfig } from "./sources/kube/api-stand-in.ts";
import { kubeSource } from "./sources/kube/kube-source.ts";
import type { Source } from "./sources/source.ts";
import { wait } from "./wait.ts";

const made = makeCertificate({
  name: "shop",
  from: "2026-01-01T00:00:00Z",
  until: "2036-01-01T00:00:00Z",
  dnsNames: ["shop.example.com"],
});
const other = makeCertificate({ name: "other", from: "2026-01-01T00:00:00Z", until: "2036-01-01T00:00:00Z" });
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** As it stands in a Secret, in PEM, and as the numbers that it is. */
function spellings(pem: string): readonly string[] {
  const body = pem.replaceAll(/-----[^-]*-----|\s/g, "");
  return [body, base64(pem), Buffer.from(body, "base64").toString("hex")];
}

const length = 16;
const pieces = new Set(
  [made.key, other.key].flatMap((pem) =>
    // The first bytes are the same in every key of this kind, and say nothing.
    spellings(pem).flatMap((text) =>
      Array.from({ length: text.length - length - 60 }, (_, i) => text.slice(i + 60, i + 60 + length)),
    ),
  ),
);

/** The first piece of a key that is in a text. */
function pieceIn(text: string): string | undefined {
  const bare = text.replaceAll(/\\n|\s/g, "");
  for (let i = 0; i + length <= bare.length; i++) {
    const piece = bare.slice(i, i + length);
    if (pieces.has(piece)) return piece;
  }
  return undefined;
}

const data = { "tls.crt": base64(made.cert), "tls.key": base64(made.key) };
const secret = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name,
    namespace: "shop",
    uid: "1",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ data }) },
  },
  type: "kubernetes.io/tls",
  data,
  ...more,
});
const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "web", namespace: "shop", uid: "2" },
  spec: {
    tls: [{ hosts: ["shop.example.com", "other.example.com"], secretName: "shop-tls" }],
    rules: [{ host: "shop.example.com" }],
  },
};
const whole = [
  ingress,
  secret("shop-tls"),
  secret("mismatched", { data: { ...data, "tls.key": base64(other.key) } }),
  secret("plain", { data: undefined, stringData: { "tls.crt": made.cert, "tls.key": made.key } }),
  secret("opaque", { type: "Opaque" }),
  secret("swapped", { data: { "tls.crt": data["tls.key"], "tls.key": data["tls.crt"] } }),
];
const broken = [
  secret("a/b"),
  secret("type", { type: [made.key] }),
  secret("data", { data: made.key }),
  secret("labels", { metadata: { name: "labels", namespace: "shop", labels: [made.key] } }),
  { ...secret("kind"), kind: undefined },
  { ...secret("version"), apiVersion: undefined },
];
const asYaml = (objects: readonly object[]) => objects.map((each) => JSON.stringify(each)).join("\n---\n");
const lines = made.key.trim().split("\n");
const brokenText = [
  // Indented wrongly, tabs, an open quote, a key where a value should be, a tag, an alias, a cut end.
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  tls.key: |\n${made.key}`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n\ttls.key: ${data["tls.key"]}`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: {tls.key: "${data["tls.key"]}`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  tls.key: a\n  tls.key: ${data["tls.key"]}`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  ${data["tls.key"]}: 1\n  ${data["tls.key"]}: 2`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  tls.key: !${lines[1]} a`,
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  tls.key: *${lines[1]}`,
  `kind: ${lines[1]}\napiVersion: ${lines[2]}\nmetadata: {name: ${lines[1]}}`,
  made.key,
].join("\n---\n");
const cutJson = JSON.stringify({ apiVersion: "v1", kind: "SecretList", items: [secret("cut")] }).slice(
  0,
  -40,
);
const garbledJson = JSON.stringify(secret("garbled")).replace('"tls.key":', '"tls.key" ');

async function archive(files: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> {
  const out = pack();
  for (const [name, content] of Object.entries(files)) out.entry({ name }, content);
  out.finalize();
  return new Uint8Array(gzipSync(await buffer(out)));
}

const bundle = {
  "support-bundle/cluster-resources/ingress/shop.json": JSON.stringify([ingress]),
  "support-bundle/cluster-resources/secrets/shop.json": JSON.stringify(whole.slice(1)),
  "support-bundle/cluster-resources/secrets-errors.json": JSON.stringify({ web: "forbidden" }),
  "must-gather/namespaces/shop/core/secrets.yaml": asYaml([
    { apiVersion: "v1", kind: "SecretList", items: whole.slice(1) },
  ]),
  "broken.yaml": `${asYaml(broken)}\n---\n${brokenText}`,
  "cut.json": cutJson,
  "garbled.json": garbledJson,
};

let folder = "";
let api: StandIn;
let registry: Clusters;
const written: string[] = [];
const cleanUp: (() => void)[] = [];

beforeAll(async () => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void written.push(args.map(String).join(" ")));
  }
  folder = await mkdtemp(join(tmpdir(), "keys-"));
  await writeFile(join(folder, "dump.yaml"), asYaml(whole));
  await writeFile(join(folder, "broken.yaml"), `${asYaml([...whole, ...broken])}\n---\n${brokenText}`);
  await writeFile(join(folder, "cut.json"), cutJson);
  await writeFile(join(folder, "bundle.tar.gz"), await archive(bundle));
  api = await apiStandIn({
    "/apis/networking.k8s.io/v1/ingresses": { items: [ingress] },
    "/api/v1/secrets": { items: [...whole.slice(1), ...broken] },
  });
  const config = writeKubeconfig(`
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "${api.url}"}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: live, context: {cluster: c, user: u}}]
`);
  cleanUp.push(config.remove);
  const context = { id: "live", name: "live", server: api.url, user: "u", current: true };
  const file = (name: string) => filesSource(join(folder, name), { id: name, name });
  const sources: readonly Source[] = [
    kubeSource(context, { env: { KUBECONFIG: config.path }, tlsSecrets: true }),
    ...["dump.yaml", "broken.yaml", "cut.json", "bundle.tar.gz"].map(file),
    { ...file("."), id: "folder" },
  ];
  const log = createLog("debug", (line) => written.push(line));
  registry = createClusters(
    () => ({
      sources: sources.map((source) => ({ ...source, make: () => source })),
      defaultId: "live",
      problems: [],
    }),
    (source) => new Session(source, engine, { ...sessionTimes, clock: systemClock, wait, log }),
    systemClock,
    log,
  );
  serveRegistry(registry);
});

afterAll(async () => {
  vi.restoreAllMocks();
  serveRegistry(undefined);
  await api.close();
  await rm(folder, { recursive: true });
  for (const each of cleanUp) each();
});

const names = [
  "shop-tls",
  "mismatched",
  "plain",
  "opaque",
  "swapped",
  "type",
  "data",
  "labels",
  "x",
  "cut",
  "none",
];

/** Everything that can be asked about a cluster, as text. */
async function everyAnswer(id: string): Promise<readonly (readonly [string, string])[]> {
  const base = `/api/v1/clusters/${id}`;
  const asked: readonly (readonly [string, Promise<Response>])[] = [
    ["graph", answerGraph(get(`${base}/graph`), id)],
    ...["json", "svg", "mermaid"].map(
      (format) => [format, answerGraph(get(`${base}/graph?format=${format}`), id)] as const,
    ),
    ["findings", answerFindings(get(`${base}/findings`), id)],
    ...["tls", "shop", "secret", "example"].map(
      (q) => [`search ${q}`, answerSearch(get(`${base}/search?q=${q}`), id)] as const,
    ),
    ["trace", answerTrace(get(`${base}/trace?from=internet&to=https://shop.example.com/`), id)],
    ["reach", answerReachability(get(`${base}/reachability?from=internet`), id)],
    ["matrix", answerMatrix(get(`${base}/reachability`), id)],
    ["metrics", answerMetrics(new Request("http://x/metrics"))],
    ["ingress", answerObject(get(base), id, "ingress", "shop", "web")],
    ...names.map((name) => [name, answerObject(get(base), id, "secret", "shop", name)] as const),
  ];
  return Promise.all(asked.map(async ([what, answer]) => [what, await (await answer).text()] as const));
}

async function snapshotText(id: string): Promise<string> {
  const current = await registry.get(id)?.answers(60_000);
  if (current?.answers === undefined) return JSON.stringify(current?.state);
  return JSON.stringify(current.answers.snapshot);
}

it("would be noticed in any spelling", () => {
  for (const text of [made.key, other.key, base64(made.key), JSON.stringify({ key: made.key })]) {
    expect(pieceIn(text)).toBeDefined();
  }
  expect(pieceIn(asYaml(whole.map(({ metadata }) => ({ ...metadata, annotations: {} }))))).toBeUndefined();
});

describe.each(["live", "dump.yaml", "broken.yaml", "cut.json", "bundle.tar.gz", "folder"])(
  "given as %s",
  (id) => {
    it("is in no snapshot and in no answer", async () => {
      const snapshot = await snapshotText(id);
      // It was taken in at all.
      if (id !== "cut.json") expect(snapshot).toContain('"of-none"');
      expect(pieceIn(snapshot)).toBeUndefined();
      expect(snapshot).not.toContain("PRIVATE KEY");
      for (const [what, text] of await everyAnswer(id))
        expect([what, pieceIn(text)]).toEqual([what, undefined]);
    }, 90_000);
  },
);

it.each([
  ["dump.yaml", asYaml(whole)],
  ["broken.yaml", `${asYaml([...whole, ...broken])}\n---\n${brokenText}`],
  ["key.pem", made.key],
])("is in no answer where %s is uploaded", async (name, body) => {
  const url = `http://localhost/api/v1/clusters?name=${name}`;
  const response = await takeUpload(new Request(url, { method: "POST", body }));
  const text = await response.clone().text();
  expect(pieceIn(text)).toBeUndefined();
  if (!response.ok) return;
  const { id } = await jsonOf(response, addedClusterSchema);
  expect(pieceIn(await snapshotText(id))).toBeUndefined();
  for (const [what, answer] of await everyAnswer(id))
    expect([what, pieceIn(answer)]).toEqual([what, undefined]);
});

it("is in no answer where an archive is uploaded", async () => {
  const url = "http://localhost/api/v1/clusters?name=bundle.tar.gz";
  const response = await takeUpload(new Request(url, { method: "POST", body: await archive(bundle) }));
  const { id } = await jsonOf(response, addedClusterSchema);
  expect(pieceIn(await snapshotText(id))).toBeUndefined();
  for (const [what, answer] of await everyAnswer(id))
    expect([what, pieceIn(answer)]).toEqual([what, undefined]);
});

it("is not written down either", () => {
  expect(written.length).toBeGreaterThan(0);
  expect(pieceIn(written.join("\n"))).toBeUndefined();
});
