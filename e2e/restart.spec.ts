/** A server that is killed while people look, and comes back: everybody goes on by themselves, and sees what is there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { attackedServer } from "#bench/abuse/attacked-server.ts";
import { ApiServer } from "#bench/api-server/api-server.ts";
import { contentOf } from "#bench/content-of.ts";
import { generateCluster } from "#bench/generate-cluster.ts";
import { LiveStream } from "#lib/client/live-stream.ts";
import { EventChannel } from "./event-source.ts";

/** What pages follow, below a cluster's address. */
const followed = ["/graph", "/findings", "/graph?only=broken", "/findings?by=namespace"] as const;
const pages = 8;

/** A page's connection: what it shows of each address, kept up by the product's own client. */
function openPage(base: string) {
  const stream = new LiveStream({
    connect: (address) => new EventChannel(`${base}${address}`),
    whyRefused: () => Promise.resolve(undefined),
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  const shown = new Map<string, unknown>();
  for (const each of followed)
    stream.follow(`/api/v1/clusters/stand-in${each}`, {
      answer: (answer) => void shown.set(each, answer),
      problem: () => void shown.delete(each),
    });
  return { stream, shown };
}

async function answersOf(base: string): Promise<readonly unknown[]> {
  return Promise.all(
    followed.map(async (each) => {
      const response = await fetch(`${base}/api/v1/clusters/stand-in${each}`);
      return contentOf(response.ok ? await response.json() : undefined);
    }),
  );
}

test("a server that is killed under load and starts again is resumed by every page, and equals a fresh start", async () => {
  test.slow();
  const folder = mkdtempSync(path.join(tmpdir(), "restart-"));
  const api = new ApiServer({ objects: [...generateCluster({ pods: 300, nodes: 6, namespaces: 8 })] });
  await api.start();
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "stand-in",
      clusters: [{ name: "stand-in", cluster: { server: api.url } }],
      users: [{ name: "someone", user: { token: "token" } }],
      contexts: [{ name: "stand-in", context: { cluster: "stand-in", user: "someone" } }],
    }),
  );
  const env = { KUBECONFIG: kubeconfig, THROUGHLINE_LOG_LEVEL: "error" };
  let server = await attackedServer(env);
  const base = `http://${server.host}`;
  const open = Array.from({ length: pages }, () => openPage(base));
  try {
    await expect.poll(() => open.every(({ shown }) => shown.size === followed.length)).toBe(true);
    api.do({ do: "churn", perSecond: 100 });
    // Others ask meanwhile, and take whatever comes of it.
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver)
        await fetch(`${base}/api/v1/clusters/stand-in/search?q=web`)
          .then((response) => response.text())
          .catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
    });
    for (let times = 0; times < 2; times++) {
      const before = open.map(({ shown }) => shown.get("/graph"));
      // In the middle of changes: each page has been told of one since.
      await expect.poll(() => open.every(({ shown }, i) => shown.get("/graph") !== before[i])).toBe(true);
      await server.stop("SIGKILL");
      await expect.poll(() => open.every(({ stream }) => stream.state().connection === "lost")).toBe(true);
      server = await attackedServer(env, server.port);
      await expect
        .poll(() => open.every(({ stream }) => stream.state().connection === "open"), { timeout: 20_000 })
        .toBe(true);
    }
    api.do({ do: "calm" });
    isOver = true;
    await Promise.all(load);
    const fresh = await attackedServer(env);
    try {
      await expect
        .poll(
          async () => {
            const [there, again] = await Promise.all([answersOf(base), answersOf(`http://${fresh.host}`)]);
            const differing = open.flatMap(({ shown }, page) =>
              followed
                .filter((each, i) => !isSame(contentOf(shown.get(each)), there[i]))
                .map((each) => `page ${page}: ${each}`),
            );
            const apart = followed.filter((_, i) => !isSame(there[i], again[i]));
            return [...differing, ...apart.map((each) => `fresh start: ${each}`)];
          },
          { timeout: 20_000 },
        )
        .toEqual([]);
    } finally {
      await fresh.stop();
    }
  } finally {
    for (const { stream } of open) stream.sleep();
    await server.stop();
    await api.close();
    rmSync(folder, { recursive: true });
  }
});

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
