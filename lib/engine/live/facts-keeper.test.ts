import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectId } from "#lib/model/ids.ts";
import { arbitraryHistory, type History, through } from "#lib/testing/arbitrary-history.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { compileFacts } from "../compile-facts.ts";
import type { Facts } from "../facts.ts";
import { inOneGo } from "../in-one-go.ts";
import { FactsKeeper } from "./facts-keeper.ts";

/** All but what is asked of them by functions, and what the index's own law is about. */
function contentOf({ services, workloads, ingresses, gateways, routes, policies, slices, tls, now }: Facts) {
  return {
    services: new Map(services),
    workloads: new Map(workloads),
    ingresses: new Map(ingresses),
    gateways: new Map(gateways),
    routes: new Map(routes),
    policies: new Map(policies),
    slices: new Map(slices),
    tls,
    now,
  };
}

const times = [
  "2026-01-01T00:05:00Z",
  "2026-01-01T00:05:00Z",
  "2026-01-01T00:06:00Z",
  "2026-01-01T01:00:00Z",
];

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Something in each that asks for pods; what was looked at for it is noted when a pod there changes. */
const namespaces = Array.from({ length: 20 }, (_, at) => `team-${at}`);
const services: History[number] = namespaces.flatMap((namespace) => [
  {
    gone: false,
    object: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
  },
  { gone: false, object: podOf(namespace, 0) },
]);

function podOf(namespace: string, round: number) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace, labels: { app: "web", round: String(round) } },
    spec: { containers: [{ name: "main" }] },
    status: { phase: "Running", podIP: "10.0.0.1" },
  };
}

interface Member {
  readonly owner?: string;
  readonly app?: string;
  readonly ip?: string;
  readonly phase?: string;
  readonly ready?: string;
  readonly namespace?: string;
}

function member(name: string, said: Member = {}) {
  const { owner = "web", app = "web", ip = `10.0.0.${name.slice(-1)}`, phase = "Running" } = said;
  const { ready = "True", namespace = "shop" } = said;
  return put("v1", "Pod", {
    metadata: {
      name,
      namespace,
      labels: { app },
      ownerReferences: [{ kind: "StatefulSet", name: owner, controller: true }],
    },
    spec: {
      nodeName: "node-a",
      containers: [{ name: "main", ports: [{ name: "http", containerPort: 8080 }] }],
    },
    status: {
      phase,
      podIP: ip,
      conditions: [{ type: "Ready", status: ready, lastTransitionTime: "2026-01-01T00:00:00Z" }],
    },
  });
}

interface Listed {
  readonly pod?: string;
  readonly ip: string;
  readonly ready?: boolean;
}

function slice(name: string, listed: readonly Listed[], writer = "endpointslice-controller.k8s.io") {
  return put("discovery.k8s.io/v1", "EndpointSlice", {
    metadata: {
      name,
      namespace: "shop",
      labels: { "kubernetes.io/service-name": "web", "endpointslice.kubernetes.io/managed-by": writer },
    },
    addressType: "IPv4",
    ports: [{ name: "", port: 8080 }],
    endpoints: listed.map(({ pod: of, ip, ready = true }) => ({
      addresses: [ip],
      conditions: { ready },
      ...(of === undefined ? {} : { nodeName: "node-a", targetRef: { kind: "Pod", name: of } }),
    })),
  });
}

function put(apiVersion: string, kind: string, object: object) {
  return { gone: false, object: { apiVersion, kind, ...object } };
}

function gone(step: History[number][number]) {
  return { ...step, gone: true };
}

const set = (name: string) =>
  put("apps/v1", "StatefulSet", {
    metadata: { name, namespace: "shop" },
    spec: { replicas: 2, template: { metadata: { labels: { app: name } }, spec: { containers: [] } } },
  });
const zoned = (zone: string, ready = "True") =>
  put("v1", "Node", {
    metadata: { name: "node-a", labels: { "topology.kubernetes.io/zone": zone } },
    spec: { podCIDRs: ["10.0.0.0/24"] },
    status: { conditions: [{ type: "Ready", status: ready }] },
  });
const selecting = (selector: object | undefined) =>
  put("v1", "Service", {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      selector,
      clusterIP: "10.96.0.1",
      clusterIPs: ["10.96.0.1"],
      ports: [{ port: 80, targetPort: "http" }],
    },
  });

const web = objectId("service", "shop", "web");
const [one, two, three] = [
  { pod: "web-1", ip: "10.0.0.1" },
  { pod: "web-2", ip: "10.0.0.2" },
  { pod: "web-3", ip: "10.0.0.3" },
];
/** Two slices, an address without a pod, and a pod that no slice lists. */
const village: History[number] = [
  set("web"),
  set("api"),
  zoned("a"),
  selecting({ app: "web" }),
  ...["web-1", "web-2", "web-3", "web-4"].map((name) => member(name)),
  slice("web-x", [one, two]),
  slice("web-y", [three, { ip: "10.0.0.9" }]),
];

