import http from "node:http";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { generateCluster } from "../generate-cluster.ts";
import { ApiServer, type ApiServerOptions } from "./api-server.ts";
import type { PutObject } from "./commands.ts";

const open: ApiServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(options: ApiServerOptions = {}): Promise<ApiServer> {
  const server = new ApiServer(options);
  open.push(server);
  await server.start();
  return server;
}

interface List {
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  readonly items: readonly { metadata: { name: string }; kind?: string }[];
}
interface Line {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly code?: number;
    readonly metadata: { name?: string; resourceVersion?: string; annotations?: object };
  };
}

async function list(server: ApiServer, path: string): Promise<List> {
  return (await fetch(`${server.url}${path}`)).json();
}

/** The events of a watch, one by one. */
async function watch(server: ApiServer, path: string): Promise<AsyncIterator<Line>> {
  const input = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(`${server.url}${path}`, resolve).once("error", reject);
  });
  const lines = createInterface({ input });
  return (async function* () {
    for await (const line of lines) yield JSON.parse(line);
  })();
}

const names = ({ items }: List) => items.map(({ metadata }) => metadata.name);

function pod(name: string, labels: Record<string, string> = {}): PutObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop", labels } };
}

describe("lists", () => {
  it("come in pages that tell of the moment of the first, in the order of keys", async () => {
    const server = await serve({ objects: [pod("c"), pod("a"), pod("e")] });
    const first = await list(server, "/api/v1/pods?limit=2");
    expect(names(first)).toEqual(["a", "c"]);
    expect(first.metadata.remainingItemCount).toBe(1);
    server.do({ do: "put", object: pod("d") });
    server.do({ do: "delete", object: pod("e") });
    const second = await list(server, `/api/v1/pods?limit=2&continue=${first.metadata.continue}`);
    expect(names(second)).toEqual(["e"]);
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    expect(names(await list(server, "/api/v1/namespaces/shop/pods"))).toEqual(["a", "c", "d"]);
  });

  it("cannot go on after a compaction", async () => {
    const server = await serve({ objects: [pod("a"), pod("b")] });
    const { metadata } = await list(server, "/api/v1/pods?limit=1");
    server.do({ do: "compact" });
    const response = await fetch(`${server.url}/api/v1/pods?limit=1&continue=${metadata.continue}`);
    expect(response.status).toBe(410);
    expect(names(await list(server, "/api/v1/pods"))).toEqual(["a", "b"]);
  });

  it("hold a whole generated cluster, found by discovery", async () => {
    const objects = [...generateCluster({ pods: 100, nodes: 5 })];
    const server = await serve({ objects });
    const { resources } = await (await fetch(`${server.url}/apis/discovery.k8s.io/v1`)).json();
    expect(resources).toEqual([expect.objectContaining({ name: "endpointslices", kind: "EndpointSlice" })]);
    expect((await list(server, "/api/v1/pods")).items).toHaveLength(100);
    expect((await list(server, "/api/v1/pods")).items[0]?.kind).toBeUndefined();
    const gateways = await list(server, "/apis/gateway.networking.k8s.io/v1/gateways");
    expect(gateways.items[0]?.kind).toBe("Gateway");
  });
});

