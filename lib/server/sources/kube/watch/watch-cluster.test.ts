/** What goes wrong between a cluster and who watches it; after each, the picture is the one of a fresh start. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { servedToday } from "#bench/api-server/served.ts";
import {
  patience,
  pod,
  type Watched,
  type WatchedOptions,
  watchedCluster,
} from "#lib/testing/watched-cluster.ts";

const open: Watched[] = [];
afterEach(async () => {
  for (const watched of open.splice(0)) await watched.stop();
});

async function begun(options?: WatchedOptions): Promise<Watched> {
  const watched = await watchedCluster(options);
  open.push(watched);
  return watched;
}

async function live(options?: WatchedOptions): Promise<Watched> {
  const watched = await begun(options);
  await until(() => expect(watched.watching.state()).toEqual({ kind: "live" }));
  watched.snapshot();
  return watched;
}

const until = (check: () => void) => vi.waitFor(check, patience);

/** Something of each kind of change, from whatever there is. */
function change({ server }: Watched, round = 0): void {
  server.do({ do: "put", object: pod(`new-${round}`) });
  server.do({ do: "put", object: pod("web-1", round % 2 === 0) });
  server.do({ do: "put", object: pod(`gone-${round}`) });
  server.do({ do: "delete", object: pod(`gone-${round}`) });
}