const gateway = put("gateway.networking.k8s.io/v1", "Gateway", {
  metadata: { name: "public", namespace: "shop" },
  spec: {
    gatewayClassName: "public",
    listeners: [
      { name: "web", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "shop-tls" }] } },
    ],
  },
});
const routed = (hostname: string) =>
  put("gateway.networking.k8s.io/v1", "HTTPRoute", {
    metadata: { name: "route", namespace: "shop" },
    spec: {
      hostnames: [hostname],
      parentRefs: [{ name: "public" }],
      rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
    },
  });

const happenings: readonly [string, History][] = [
  ["a pod changes hands", [[member("web-1", { owner: "api" })], [member("web-1")]]],
  ["an owner goes and comes back", [[gone(set("web"))], [set("web")]]],
  [
    "another pod takes the address of one that is gone",
    [
      [gone(member("web-1"))],
      [member("api-1", { app: "api", owner: "api" })],
      [member("web-1", { ip: "10.0.0.7" })],
    ],
  ],
  [
    "two pods have one address",
    [[member("web-2", { ip: "10.0.0.1" })], [gone(member("web-1"))], [member("web-2")]],
  ],
  [
    "a pod elsewhere takes the address that a slice lists",
    [
      [member("far-9", { namespace: "edge" })],
      [member("far-9", { namespace: "edge", ready: "False" })],
      [gone(member("far-9", { namespace: "edge" }))],
    ],
  ],
  [
    "a node moves to another zone, stops reporting and goes",
    [[zoned("b")], [zoned("b", "Unknown")], [gone(zoned("b"))]],
  ],
  [
    "a slice is replaced by one that lists the same pods",
    [[gone(slice("web-x", [])), slice("web-z", [one, two])]],
  ],
  [
    "a slice is written by someone else",
    [[slice("web-x", [one, two], "by-hand")], [member("web-1", { app: "api" })]],
  ],
  [
    "a pod moves between slices",
    [
      [slice("web-y", [{ ...one, ready: false }, three])],
      [slice("web-a", [one])],
      [slice("web-x", [two])],
      [gone(slice("web-a", []))],
      [gone(slice("web-y", []))],
    ],
  ],
  [
    "a slice lists a pod twice",
    [[slice("web-x", [one, { ...one, ip: "10.0.0.7" }])], [slice("web-x", [one])]],
  ],
  [
    "a pod that is listed at an address is listed by its name",
    [
      [slice("web-y", [three, { ip: "10.0.0.4" }])],
      [slice("web-y", [three, { pod: "web-4", ip: "10.0.0.4" }])],
    ],
  ],
  [
    "readiness comes and goes",
    [
      [member("web-1", { ready: "False" })],
      [slice("web-x", [{ ...one, ready: false }, two])],
      [member("web-1"), slice("web-x", [one, two])],
      [member("web-4", { ready: "False" })],
    ],
  ],
  [
    "a pod finishes and goes",
    [
      [member("web-1", { phase: "Succeeded", ready: "False" })],
      [slice("web-x", [two])],
      [gone(member("web-1"))],
    ],
  ],
  [
    "a listener is asked for another name",
    [[gateway, routed("a.example.com")], [routed("b.example.com")], [gone(routed("b.example.com"))]],
  ],
  [
    "a pod is labelled otherwise",
    [[member("web-1", { app: "api" })], [member("web-4", { app: "api" })], [member("web-1")]],
  ],
  [
    "the Service selects others, none, and those again",
    [
      [selecting({ app: "api" })],
      [selecting(undefined)],
      [selecting({ app: "web" })],
      [gone(selecting({}))],
      [selecting({ app: "web" })],
    ],
  ],
];

