import { writeFileSync } from "node:fs";
import { expect, vi } from "vitest";
import { ApiServer, type ApiServerOptions } from "#bench/api-server/api-server.ts";
import type { PutObject } from "#bench/api-server/commands.ts";
import { generateCluster } from "#bench/generate-cluster.ts";
import type { Change } from "#lib/model/change.ts";
import type { PluralKind, Snapshot } from "#lib/model/snapshot.ts";
import { writeKubeconfig } from "#lib/server/sources/kube/api-stand-in.ts";
import type { KubeOptions } from "#lib/server/sources/kube/kube-options.ts";
import { kubeSource } from "#lib/server/sources/kube/kube-source.ts";
import { type WatchTimes, watchTimes } from "#lib/server/sources/kube/watch/watch-times.ts";
import type { KindSync, Watching } from "#lib/server/sources/source.ts";

/** Everything that takes minutes in a cluster, in a test takes a moment. */
export const quickTimes: WatchTimes = {
  ...watchTimes,
  retryFirstMs: 4,
  retryMostMs: 40,
  reachFirstMs: 4,
  reachMostMs: 40,
  silenceMs: 250,
  initialSilenceMs: 250,
  probeMs: 100,
  tickMs: 20,
  renewMs: 30,
  recheckMs: 40,
  pollMs: 40,
  giveUpMs: 250,
  forbiddenMs: 60,
};

export interface Watched {
  readonly server: ApiServer;
  readonly watching: Watching;
  /** Takes what is new and gives the newest; throws before there is any. */
  snapshot(): Snapshot;
  /** Every change that was told since the last call. */
  changes(): readonly Change[];
  sync(plural: PluralKind): KindSync;
  /** Waits until it is live and has exactly what a fresh start has. */
  equalsFresh(): Promise<void>;
  /** Writes another token into the kubeconfig. */
  rotate(token: string): void;
  stop(): Promise<void>;
}

export interface WatchedOptions {
  readonly server?: ApiServerOptions | undefined;
  readonly kube?: Partial<KubeOptions> | undefined;
  readonly times?: Partial<WatchTimes> | undefined;
  /** Before anything is asked of it. */
  readonly prepare?: ((server: ApiServer) => void) | undefined;
}

export const patience = { timeout: 10_000, interval: 5 };

/** A cluster of sixty pods at a stand-in for its API server, watched. Resolves once that has begun, not once it is live. */
export async function watchedCluster(options: WatchedOptions = {}): Promise<Watched> {
  const objects = [...generateCluster({ pods: 60, nodes: 3, namespaces: 4 })];
  const server = new ApiServer({ objects, ...options.server });
  await server.start();
  options.prepare?.(server);
  const config = writeKubeconfig(kubeconfigFor(server.url, "first-token"));
  const over = new AbortController();
  const watch = () => {
    const context = { id: "test", name: "test", server: "test", user: "u", current: true };
    const source = kubeSource(context, {
      idleTimeoutMs: 400,
      pageSize: 7,
      ...options.kube,
      times: { ...quickTimes, ...options.times },
      env: { PATH: process.env.PATH, ...options.kube?.env, KUBECONFIG: config.path },
    });
    if (source.watch === undefined) throw new Error("a cluster can be watched");
    return source.watch(() => {}, over.signal);
  };
  const watching = watch();
  let newest: Snapshot | undefined;
  let told: Change[] = [];
  const snapshot = () => {
    const update = watching.take();
    if (update !== undefined) told.push(...update.changes);
    newest = update?.snapshot ?? newest;
    if (newest === undefined)
      throw new Error(`there is no whole picture yet: ${JSON.stringify(watching.state())}`);
    return newest;
  };
  return {
    server,
    watching,
    snapshot,
    changes() {
      snapshot();
      const all = told;
      told = [];
      return all;
    },
    sync: (plural) => watching.kinds()[plural],
    async equalsFresh() {
      const fresh = watch();
      await vi.waitFor(() => expect(fresh.state().kind).toBe("live"), patience);
      const expected = contentOf(fresh.take()?.snapshot);
      await vi.waitFor(() => {
        expect(watching.state().kind).toBe("live");
        expect(contentOf(snapshot())).toEqual(expected);
      }, patience);
    },
    rotate: (token) => writeFileSync(config.path, kubeconfigFor(server.url, token)),
    async stop() {
      over.abort();
      config.remove();
      await server.close();
    },
  };
}

/** All but the moment at which it was taken. */
function contentOf(snapshot: Snapshot | undefined) {
  return { ...snapshot, takenAt: undefined };
}

function kubeconfigFor(url: string, token: string): string {
  return `
apiVersion: v1
kind: Config
current-context: test
clusters: [{name: c, cluster: {server: "${url}"}}]
users: [{name: u, user: {token: ${token}}}]
contexts: [{name: test, context: {cluster: c, user: u}}]
`;
}

export function pod(name: string, ready = true): PutObject {
  const status = ready ? "True" : "False";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: "web" } },
    spec: { containers: [{ name: "web" }] },
    status: { phase: "Running", podIP: "10.9.9.9", conditions: [{ type: "Ready", status }] },
  };
}
