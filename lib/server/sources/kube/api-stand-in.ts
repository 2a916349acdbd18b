/** For tests only: an API server of a few lines, with what a test puts in it. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { allKinds } from "#lib/model/kinds.ts";
import type { SourceResult } from "../source.ts";
import type { KubeOptions } from "./kube-options.ts";
import { kubeSource } from "./kube-source.ts";
import { groupVersionPath, pathOf, resourcesOf } from "./resources.ts";

export type Answer = unknown | ((url: URL, res: http.ServerResponse, req: http.IncomingMessage) => void);

export interface StandIn {
  readonly url: string;
  /** `GET /api/v1/pods?limit=500`, in the order in which they came. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves every kind in its best version, empty, but for `answers` by path: a value is sent as JSON, a function answers
 * itself, null is 404. What `answers` leaves out of discovery is not served either.
 */
export async function apiStandIn(
  answers: Readonly<Record<string, Answer>> = {},
  tls?: https.ServerOptions,
): Promise<StandIn> {
  const requests: string[] = [];
  const all: Readonly<Record<string, Answer>> = { ...emptyCluster(), ...answers };
  const handle = (req: http.IncomingMessage, res: http.ServerResponse) => {
    const url = new URL(req.url ?? "/", "http://stand-in");
    requests.push(`${req.method} ${url.pathname}${url.search}`);
    const answer = all[url.pathname];
    if (typeof answer === "function") answer(url, res, req);
    else if (answer === undefined || answer === null)
      sendStatus(res, 404, "the server could not find the requested resource");
    else send(res, answer, req.headers["accept-encoding"] === "gzip");
  };
  const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function send(res: http.ServerResponse, json: unknown, zipped = false): void {
  const text = JSON.stringify(json);
  res.writeHead(200, {
    "content-type": "application/json",
    ...(zipped ? { "content-encoding": "gzip" } : {}),
  });
  res.end(zipped ? gzipSync(text) : text);
}

export function sendStatus(
  res: http.ServerResponse,
  code: number,
  message: string,
  headers: http.OutgoingHttpHeaders = {},
): void {
  res.writeHead(code, { "content-type": "application/json", ...headers });
  res.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, message }));
}

/** The same answer to whatever is asked. */
export function everywhere(answer: Answer): Record<string, Answer> {
  const paths = [...Object.keys(emptyCluster()), "/api/v1/namespaces/kube-system/configmaps/coredns"];
  return Object.fromEntries(paths.map((path) => [path, answer]));
}

/** Discovery for exactly these `group/version` → resources. */
export function discoveryOf(served: Readonly<Record<string, readonly string[]>>): Record<string, Answer> {
  const groups = new Map<string, { version: string }[]>();
  const paths: Record<string, Answer> = {};
  for (const [groupVersion, resources] of Object.entries(served)) {
    const [group = "", version = ""] = groupVersion.split("/");
    paths[groupVersionPath(group, version)] = {
      resources: resources.map((name) => ({ name, verbs: ["get", "list"] })),
    };
    if (group !== "") groups.set(group, [...(groups.get(group) ?? []), { version }]);
  }
  return { ...paths, "/apis": { groups: [...groups].map(([name, versions]) => ({ name, versions })) } };
}

/** `group/version` → resources of a cluster of today with every CRD. */
export function servedToday(): Record<string, string[]> {
  const served: Record<string, string[]> = {};
  for (const kind of allKinds) {
    const best = resourcesOf(kind)[0];
    if (best === undefined) continue;
    const key = `${best.group}/${best.version}`;
    served[key] = [...(served[key] ?? []), best.resource];
  }
  // The three policy kinds live in two versions.
  served["policy.networking.k8s.io/v1alpha2"] = ["clusternetworkpolicies"];
  served["policy.networking.k8s.io/v1alpha1"] = ["adminnetworkpolicies", "baselineadminnetworkpolicies"];
  return served;
}

function emptyCluster(): Record<string, Answer> {
  const answers: Record<string, Answer> = {
    "/version": { gitVersion: "v1.36.2" },
    "/api/v1/namespaces/kube-system/configmaps": { items: [] },
    ...discoveryOf(servedToday()),
  };
  for (const kind of allKinds) {
    for (const resource of resourcesOf(kind)) answers[pathOf(resource)] = { metadata: {}, items: [] };
  }
  return answers;
}

/** Writes a kubeconfig with one context `test` and gives its path. */
export function writeKubeconfig(yaml: string): {
  readonly path: string;
  readonly folder: string;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  const path = join(folder, "config");
  writeFileSync(path, yaml);
  return { path, folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Reads the cluster at `url` as a user would, through a kubeconfig; `user` and `cluster` are more YAML in flow style. */
export async function readCluster(
  url: string,
  options: Partial<KubeOptions> & { user?: string; cluster?: string; signal?: AbortSignal } = {},
): Promise<SourceResult> {
  const {
    user = "{token: secret-token-of-the-test}",
    cluster = "",
    signal = new AbortController().signal,
    ...rest
  } = options;
  const config = writeKubeconfig(`
apiVersion: v1
kind: Config
current-context: test
clusters: [{name: c, cluster: {server: "${url}"${cluster === "" ? "" : `, ${cluster}`}}}]
users: [{name: u, user: ${user}}]
contexts: [{name: test, context: {cluster: c, user: u}}]
`);
  try {
    const context = { id: "test", name: "test", server: new URL(url).host, user: "u", current: true };
    const source = kubeSource(context, {
      idleTimeoutMs: 5_000,
      wait: async () => {},
      ...rest,
      env: { PATH: process.env.PATH, ...rest.env, KUBECONFIG: config.path },
    });
    return await source.read(() => {}, signal);
  } finally {
    config.remove();
  }
}
