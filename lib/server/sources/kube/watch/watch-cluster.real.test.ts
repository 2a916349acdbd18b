/**
 * Against a real API server: REAL_CLUSTER_KUBECONFIG is its admin's kubeconfig. Needs kubectl. Where the process ids of
 * its control plane lie beside the kubeconfig, the API server is killed and started again.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { Source, Watching } from "../../source.ts";
import { kubeSource } from "../kube-source.ts";
import { listKubeContexts } from "../list-kube-contexts.ts";
import { watchTimes } from "./watch-times.ts";

const admin = process.env.REAL_CLUSTER_KUBECONFIG;
const pidFile = join(dirname(admin ?? ""), "pids", "kube-apiserver");
const namespace = "throughline-watch";
const patience = { timeout: 60_000, interval: 100 };

function kubectl(args: readonly string[], input?: string): string {
  return execFileSync("kubectl", ["--kubeconfig", admin ?? "", ...args], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

function sourceOfAdmin(): Source {
  const env = { ...process.env, KUBECONFIG: admin ?? "" };
  const listed = listKubeContexts(env);
  if (listed.kind === "none") throw new Error(listed.failure.detail);
  const [context] = listed.contexts;
  if (context === undefined) throw new Error("the kubeconfig has a context");
  return kubeSource(context, {
    env,
    pageSize: 3,
    times: { ...watchTimes, reachFirstMs: 50, reachMostMs: 500 },
  });
}

const deployment = (replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1", ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;

describe.skipIf(admin === undefined)(
  "a real API server, watched (set REAL_CLUSTER_KUBECONFIG to run)",
  () => {
    const over = new AbortController();
    let source: Source;
    let watching: Watching;
    let newest: Snapshot | undefined;

    const snapshot = () => {
      newest = watching.take()?.snapshot ?? newest;
      if (newest === undefined) throw new Error(JSON.stringify(watching.state()));
      return newest;
    };
    const pods = () => (snapshot().objects.pods ?? []).filter((pod) => pod.namespace === namespace);
    const slices = () =>
      (snapshot().objects.endpointSlices ?? []).filter((slice) => slice.namespace === namespace);
    const until = (check: () => void) => vi.waitFor(check, patience);

    /** Other tests may be at work on the same server, so only what stands in our namespace is compared. */
    async function equalsRead(): Promise<void> {
      await vi.waitFor(async () => {
        const read = await source.read(() => {}, over.signal);
        if (read.kind === "failed") throw new Error(read.failure.title);
        expect(watching.state().kind).toBe("live");
        expect(ours(snapshot())).toEqual(ours(read.snapshot));
      }, patience);
    }

    function ours({ objects, unread }: Snapshot) {
      const lists = Object.entries(objects).map(([plural, list]) => [
        plural,
        list?.filter((each) => each.id.split("/").includes(namespace)),
      ]);
      return { objects: Object.fromEntries(lists), unread };
    }

    beforeAll(async () => {
      kubectl(["create", "namespace", namespace]);
      source = sourceOfAdmin();
      const watch = source.watch?.(() => {}, over.signal);
      if (watch === undefined) throw new Error("a cluster can be watched");
      watching = watch;
      await until(() => expect(watching.state()).toEqual({ kind: "live" }));
    }, 90_000);

    afterAll(() => {
      over.abort();
      kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
    });

    it("shows what is made, changed and deleted, and then has what reading anew gives", async () => {
      expect(pods()).toEqual([]);
      kubectl(["apply", "-f", "-"], deployment(3));
      await until(() => expect(pods()).toHaveLength(3));
      // One slice or two: the controller may make a second one before it has seen its own first.
      await until(() => expect(slices()).not.toEqual([]));
      await equalsRead();
      kubectl(["apply", "-f", "-"], deployment(1));
      await until(() => expect(pods().filter((pod) => pod.deletingAt === undefined)).toHaveLength(1));
      await equalsRead();
      kubectl(["-n", namespace, "delete", "service", "web"]);
      await until(() =>
        expect(snapshot().objects.services?.filter((service) => service.namespace === namespace)).toEqual([]),
      );
      await equalsRead();
    }, 120_000);

    it.skipIf(!existsSync(pidFile))(
      "goes on after the API server was killed and started again",
      async () => {
        const pid = readFileSync(pidFile, "utf8").trim();
        const [command = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
        process.kill(Number(pid), "SIGKILL");
        await until(() =>
          expect(watching.state()).toMatchObject({ kind: "stale", why: { code: "cluster-unreachable" } }),
        );
        const again = spawn(command, args, { detached: true, stdio: "ignore" });
        writeFileSync(pidFile, String(again.pid));
        again.unref();
        await until(() => expect(kubectl(["get", "--raw", "/readyz"])).toBe("ok"));
        kubectl(["apply", "-f", "-"], deployment(5));
        await until(() => expect(pods().filter((pod) => pod.deletingAt === undefined)).toHaveLength(5));
        await equalsRead();
      },
      180_000,
    );
  },
);