describe("watches", () => {
  it("go on from a list without a gap", async () => {
    const server = await serve({ objects: [pod("a")] });
    const { metadata } = await list(server, "/api/v1/pods");
    server.do({ do: "put", object: pod("b") });
    const events = await watch(server, `/api/v1/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    server.do({ do: "put", object: pod("a", { app: "a" }) });
    server.do({ do: "delete", object: pod("b") });
    for (const [type, name] of [
      ["ADDED", "b"],
      ["MODIFIED", "a"],
      ["DELETED", "b"],
    ]) {
      expect((await events.next()).value).toMatchObject({
        type,
        object: { kind: "Pod", metadata: { name } },
      });
    }
  });

  it("begin with all that is there and a bookmark, where that is asked for", async () => {
    const server = await serve({ objects: [pod("a"), pod("b")] });
    const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const events = await watch(server, `/api/v1/pods?${query}`);
    const types = [await events.next(), await events.next(), await events.next()].map(
      ({ value }) => value.type,
    );
    expect(types).toEqual(["ADDED", "ADDED", "BOOKMARK"]);
    server.do({ do: "put", object: pod("c") });
    expect((await events.next()).value).toMatchObject({ type: "ADDED", object: { metadata: { name: "c" } } });
    server.do({ do: "streaming-lists", mode: "off" });
    const refused = await watch(server, `/api/v1/pods?${query}`);
    expect((await refused.next()).value).toMatchObject({ type: "ERROR", object: { code: 422 } });
  });

  it("see an object come and go as their selector has it", async () => {
    const server = await serve({ objects: [pod("a", { app: "a" })] });
    const { resourceVersion } = (await list(server, "/api/v1/pods")).metadata;
    const query = `watch=1&resourceVersion=${resourceVersion}&labelSelector=app%3Da`;
    const events = await watch(server, `/api/v1/pods?${query}`);
    server.do({ do: "put", object: pod("a") });
    server.do({ do: "put", object: pod("b") });
    server.do({ do: "put", object: pod("a", { app: "a" }) });
    expect((await events.next()).value).toMatchObject({ type: "DELETED" });
    expect((await events.next()).value).toMatchObject({ type: "ADDED", object: { metadata: { name: "a" } } });
  });

  it("from before a compaction are told that it is too old", async () => {
    const server = await serve({ objects: [pod("a")] });
    const { resourceVersion } = (await list(server, "/api/v1/pods")).metadata;
    server.do({ do: "compact" });
    const events = await watch(server, `/api/v1/pods?watch=1&resourceVersion=${resourceVersion}`);
    expect((await events.next()).value).toMatchObject({ type: "ERROR", object: { code: 410 } });
    expect((await events.next()).done).toBe(true);
  });
});

describe("faults", () => {
  it("happen as often as asked, to what was named", async () => {
    const server = await serve({ objects: [pod("a")] });
    server.do({ do: "throttle", resource: "pods", times: 2, retryAfterSeconds: 3 });
    server.do({ do: "cut", what: "pages", resource: "services" });
    const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;
    expect([
      await status("/api/v1/nodes"),
      await status("/api/v1/pods"),
      await status("/api/v1/pods"),
    ]).toEqual([200, 429, 429]);
    expect(await status("/api/v1/pods")).toBe(200);
    await expect(list(server, "/api/v1/services")).rejects.toThrow();
    expect(names(await list(server, "/api/v1/services"))).toEqual([]);
  });

  it("can be asked for over HTTP", async () => {
    const server = await serve();
    const control = (command: object) =>
      fetch(`${server.url}/control`, { method: "POST", body: JSON.stringify(command) });
    expect((await control({ do: "forbid", resource: "pods", verbs: ["list"] })).status).toBe(200);
    expect((await fetch(`${server.url}/api/v1/pods`)).status).toBe(403);
    expect((await control({ do: "nothing of the kind" })).status).toBe(400);
  });

  it("that were to happen some more times are over once they are healed", async () => {
    const server = await serve({ objects: [pod("a")] });
    server.do({ do: "throttle", times: 1_000 });
    expect((await fetch(`${server.url}/api/v1/pods`)).status).toBe(429);
    server.do({ do: "heal" });
    expect(names(await list(server, "/api/v1/pods"))).toEqual(["a"]);
  });

  it("of a stop last until the start, on the same port", async () => {
    const server = await serve({ objects: [pod("a")] });
    await server.stop();
    await expect(list(server, "/api/v1/pods")).rejects.toThrow();
    await server.start();
    expect(names(await list(server, "/api/v1/pods"))).toEqual(["a"]);
  });

  it("leave churn with pods and their slices in step", async () => {
    const server = await serve({ objects: generateCluster({ pods: 60, nodes: 3 }) });
    const before = server.revision;
    const { resourceVersion } = (await list(server, "/apis/discovery.k8s.io/v1/endpointslices")).metadata;
    const slices = `/apis/discovery.k8s.io/v1/endpointslices?watch=1&resourceVersion=${resourceVersion}`;
    const events = await watch(server, slices);
    server.do({ do: "churn", perSecond: 200 });
    expect((await events.next()).value).toMatchObject({ type: "MODIFIED" });
    server.do({ do: "calm" });
    expect(server.revision).toBeGreaterThan(before);
  });
});