describe("a cluster that is watched", () => {
  it("is whole once every kind was read, and then follows what comes, changes and goes", async () => {
    const watched = await live();
    const { server, snapshot, changes } = watched;
    expect(snapshot().objects.pods).toHaveLength(60);
    expect(snapshot().version).toBe("v1.36.2");
    server.do({ do: "put", object: pod("web-1") });
    await until(() => expect(snapshot().objects.pods).toHaveLength(61));
    expect(changes()).toMatchObject([
      { plural: "pods", id: "pod/shop/web-1", before: undefined, after: { name: "web-1" } },
      // A namespace that is only referred to.
      { plural: "namespaces", id: "namespace/shop", after: { implied: true } },
    ]);
    const before = snapshot();
    server.do({ do: "put", object: pod("web-1", false) });
    await until(() => expect(snapshot()).not.toBe(before));
    expect(snapshot().objects.services).toBe(before.objects.services);
    expect(snapshot().objects.namespaces).toBe(before.objects.namespaces);
    server.do({ do: "delete", object: pod("web-1") });
    await until(() => expect(snapshot().objects.pods).toHaveLength(60));
    await watched.equalsFresh();
  });

  it("takes no notice of changes that the model does not keep", async () => {
    const { server, snapshot, watching } = await live();
    const { resourceVersion: _, ...metadata } = { ...pod("web-1").metadata, resourceVersion: "1" };
    server.do({ do: "put", object: pod("web-1") });
    await until(() => expect(snapshot().objects.pods).toHaveLength(61));
    const before = snapshot();
    server.do({
      do: "put",
      object: { ...pod("web-1"), metadata: { ...metadata, managedFields: [{ a: 1 }] } },
    });
    server.do({ do: "put", object: { apiVersion: "v1", kind: "Namespace", metadata: { name: "later" } } });
    await until(() => expect(snapshot().objects.namespaces).not.toBe(before.objects.namespaces));
    expect(snapshot().objects.pods).toBe(before.objects.pods);
    expect(watching.take()).toBeUndefined();
  });

  it("is read by one watch a kind, and by GET alone", async () => {
    const { server } = await live({ times: { silenceMs: 60_000 } });
    const pods = server.requests.filter((request) => request.includes("/pods"));
    expect(pods).toHaveLength(1);
    expect(pods[0]).toContain("sendInitialEvents=true");
    expect(server.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
    expect(server.requests.filter((request) => request.includes("/events"))).toEqual([
      expect.stringContaining("fieldSelector=type%3DWarning"),
    ]);
  });

  it("tells how far it is, kind by kind", async () => {
    const { sync, watching, server } = await begun({ prepare: (api) => api.do({ do: "delay", ms: 30 }) });
    expect(watching.state()).toEqual({ kind: "connecting" });
    expect(watching.take()).toBeUndefined();
    await until(() => expect(sync("pods").kind).toBe("syncing"));
    expect(sync("egressFirewalls")).toEqual({ kind: "waiting" });
    server.do({ do: "delay", ms: 0 });
    await until(() => expect(sync("pods")).toEqual({ kind: "live", by: "watch" }));
    await until(() => expect(sync("configMaps")).toEqual({ kind: "live", by: "list" }));
  });

  it("tells how many are to come where it is listed in pages", async () => {
    const seen: unknown[] = [];
    const { sync } = await begun({
      prepare(api) {
        api.do({ do: "streaming-lists", mode: "off" });
        api.do({ do: "delay", ms: 10 });
      },
    });
    await until(() => {
      const now = sync("pods");
      if (now.kind === "syncing" && now.read > 0) seen.push(now.of);
      expect(now.kind).toBe("live");
    });
    expect(seen).toContain(60);
  });
});

describe("where the server has no streaming lists", () => {
  it.each([
    ["switched off", "off", "v1.36.2"],
    ["unheard of, though its version says otherwise", "unknown", "v1.36.2"],
    ["too old for them", "unknown", "v1.20.2"],
  ] as const)("lists in pages and watches from there: %s", async (_, mode, version) => {
    const watched = await live({
      server: { version },
      prepare: (api) => api.do({ do: "streaming-lists", mode }),
    });
    const lists = watched.server.requests.filter((request) => request.includes("/pods?limit="));
    expect(lists.length).toBeGreaterThan(8);
    change(watched);
    await watched.equalsFresh();
    if (version === "v1.20.2")
      expect(watched.server.requests.filter((request) => request.includes("sendInitialEvents"))).toEqual([]);
  });
});

it("where a list is answered whatever is asked, it is listed again and again", async () => {
  const watched = await live({
    times: { recheckMs: 60_000 },
    prepare: (api) => api.do({ do: "streaming-lists", mode: "no-watches" }),
  });
  await until(() => expect(watched.sync("pods")).toEqual({ kind: "live", by: "list" }));
  change(watched);
  await until(() => expect(watched.snapshot().objects.pods).toHaveLength(62));
});

describe("faults", () => {
  it("an API server that is killed and comes back", async () => {
    const watched = await live();
    await watched.server.stop();
    await until(() =>
      expect(watched.watching.state()).toMatchObject({
        kind: "stale",
        why: { code: "cluster-unreachable" },
      }),
    );
    expect(watched.sync("pods").kind).toBe("stale");
    expect(watched.snapshot().objects.pods).toHaveLength(60);
    change(watched);
    await watched.server.start();
    await watched.equalsFresh();
    expect(watched.sync("pods")).toEqual({ kind: "live", by: "watch" });
  });

  it("an API server that comes back without its history", async () => {
    const watched = await live();
    await watched.server.stop();
    change(watched);
    watched.server.do({ do: "compact" });
    await watched.server.start();
    await watched.equalsFresh();
  });

  it("an API server that is not there at first", async () => {
    const watched = await begun({ prepare: (api) => void api.stop() });
    await until(() =>
      expect(watched.watching.state()).toMatchObject({
        kind: "failed",
        failure: { code: "cluster-unreachable" },
      }),
    );
    await watched.server.start();
    await watched.equalsFresh();
  });

  it("connections that are cut in the middle of a page", async () => {
    const watched = await begun({
      prepare(api) {
        api.do({ do: "streaming-lists", mode: "off" });
        api.do({ do: "cut", what: "pages", resource: "pods", times: 5 });
        api.do({ do: "cut", what: "pages", times: 5 });
      },
    });
    await watched.equalsFresh();
  });

  it("connections that are cut in the middle of a streaming list, the first and a later one", async () => {
    const watched = await begun({
      prepare: (api) => api.do({ do: "cut", what: "streams", resource: "pods", times: 2 }),
    });
    await watched.equalsFresh();
    change(watched);
    watched.server.do({ do: "cut", what: "streams", resource: "pods", times: 2 });
    watched.server.do({ do: "compact" });
    watched.server.do({ do: "cut", what: "watches" });
    await watched.equalsFresh();
  });

  it("connections that are cut in the middle of an event, and watches that end", async () => {
    const watched = await live();
    for (const [round, what] of (["cut", "end", "cut", "end"] as const).entries()) {
      change(watched, round);
      watched.server.do(what === "cut" ? { do: "cut", what: "watches" } : { do: "end-watches" });
      change(watched, 10 + round);
      await watched.equalsFresh();
    }
    // It went on from where it was: nothing was read twice.
    const begins = watched.server.requests.filter((request) => /\/pods\?.*sendInitial/.test(request));
    expect(begins).toHaveLength(1 + 4);
  });

  it.each(["event", "status"] as const)("revisions that are too old again and again, as %s", async (as) => {
    const watched = await live();
    const { server } = watched;
    change(watched);
    server.do({ do: "gone", resource: "pods", times: 4, as });
    server.do({ do: "streaming-lists", mode: "off" });
    server.do({ do: "compact" });
    server.do({ do: "end-watches", resource: "pods" });
    change(watched, 1);
    await until(() =>
      expect(server.requests.filter((r) => r.includes("/pods?limit=7")).length).toBeGreaterThan(20),
    );
    await watched.equalsFresh();
  });

  it("continue tokens that expire again and again", async () => {
    const watched = await begun({
      prepare(api) {
        api.do({ do: "streaming-lists", mode: "off" });
        api.do({ do: "expire-pages", resource: "pods", times: 5 });
      },
    });
    await watched.equalsFresh();
  });

  it.each([429, 503, 500] as const)("a server that answers %i for a while", async (status) => {
    const watched = await begun({
      prepare: (api) => api.do({ do: "throttle", times: 60, retryAfterSeconds: 0, status }),
    });
    await watched.equalsFresh();
    watched.server.do({ do: "throttle", times: 40, retryAfterSeconds: 0, status });
    watched.server.do({ do: "end-watches" });
    change(watched);
    await until(() => expect(watched.server.requests.length).toBeGreaterThan(150));
    await watched.equalsFresh();
  });

  it("a server too busy for a list, which comes back when the server said, however often it was too busy", async () => {
    const watched = await live({ times: { retryFirstMs: 60_000, retryMostMs: 60_000, pollMs: 20 } });
    watched.server.do({ do: "throttle", resource: "configmaps", times: 30, retryAfterSeconds: 0.01 });
    await until(() => expect(watched.sync("configMaps")).toMatchObject({ kind: "stale" }));
    expect(watched.watching.state()).toMatchObject({
      why: { title: "Changes of ConfigMap are not seen at the moment." },
    });
    await until(() => expect(watched.sync("configMaps")).toMatchObject({ kind: "live" }));
  });

  it("many kinds at once, which are counted rather than named", async () => {
    const watched = await live({ times: { retryFirstMs: 60_000, retryMostMs: 60_000 } });
    watched.server.do({ do: "cut", what: "watches" });
    await until(() =>
      expect(watched.watching.state()).toMatchObject({
        why: { title: expect.stringMatching(/^Changes of \d+ kinds are not seen at the moment\.$/) },
      }),
    );
  });

  it("one kind that fails, which holds up no other", async () => {
    const watched = await begun({
      prepare: (api) => api.do({ do: "throttle", resource: "services", times: 1000, status: 500 }),
    });
    await until(() => expect(watched.watching.state()).toEqual({ kind: "live" }));
    expect(watched.sync("services")).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("too many"),
    });
    expect(watched.snapshot().objects.services).toBeUndefined();
    expect(watched.snapshot().unread.services).toMatchObject({ reason: "failed" });
    expect(watched.snapshot().objects.pods).toHaveLength(60);
  });

  it("one kind that is forbidden later, and allowed again", async () => {
    const watched = await live();
    const { server, sync, snapshot } = watched;
    server.do({ do: "forbid", resource: "networkpolicies", verbs: ["list", "watch"] });
    server.do({ do: "end-watches", resource: "networkpolicies" });
    await until(() => expect(sync("networkPolicies").kind).toBe("forbidden"));
    expect(snapshot().objects.networkPolicies).toBeUndefined();
    expect(snapshot().unread.networkPolicies).toMatchObject({
      reason: "forbidden",
      remedy: expect.stringContaining("networkpolicies"),
    });
    change(watched);
    await watched.equalsFresh();
    server.do({ do: "permit", resource: "networkpolicies" });
    await until(() => expect(sync("networkPolicies").kind).toBe("live"));
    await watched.equalsFresh();
    expect(snapshot().objects.networkPolicies?.length).toBeGreaterThan(0);
  });

  it("a kind that may be listed and not watched, which is listed again and again", async () => {
    const watched = await live({
      prepare: (api) => api.do({ do: "forbid", resource: "pods", verbs: ["watch"] }),
    });
    await until(() => expect(watched.sync("pods")).toEqual({ kind: "live", by: "list" }));
    change(watched);
    await watched.equalsFresh();
  });

  it("a server that forbids for a moment, as one that starts does", async () => {
    const watched = await live({ times: { forbiddenMs: 60_000 } });
    const { server, sync, snapshot } = watched;
    server.do({ do: "forbid", resource: "pods", verbs: ["list", "watch"] });
    server.do({ do: "end-watches", resource: "pods" });
    await until(() => expect(sync("pods").kind).toBe("stale"));
    expect(snapshot().objects.pods).toHaveLength(60);
    server.do({ do: "permit", resource: "pods" });
    change(watched);
    await watched.equalsFresh();
  });

  it("nothing that may be read at all", async () => {
    const watched = await begun({
      prepare(api) {
        for (const { name } of servedToday())
          api.do({ do: "forbid", resource: name, verbs: ["list", "watch"] });
      },
    });
    await until(() =>
      expect(watched.watching.state()).toMatchObject({ kind: "failed", failure: { code: "forbidden" } }),
    );
  });

  it("watches that fall silent", async () => {
    const watched = await live({ times: { probeMs: 60_000 } });
    watched.server.do({ do: "silence" });
    change(watched);
    await watched.equalsFresh();
  });

  it("a network that swallows everything, and returns", async () => {
    const watched = await live();
    watched.server.do({ do: "mute", on: true });
    await until(() => expect(watched.watching.state().kind).toBe("stale"));
    change(watched);
    watched.server.do({ do: "mute", on: false });
    await watched.equalsFresh();
  });

  it.each([1, 2, 5])("%i malformed events in a row", async (times) => {
    const watched = await live();
    watched.server.do({ do: "malformed", resource: "pods", times });
    for (let round = 0; round < times; round++) change(watched, round);
    await watched.equalsFresh();
    change(watched, 99);
    await watched.equalsFresh();
  });

  it("objects that cannot be read, which then can, and which go", async () => {
    const watched = await live();
    const { server, snapshot } = watched;
    const broken = { ...pod("web-1"), spec: { containers: "none" } };
    server.do({ do: "put", object: pod("web-1") });
    server.do({ do: "put", object: broken });
    await until(() => expect(snapshot().problems).toMatchObject([{ subject: "Pod shop/web-1" }]));
    await watched.equalsFresh();
    server.do({ do: "put", object: pod("web-1") });
    await until(() => expect(snapshot().problems).toEqual([]));
    server.do({ do: "put", object: broken });
    await until(() => expect(snapshot().problems).toHaveLength(1));
    server.do({ do: "delete", object: broken });
    await until(() => expect(snapshot().problems).toEqual([]));
    await watched.equalsFresh();
  });

  it("a clock that is wrong by hours, and set right", async () => {
    let skewMs = -7_200_000;
    const watched = await live({ kube: { clock: () => Date.now() + skewMs } });
    change(watched);
    await watched.equalsFresh();
    skewMs = 0;
    change(watched, 1);
    await watched.equalsFresh();
    skewMs = -3_600_000;
    change(watched, 2);
    await watched.equalsFresh();
  });

  it("a laptop that slept while its connections died", async () => {
    let sleptMs = 0;
    const watched = await live({
      kube: { clock: () => Date.now() + sleptMs },
      times: { silenceMs: 60_000, probeMs: 60_000 },
    });
    watched.server.do({ do: "silence" });
    change(watched);
    watched.server.do({ do: "compact" });
    sleptMs = 8 * 3_600_000;
    await watched.equalsFresh();
  });

  it("credentials that are replaced", async () => {
    const watched = await live();
    watched.server.do({ do: "tokens", accept: ["second-token"] });
    watched.server.do({ do: "end-watches" });
    await until(() =>
      expect(watched.watching.state()).toMatchObject({
        kind: "stale",
        why: { code: "credentials-rejected" },
      }),
    );
    change(watched);
    watched.rotate("second-token");
    await watched.equalsFresh();
  });

  it("credentials that are replaced in time, without anything to see", async () => {
    const watched = await live();
    watched.rotate("second-token");
    watched.server.do({ do: "tokens", accept: ["first-token", "second-token"] });
    await until(() => expect(watched.server.tokensSeen).toContain("second-token"));
    watched.server.do({ do: "tokens", accept: ["second-token"] });
    watched.server.do({ do: "end-watches" });
    change(watched);
    await watched.equalsFresh();
  });

  it("kinds that come with a CustomResourceDefinition, and go with it", async () => {
    const routes = { groupVersion: "gateway.networking.k8s.io/v1", resource: "httproutes" };
    const watched = await live({ prepare: (api) => api.do({ do: "serve", ...routes, served: false }) });
    const { server, sync, snapshot } = watched;
    expect(sync("httpRoutes")).toEqual({ kind: "not-served" });
    expect(snapshot().unread.httpRoutes).toMatchObject({ reason: "not-served" });
    server.do({ do: "serve", ...routes, served: true });
    await until(() => expect(sync("httpRoutes").kind).toBe("live"));
    await watched.equalsFresh();
    server.do({ do: "serve", ...routes, served: false });
    await until(() => expect(sync("httpRoutes")).toEqual({ kind: "not-served" }));
    await watched.equalsFresh();
  });
});