describe("facts that are carried along", () => {
  it("hold nothing of the states that they came by", async () => {
    const rounds = [...namespaces, ...namespaces.slice(0, 5)].map((namespace, round) => [
      { gone: false, object: podOf(namespace, round + 1) },
    ]);
    const keeper = new FactsKeeper(0);
    const indexes: WeakRef<object>[] = [];
    for (const { snapshot, changes, wide } of through([services, ...rounds])) {
      const { index } = inOneGo(keeper.next(snapshot, wide ? undefined : changes, times[0] ?? ""));
      indexes.push(new WeakRef(index.podsByNamespace));
      await new Promise((resolve) => setImmediate(resolve));
    }
    collectGarbage();
    expect(indexes.length).toBe(26);
    expect(indexes.slice(0, -4).filter((index) => index.deref() !== undefined)).toEqual([]);
  });

  it.each([
    ["with every Service's endpoints as one", Number.POSITIVE_INFINITY],
    ["with every endpoint by itself", 0],
    ["with those of larger Services by themselves", 3],
  ])("are after any history the ones that are compiled from its end, %s", (_, partsFrom) => {
    fc.assert(
      fc.property(arbitraryHistory(12), fc.array(fc.nat({ max: 3 })), (history, clock) => {
        const keeper = new FactsKeeper(partsFrom);
        let at = 0;
        for (const { snapshot, changes, wide } of through(history)) {
          const now = times[clock[at++] ?? 0] ?? "";
          const facts = inOneGo(keeper.next(snapshot, wide ? undefined : changes, now));
          expect(contentOf(facts)).toEqual(contentOf(compileFacts(snapshot, now)));
          expect(facts.snapshot).toBe(snapshot);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([Number.POSITIVE_INFINITY, 0])("leave those of before as they were (%d)", (partsFrom) => {
    fc.assert(
      fc.property(arbitraryHistory(6), (history) => {
        const keeper = new FactsKeeper(partsFrom);
        const kept: [Facts, ReturnType<typeof contentOf>][] = [];
        for (const { snapshot, changes, wide } of through(history)) {
          const facts = inOneGo(keeper.next(snapshot, wide ? undefined : changes, times[0] ?? ""));
          kept.push([facts, structuredClone(contentOf(facts))]);
        }
        for (const [facts, then] of kept) expect(contentOf(facts)).toEqual(then);
      }),
      { numRuns: 30 },
    );
  });

  it.each(happenings)("are those that are compiled after %s", (_, bursts) => {
    for (const partsFrom of [Number.POSITIVE_INFINITY, 0]) {
      const keeper = new FactsKeeper(partsFrom);
      for (const { snapshot, changes, wide } of through([village, ...bursts])) {
        const facts = inOneGo(keeper.next(snapshot, wide ? undefined : changes, times[2] ?? ""));
        expect(contentOf(facts)).toEqual(contentOf(compileFacts(snapshot, times[2] ?? "")));
      }
    }
  });

  it("of endpoints in slices that nothing happened to are the same objects", () => {
    const keeper = new FactsKeeper(0);
    const [before = [], after = []] = [
      ...through([village, [member("web-2", { ready: "False" }), slice("web-x", [one, two])]]),
    ].map(({ snapshot, changes, wide }) => {
      const { services } = inOneGo(keeper.next(snapshot, wide ? undefined : changes, times[2] ?? ""));
      return services.get(web)?.endpoints ?? [];
    });
    const same = after.filter((endpoint, at) => endpoint === before[at]);
    expect(same.map(({ key }) => key)).toEqual(["10.0.0.9", "pod/shop/web-1", "pod/shop/web-3"]);
  });

  it("are worked out anew after they were left half way", () => {
    const keeper = new FactsKeeper();
    const first = factsFromYaml(
      "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: []}}",
    );
    const steps = keeper.next(first.snapshot, undefined, times[0] ?? "");
    steps.next();
    steps.return(first);
    const facts = inOneGo(keeper.next(first.snapshot, [], times[0] ?? ""));
    expect(contentOf(facts)).toEqual(contentOf(compileFacts(first.snapshot, times[0] ?? "")));
  });

  it("are others where time has made other words, and the same objects elsewhere", () => {
    const keeper = new FactsKeeper();
    const [burst] = [...through([longNotReady])];
    if (burst === undefined) throw new Error("there is one burst");
    const before = inOneGo(keeper.next(burst.snapshot, undefined, "2026-01-01T00:05:00Z"));
    const after = inOneGo(keeper.next(burst.snapshot, [], "2026-01-01T00:05:40Z"));
    const told = [before, after].map(({ services }) =>
      [...services.values()].map(({ endpoints }) => endpoints[0]?.reasons[0]?.text.match(/for \S+ \S+/)?.[0]),
    );
    expect(told).toEqual([
      ["for 4 h", "for 4 min"],
      ["for 4 h", "for 5 min"],
    ]);
    expect(contentOf(after)).toEqual(contentOf(compileFacts(burst.snapshot, "2026-01-01T00:05:40Z")));
    for (const kind of ["services", "workloads"] as const) {
      const same = [...after[kind]].filter(([id, facts]) => before[kind].get(id) === facts);
      expect(same.map(([, facts]) => ("service" in facts ? facts.service.name : facts.name))).toEqual([
        "api",
      ]);
    }
  });

  it("share what nothing happened to", () => {
    const keeper = new FactsKeeper();
    const [first, second] = [...through(twoServices)];
    if (first === undefined || second === undefined) throw new Error("there are two bursts");
    const before = inOneGo(keeper.next(first.snapshot, undefined, times[0] ?? ""));
    const after = inOneGo(keeper.next(second.snapshot, second.changes, times[0] ?? ""));
    const same = [...after.services].filter(([id, facts]) => before.services.get(id) === facts);
    expect(same.map(([id]) => id)).toEqual(["service/shop/api"]);
  });
});

const service = (name: string) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  },
});
const pod = (name: string, ready: string, lastTransitionTime?: string) => ({
  gone: false,
  object: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app: name } },
    spec: { containers: [{ name: "main" }] },
    status: {
      phase: "Running",
      podIP: "10.0.0.1",
      conditions: [{ type: "Ready", status: ready, lastTransitionTime }],
    },
  },
});
const longNotReady = [
  service("web"),
  service("api"),
  pod("web", "False", "2026-01-01T00:00:30Z"),
  pod("api", "False", "2025-12-31T20:00:00Z"),
];
const twoServices = [
  [service("web"), service("api"), pod("web", "True"), pod("api", "False")],
  [pod("web", "False")],
];
