import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { SourceFailure, SourceResult } from "../source.ts";
import {
  type Answer,
  apiStandIn,
  discoveryOf,
  everywhere,
  readCluster,
  type StandIn,
  send,
  sendStatus,
  servedToday,
} from "./api-stand-in.ts";

const open: StandIn[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(answers: Readonly<Record<string, Answer>> = {}): Promise<StandIn> {
  const server = await apiStandIn(answers);
  open.push(server);
  return server;
}

function snapshotOf(result: SourceResult): Snapshot {
  if (result.kind === "failed") throw new Error(`${result.failure.title} ${result.failure.detail}`);
  return result.snapshot;
}

function failureOf(result: SourceResult): SourceFailure {
  if (result.kind !== "failed") throw new Error("a snapshot came, and a failure was expected");
  return result.failure;
}

/** As in a list: without apiVersion and kind. */
function pod(i: number) {
  return {
    metadata: { name: `web-${i}`, namespace: "shop" },
    spec: { containers: [{ name: "web" }] },
    status: { phase: "Running" },
  };
}

const forbidden =
  (what: string): Answer =>
  (_url: URL, res: ServerResponse) =>
    sendStatus(
      res,
      403,
      `${what} is forbidden: User "reader" cannot list resource "${what}" at the cluster scope`,
    );

describe("reading a cluster", () => {
  it("reads every kind, tells when and which version, and asks with GET only", async () => {
    const server = await serve({
      "/api/v1/pods": { items: [pod(1)] },
      "/api/v1/namespaces": { items: [{ metadata: { name: "shop" } }] },
      "/apis/networking.k8s.io/v1/networkpolicies": {
        items: [{ metadata: { name: "deny", namespace: "shop" }, spec: { podSelector: {} } }],
      },
    });
    const snapshot = snapshotOf(
      await readCluster(server.url, { tlsSecrets: true, clock: () => Date.parse("2026-03-01T12:00:00Z") }),
    );
    expect(snapshot).toMatchObject({
      origin: "cluster",
      version: "v1.36.2",
      takenAt: "2026-03-01T12:00:00.000Z",
      unread: {},
      problems: [],
    });
    expect(snapshot.objects.pods?.map((p) => p.id)).toEqual(["pod/shop/web-1"]);
    expect(snapshot.objects.networkPolicies?.map((p) => p.id)).toEqual(["network-policy/shop/deny"]);
    expect(Object.values(snapshot.objects).every((list) => list !== undefined)).toBe(true);
    expect(
      server.requests.filter((request) => !request.startsWith("GET ") || request.includes("watch")),
    ).toEqual([]);
  });

  it("goes through a large list page by page and counts as it goes", async () => {
    const server = await serve({
      "/api/v1/pods": (url: URL, res: ServerResponse) => {
        const from = Number(url.searchParams.get("continue") ?? 0);
        const limit = Number(url.searchParams.get("limit"));
        const items = Array.from({ length: Math.min(limit, 1201 - from) }, (_, i) => pod(from + i));
        send(res, { metadata: from + limit < 1201 ? { continue: String(from + limit) } : {}, items });
      },
    });
    const snapshot = snapshotOf(await readCluster(server.url));
    expect(new Set(snapshot.objects.pods?.map((p) => p.id)).size).toBe(1201);
    expect(server.requests.filter((request) => request.includes("/pods?"))).toEqual([
      "GET /api/v1/pods?limit=500",
      "GET /api/v1/pods?limit=500&continue=500",
      "GET /api/v1/pods?limit=500&continue=1000",
    ]);
  });

  it("begins a list again, once, when its continue token has expired", async () => {
    let expired = 1;
    const pods = (url: URL, res: ServerResponse) => {
      if (url.searchParams.get("continue") === null)
        send(res, { metadata: { continue: "next" }, items: [pod(1)] });
      else if (expired-- > 0) sendStatus(res, 410, "The provided continue parameter is too old");
      else send(res, { items: [pod(2)] });
    };
    const server = await serve({ "/api/v1/pods": pods });
    expect(snapshotOf(await readCluster(server.url)).objects.pods?.map((p) => p.name)).toEqual([
      "web-1",
      "web-2",
    ]);

    expired = 2;
    const again = snapshotOf(await readCluster(server.url));
    expect(again.objects.pods).toBeUndefined();
    expect(again.unread.pods).toMatchObject({
      reason: "failed",
      message: expect.stringContaining("too old"),
    });
  });

  it("waits as long as a busy server asks, and gives up on one that stays busy", async () => {
    let busy = 2;
    const server = await serve({
      "/api/v1/pods": (_url: URL, res: ServerResponse) =>
        busy-- > 0
          ? sendStatus(res, 429, "too many requests", { "retry-after": "3" })
          : send(res, { items: [pod(1)] }),
      "/api/v1/services": (_url: URL, res: ServerResponse) =>
        sendStatus(res, 429, "too many requests", { "retry-after": "7200" }),
    });
    const waits: number[] = [];
    const snapshot = snapshotOf(
      await readCluster(server.url, {
        wait: async (ms) => {
          waits.push(ms);
        },
      }),
    );
    expect(snapshot.objects.pods).toHaveLength(1);
    expect(waits.filter((ms) => ms === 3000)).toHaveLength(2);
    expect(snapshot.unread.services).toEqual({
      reason: "failed",
      message: "Reading Service failed: too many requests",
    });
    expect(Math.max(...waits)).toBe(30_000);
  });

  it("says which rule is missing where a kind is forbidden, and reads the others", async () => {
    const server = await serve({
      "/apis/networking.k8s.io/v1/networkpolicies": forbidden("networkpolicies"),
      "/api/v1/namespaces/kube-system/configmaps/coredns": forbidden("configmaps"),
      "/api/v1/pods": { items: [pod(1)] },
    });
    const { objects, unread } = snapshotOf(await readCluster(server.url, { tlsSecrets: true }));
    expect(objects.networkPolicies).toBeUndefined();
    expect(unread.networkPolicies).toEqual({
      reason: "forbidden",
      message:
        'networkpolicies is forbidden: User "reader" cannot list resource "networkpolicies" at the cluster scope',
      remedy:
        '- apiGroups: ["networking.k8s.io"]\n  resources: ["networkpolicies"]\n  verbs: ["get", "list", "watch"]',
    });
    expect(unread.configMaps?.remedy).toContain('resourceNames: ["coredns"]');
    expect(objects.pods).toHaveLength(1);
    expect(Object.keys(unread).sort()).toEqual(["configMaps", "networkPolicies"]);
  });

  it("reports a malformed object with its place and keeps the rest", async () => {
    const server = await serve({
      "/api/v1/pods": { items: [{ ...pod(1), spec: { containers: "none" } }, pod(2), "no object"] },
    });
    const snapshot = snapshotOf(await readCluster(server.url));
    expect(snapshot.objects.pods?.map((p) => p.name)).toEqual(["web-2"]);
    expect(snapshot.problems).toHaveLength(2);
    expect(snapshot.problems[1]).toMatchObject({
      kind: "invalid",
      where: "/api/v1/pods",
      subject: "Pod shop/web-1",
    });
    expect(snapshot.problems[1]?.why).toMatch(/^spec\.containers /);
  });

  it("asks for warnings only, and for no ConfigMap but CoreDNS's", async () => {
    const server = await serve({
      "/api/v1/namespaces/kube-system/configmaps": {
        items: [
          { metadata: { name: "rke2-coredns", namespace: "kube-system" }, data: { Corefile: ".:53 {}" } },
          { metadata: { name: "other", namespace: "kube-system" }, data: { password: "hunter2" } },
        ],
      },
    });
    const snapshot = snapshotOf(await readCluster(server.url));
    expect(snapshot.objects.configMaps?.map((c) => c.name)).toEqual(["rke2-coredns"]);
    expect(JSON.stringify(snapshot)).not.toContain("hunter2");
    expect(server.requests).toContain("GET /api/v1/events?limit=500&fieldSelector=type%3DWarning");
    expect(server.requests.filter((request) => request.includes("configmaps"))).toEqual([
      "GET /api/v1/namespaces/kube-system/configmaps/coredns",
      "GET /api/v1/namespaces/kube-system/configmaps?limit=500&labelSelector=k8s-app%3Dkube-dns",
    ]);
  });
});

describe("the version of each kind", () => {
  const slice = {
    metadata: { name: "web-1", namespace: "shop", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    endpoints: [],
  };

  it("takes the older one where the newer is not served", async () => {
    const { "discovery.k8s.io/v1": slices = [], "batch/v1": _, ...rest } = servedToday();
    const server = await serve({
      ...discoveryOf({
        ...rest,
        "discovery.k8s.io/v1beta1": slices,
        "batch/v1": ["jobs"],
        "batch/v1beta1": ["cronjobs"],
      }),
      "/apis/discovery.k8s.io/v1/endpointslices": null,
      "/apis/discovery.k8s.io/v1beta1/endpointslices": { items: [slice] },
    });
    const snapshot = snapshotOf(await readCluster(server.url));
    expect(snapshot.objects.endpointSlices).toHaveLength(1);
    expect(server.requests).toContain("GET /apis/batch/v1beta1/cronjobs?limit=500");
    expect(server.requests.filter((r) => r.startsWith("GET /api/v1/endpoints"))).toEqual([]);
  });

  it("reads Endpoints only where no EndpointSlices are served", async () => {
    const { "discovery.k8s.io/v1": _, ...rest } = servedToday();
    const server = await serve({
      ...discoveryOf({ ...rest, "/v1": [...(rest["/v1"] ?? []), "endpoints"] }),
      "/apis/discovery.k8s.io/v1/endpointslices": null,
      "/api/v1/endpoints": {
        items: [
          { metadata: { name: "web", namespace: "shop" }, subsets: [{ addresses: [{ ip: "10.0.0.1" }] }] },
        ],
      },
    });
    const [only] = snapshotOf(await readCluster(server.url)).objects.endpointSlices ?? [];
    expect(only).toMatchObject({ from: "endpoints", serviceName: "web" });
  });

  it("does not take Endpoints for slices that are merely forbidden", async () => {
    const server = await serve({ "/apis/discovery.k8s.io/v1/endpointslices": forbidden("endpointslices") });
    const { objects, unread } = snapshotOf(await readCluster(server.url));
    expect(objects.endpointSlices).toBeUndefined();
    expect(unread.endpointSlices?.reason).toBe("forbidden");
  });

  it("tells a kind that is not served from one that is empty", async () => {
    const served = Object.entries(servedToday()).filter(
      ([group]) => !group.startsWith("gateway.") && !group.startsWith("policy."),
    );
    const server = await serve(discoveryOf(Object.fromEntries(served)));
    const { objects, unread } = snapshotOf(await readCluster(server.url));
    expect(objects.ingresses).toEqual([]);
    expect(objects.httpRoutes).toBeUndefined();
    expect(unread.httpRoutes).toEqual({
      reason: "not-served",
      message: "The API server does not serve HTTPRoute (gateway.networking.k8s.io).",
    });
  });

  it("does not take a kind in a version of the future for one of which there are none", async () => {
    const served: Record<string, string[]> = {
      ...servedToday(),
      "policy.networking.k8s.io/v1beta1": ["clusternetworkpolicies"],
    };
    delete served["policy.networking.k8s.io/v1alpha2"];
    const server = await serve(discoveryOf(served));
    const { objects, unread } = snapshotOf(await readCluster(server.url));
    expect(objects.clusterNetworkPolicies).toBeUndefined();
    expect(unread.clusterNetworkPolicies).toEqual({
      reason: "failed",
      message:
        "The API server serves ClusterNetworkPolicy (policy.networking.k8s.io) as v1beta1 only, which Throughline does not read.",
    });
  });

  it("reads the experimental XListenerSet where there is no ListenerSet", async () => {
    const served = servedToday();
    const gateway = (served["gateway.networking.k8s.io/v1"] ?? []).filter((name) => name !== "listenersets");
    const server = await serve({
      ...discoveryOf({
        ...served,
        "gateway.networking.k8s.io/v1": gateway,
        "gateway.networking.x-k8s.io/v1alpha1": ["xlistenersets"],
      }),
      "/apis/gateway.networking.x-k8s.io/v1alpha1/xlistenersets": {
        items: [
          {
            apiVersion: "gateway.networking.x-k8s.io/v1alpha1",
            kind: "XListenerSet",
            metadata: { name: "extra", namespace: "shop" },
            spec: { parentRef: { name: "gw" }, listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
          },
        ],
      },
    });
    expect(snapshotOf(await readCluster(server.url)).objects.listenerSets?.map((l) => l.id)).toEqual([
      "listener-set/shop/extra",
    ]);
  });

  it("reads Calico's policies where it keeps them, else from its API server", async () => {
    const policy = (name: string) => ({
      items: [{ metadata: { name, namespace: "shop" }, spec: { selector: "all()", types: ["Ingress"] } }],
    });
    const answers = {
      "/apis/crd.projectcalico.org/v1/networkpolicies": policy("kept"),
      "/apis/projectcalico.org/v3/networkpolicies": policy("served"),
    };
    const both: Record<string, string[]> = {
      ...servedToday(),
      "projectcalico.org/v3": ["networkpolicies", "globalnetworkpolicies"],
    };
    const served = { ...both };
    delete served["crd.projectcalico.org/v1"];
    const ids = async (groups: Record<string, string[]>) => {
      const server = await serve({ ...discoveryOf(groups), ...answers });
      return snapshotOf(await readCluster(server.url)).objects.calicoNetworkPolicies?.map(({ id }) => id);
    };
    expect(await ids(both)).toEqual(["calico-network-policy/shop/kept"]);
    expect(await ids(served)).toEqual(["calico-network-policy/shop/served"]);
  });

  it("reads policies of foreign kinds in each version that they have had", async () => {
    const served: Record<string, string[]> = {
      ...servedToday(),
      "crd.antrea.io/v1alpha1": ["networkpolicies", "clusternetworkpolicies"],
      "security.istio.io/v1beta1": ["authorizationpolicies"],
    };
    for (const newest of ["crd.antrea.io/v1beta1", "security.istio.io/v1"]) delete served[newest];
    const server = await serve({
      ...discoveryOf(served),
      "/apis/cilium.io/v2/ciliumnetworkpolicies": { items: [{ metadata: { name: "a", namespace: "shop" } }] },
      "/apis/crd.antrea.io/v1alpha1/clusternetworkpolicies": { items: [{ metadata: { name: "b" } }] },
      "/apis/security.istio.io/v1beta1/authorizationpolicies": {
        items: [{ metadata: { name: "c", namespace: "shop" } }],
      },
      "/apis/k8s.ovn.org/v1/egressfirewalls": forbidden("egressfirewalls"),
    });
    const { objects, unread } = snapshotOf(await readCluster(server.url));
    expect(objects.ciliumNetworkPolicies).toMatchObject([{ id: "cilium-network-policy/shop/a" }]);
    expect(objects.antreaClusterNetworkPolicies).toMatchObject([{ id: "antrea-cluster-network-policy/b" }]);
    expect(objects.authorizationPolicies).toMatchObject([{ id: "authorization-policy/shop/c" }]);
    expect(unread.egressFirewalls).toMatchObject({
      reason: "forbidden",
      remedy: expect.stringContaining('apiGroups: ["k8s.ovn.org"]'),
    });
  });

  it("tries the versions in turn where discovery is forbidden", async () => {
    const refused = Object.keys(discoveryOf(servedToday())).map(
      (path) => [path, forbidden("discovery")] as const,
    );
    const server = await serve({
      ...Object.fromEntries(refused),
      "/apis/discovery.k8s.io/v1beta1": forbidden("discovery"),
      "/apis/discovery.k8s.io/v1/endpointslices": null,
      "/apis/discovery.k8s.io/v1beta1/endpointslices": { items: [slice] },
      "/apis/networking.k8s.io/v1/ingresses": forbidden("ingresses"),
      "/apis/gateway.networking.k8s.io/v1/udproutes": null,
      "/apis/gateway.networking.k8s.io/v1beta1/udproutes": null,
      "/apis/gateway.networking.k8s.io/v1alpha3/udproutes": null,
      "/apis/gateway.networking.k8s.io/v1alpha2/udproutes": null,
    });
    const { objects, unread } = snapshotOf(await readCluster(server.url));
    expect(objects.endpointSlices).toHaveLength(1);
    expect(objects.services).toEqual([]);
    expect(unread.ingresses?.reason).toBe("forbidden");
    expect(unread.udpRoutes?.reason).toBe("not-served");
  });
});

describe("a server that misbehaves", () => {
  it.each([
    ["a page that is not JSON", (_url: URL, res: ServerResponse) => res.end('{"items": [{'), /not JSON/],
    ["a page that is no list", { kind: "PodList" }, /no list/],
    ["the same page again and again", { metadata: { continue: "x" }, items: [] }, /same page token/],
    [
      "an error",
      (_url: URL, res: ServerResponse) => sendStatus(res, 500, "etcdserver: request timed out"),
      /etcdserver/,
    ],
    [
      "half an answer",
      (_url: URL, res: ServerResponse) => {
        res.writeHead(200, { "content-length": "1000" });
        res.write('{"items":', () => res.destroy());
      },
      /connection .* broke/,
    ],
    [
      "bytes that are not gzip",
      (_url: URL, res: ServerResponse) => {
        res.writeHead(200, { "content-encoding": "gzip" });
        res.end("nonsense");
      },
      /connection .* broke/,
    ],
    [
      "a page without end",
      (_url: URL, res: ServerResponse) => {
        res.writeHead(200);
        res.write('{"items": [');
      },
      /in time/,
    ],
  ] as const)("keeps the other kinds when one kind gets %s", async (_name, answer, message) => {
    const server = await serve({
      "/api/v1/pods": answer,
      "/api/v1/services": { items: [{ metadata: { name: "web", namespace: "shop" }, spec: {} }] },
    });
    const { objects, unread } = snapshotOf(await readCluster(server.url, { idleTimeoutMs: 1_000 }));
    expect(objects.services).toHaveLength(1);
    expect(objects.pods).toBeUndefined();
    expect(unread.pods).toMatchObject({ reason: "failed", message: expect.stringMatching(message) });
  });

  it("asks once more when a connection broke", async () => {
    let broken = 1;
    const server = await serve({
      "/api/v1/pods": (_url: URL, res: ServerResponse) =>
        broken-- > 0 ? res.destroy() : send(res, { items: [pod(1)] }),
    });
    expect(snapshotOf(await readCluster(server.url)).objects.pods).toHaveLength(1);
  });

  const nothing: readonly (readonly [string, Record<string, Answer>, Partial<SourceFailure>])[] = [
    ["hangs", { "/version": () => {} }, { code: "cluster-timeout" }],
    [
      "refuses the credentials",
      { "/version": (_u: URL, res: ServerResponse) => sendStatus(res, 401, "Unauthorized") },
      { code: "credentials-rejected" },
    ],
    [
      "refuses the credentials half way",
      { "/api/v1/services": (_u: URL, res: ServerResponse) => sendStatus(res, 401, "token has expired") },
      { code: "credentials-rejected", detail: "The server answered 401: token has expired." },
    ],
    [
      "shows a login page",
      { "/version": (_u: URL, res: ServerResponse) => res.end("<html>Log in</html>") },
      { code: "not-kubernetes" },
    ],
  ];
  it.each(nothing)("says why there is nothing when it %s", async (_name, answers, failure) => {
    const server = await serve(answers);
    const told = failureOf(await readCluster(server.url, { idleTimeoutMs: 1_000 }));
    expect(told).toMatchObject(failure);
    expect(JSON.stringify(told)).not.toContain("secret-token");
    for (const words of [told.title, told.detail, told.remedy]) expect(words).toMatch(/\S/);
  });

  it("says so when every request is refused, fails, or leads nowhere", async () => {
    const refused = await serve(everywhere(forbidden("pods")));
    expect(failureOf(await readCluster(refused.url))).toMatchObject({
      code: "forbidden",
      remedy: 'kubectl create clusterrolebinding throughline --clusterrole=view --user="reader"',
    });
    const failing = await serve(
      everywhere((_u: URL, res: ServerResponse) => sendStatus(res, 502, "bad gateway")),
    );
    expect(failureOf(await readCluster(failing.url))).toMatchObject({
      code: "cluster-failing",
      detail: expect.stringContaining("bad gateway"),
    });
    const redirecting = await serve(
      everywhere((_u: URL, res: ServerResponse) =>
        sendStatus(res, 302, "", { location: "https://login.example.com/?token=abcdef" }),
      ),
    );
    const told = failureOf(await readCluster(redirecting.url));
    expect(told.detail).toContain("redirect to login.example.com,");
    const empty = await serve(everywhere(null));
    expect(failureOf(await readCluster(empty.url))).toMatchObject({ code: "not-kubernetes" });
  });

  it("says so when nothing listens there", async () => {
    const server = await apiStandIn();
    await server.close();
    expect(failureOf(await readCluster(server.url))).toMatchObject({
      code: "cluster-unreachable",
      detail: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("gives no half snapshot when the server goes away in the middle", async () => {
    const server = await apiStandIn({
      "/api/v1/services": (_u: URL, res: ServerResponse) => {
        res.destroy();
        void server.close();
      },
    });
    expect(failureOf(await readCluster(server.url)).code).toBe("cluster-unreachable");
  });

  it("ends at once when the reader gives up", async () => {
    const given = new AbortController();
    const server = await serve({ "/api/v1/pods": () => given.abort() });
    expect(failureOf(await readCluster(server.url, { signal: given.signal })).code).toBe("read-given-up");
    expect(failureOf(await readCluster(server.url, { signal: given.signal })).code).toBe("read-given-up");
  });
});
