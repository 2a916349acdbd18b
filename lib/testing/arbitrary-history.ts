/**
 * For tests only: random histories of a small cluster. A handful of names, labels, addresses and ports in two or three
 * namespaces, so that what refers to what comes, goes and changes all the time.
 */
import fc from "fast-check";
import type { Change } from "#lib/model/change.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { ClusterObject } from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { readObject } from "#lib/server/sources/objects/read-object.ts";
import { ClusterStore } from "#lib/server/store/cluster-store.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is there afterwards of an object; its `gone` takes it out. */
export interface Step {
  readonly object: Json;
  readonly gone: boolean;
}

/** Bursts, one after the other. */
export type History = readonly (readonly Step[])[];

const namespace = fc.constantFrom("shop", "shop-2", "edge", "constructor", "default");
const app = fc.constantFrom("web", "web", "api", "cart");
const ip = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "192.0.2.7");
const node = fc.constantFrom("node-a", "node-b", "node-gone");
const status = fc.constantFrom("True", "False");
const time = fc.constantFrom("2026-01-01T00:00:00Z", "2025-12-31T23:30:00Z");
const portRef = fc.constantFrom<string | number>(8080, "http", "metrics");

function meta(name: fc.Arbitrary<string>, more: Readonly<Record<string, fc.Arbitrary<unknown>>> = {}) {
  return fc.record({ name, namespace, ...more });
}

const labels = app.map((value) => ({ app: value, "app.kubernetes.io/part-of": "all" }));

const pod = fc
  .record({
    metadata: meta(fc.constantFrom("web-1", "web-2", "api-1", "cart-1"), {
      labels,
      ownerReferences: fc.constantFrom(
        [],
        [{ kind: "ReplicaSet", name: "web-5d", controller: true }],
        [{ kind: "StatefulSet", name: "web", controller: true }],
        [{ kind: "Job", name: "once", controller: true }],
      ),
      deletionTimestamp: fc.option(time, { nil: undefined, freq: 6 }),
    }),
    nodeName: node,
    hostNetwork: fc.constantFrom(false, false, false, true),
    port: fc.constantFrom("http", "metrics"),
    phase: fc.constantFrom("Running", "Running", "Pending", "Succeeded"),
    podIP: ip,
    ready: status,
    time,
    waiting: fc.constantFrom(undefined, { reason: "CrashLoopBackOff", message: "back-off" }),
  })
  .map(({ metadata, nodeName, hostNetwork, port, phase, podIP, ready, time: since, waiting }) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: {
      nodeName,
      hostNetwork,
      containers: [
        { name: "main", image: "example.com/main:1", ports: [{ name: port, containerPort: 8080 }] },
      ],
    },
    status: {
      phase,
      podIP,
      conditions: [{ type: "Ready", status: ready, lastTransitionTime: since }],
      containerStatuses: [
        {
          name: "main",
          ready: ready === "True",
          state: waiting === undefined ? { running: {} } : { waiting },
        },
      ],
    },
  }));

const service = fc
  .record({
    metadata: meta(fc.constantFrom("web", "api", "outside")),
    selector: fc.option(
      fc.oneof(
        labels,
        app.map((value) => ({ app: value })),
      ),
      { nil: undefined, freq: 5 },
    ),
    type: fc.constantFrom("ClusterIP", "ClusterIP", "LoadBalancer", "NodePort"),
    targetPort: portRef,
  })
  .map(({ metadata, selector, type, targetPort }) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type,
      selector,
      clusterIP: "10.96.0.1",
      clusterIPs: ["10.96.0.1"],
      ports: [{ name: "http", port: 80, targetPort }],
    },
    status: { loadBalancer: {} },
  }));

const endpoint = fc
  .record({
    address: ip,
    ready: fc.boolean(),
    pod: fc.option(fc.constantFrom("web-1", "web-2", "api-1", "cart-1"), { nil: undefined }),
  })
  .map(({ address, ready, pod: name }) => ({
    addresses: [address],
    conditions: { ready, serving: ready },
    ...(name === undefined ? {} : { targetRef: { kind: "Pod", name } }),
  }));

const slice = fc
  .record({
    metadata: meta(fc.constantFrom("web-x", "web-y", "api-x")),
    service: fc.constantFrom("web", "api", "outside"),
    endpoints: fc.array(endpoint, { maxLength: 3 }),
  })
  .map(({ metadata, service: name, endpoints }) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...metadata, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints,
  }));

const workload = fc
  .record({
    kind: fc.constantFrom("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"),
    namespace,
    replicas: fc.nat({ max: 3 }),
    label: app,
    owned: fc.boolean(),
  })
  .map(({ kind, namespace: of, replicas, label, owned }) => ({
    apiVersion: "apps/v1",
    kind,
    metadata: {
      name: kind === "ReplicaSet" ? "web-5d" : "web",
      namespace: of,
      ...(kind === "ReplicaSet" && owned
        ? { ownerReferences: [{ kind: "Deployment", name: "web", controller: true }] }
        : {}),
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: label } },
      template: { metadata: { labels: { app: label } }, spec: { containers: [{ name: "main" }] } },
    },
    status: { desiredNumberScheduled: replicas },
  }));

const event = fc
  .record({
    metadata: meta(fc.constantFrom("e1", "e2", "e3")),
    about: fc.constantFrom(["Pod", "web-1"], ["Pod", "api-1"], ["Service", "web"]),
    type: fc.constantFrom("Warning", "Warning", "Normal"),
    lastTimestamp: time,
    reason: fc.constantFrom("Unhealthy", "FailedScheduling", "SyncLoadBalancerFailed"),
  })
  .map(({ metadata, about: [kind, name], type, lastTimestamp, reason }) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata,
    type,
    reason,
    message: "Readiness probe failed: HTTP 503",
    count: 1,
    lastTimestamp,
    involvedObject: { apiVersion: "v1", kind, name, namespace: metadata.namespace },
  }));

const policy = fc
  .record({
    metadata: meta(fc.constantFrom("deny", "allow")),
    selected: fc.option(app, { nil: undefined }),
    from: app,
    types: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
  })
  .map(({ metadata, selected, from, types }) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: {
      podSelector: selected === undefined ? {} : { matchLabels: { app: selected } },
      policyTypes: types,
      ingress: [{ from: [{ podSelector: { matchLabels: { app: from } } }] }],
    },
  }));

const tiered = fc
  .record({ namespaceLabel: namespace, pods: fc.option(app, { nil: undefined }) })
  .map(({ namespaceLabel, pods }) => ({
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    metadata: { name: "tiered" },
    spec: {
      tier: "Admin",
      priority: 10,
      subject:
        pods === undefined
          ? { namespaces: { matchLabels: { "kubernetes.io/metadata.name": namespaceLabel } } }
          : {
              pods: {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespaceLabel } },
                podSelector: { matchLabels: { app: pods } },
              },
            },
      ingress: [{ action: "Deny", from: [{ namespaces: {} }] }],
    },
  }));

const ingress = fc
  .record({
    metadata: meta(fc.constantFrom("entry", "entry-2")),
    service: fc.constantFrom("web", "api", "none"),
    port: fc.constantFrom<Json>({ number: 80 }, { number: 81 }, { name: "http" }),
    className: fc.constantFrom(undefined, "nginx"),
  })
  .map(({ metadata, service: name, port, className }) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata,
    spec: {
      ingressClassName: className,
      tls: [{ hosts: ["shop.example.com"], secretName: "shop-tls" }],
      rules: [
        {
          host: "shop.example.com",
          http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port } } }] },
        },
      ],
    },
  }));

const ingressClass = fc.boolean().map((isDefault) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: {
    name: "nginx",
    annotations: { "ingressclass.kubernetes.io/is-default-class": String(isDefault) },
  },
  spec: { controller: "k8s.io/ingress-nginx" },
}));

const gateway = fc
  .record({ metadata: meta(fc.constant("public")), hostname: fc.constantFrom(undefined, "*.example.com") })
  .map(({ metadata, hostname }) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata,
    spec: {
      gatewayClassName: "public",
      listeners: [
        { name: "web", port: 80, protocol: "HTTP", hostname, allowedRoutes: { namespaces: { from: "All" } } },
      ],
    },
  }));

interface RouteParts {
  readonly metadata: Json["metadata"];
  readonly parent: string;
  readonly backend: string;
  readonly backendNamespace: string | undefined;
}

const httpRoute = (
  { metadata, backend, backendNamespace }: RouteParts,
  parentRef: object,
  hostnames: readonly string[] | undefined,
) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata,
  spec: {
    hostnames,
    parentRefs: [parentRef],
    rules: [{ backendRefs: [{ name: backend, port: 80, namespace: backendNamespace }] }],
  },
});

const routeParts = (names: readonly string[], backends: readonly string[]) =>
  fc.record({
    metadata: meta(fc.constantFrom(...names)),
    parent: namespace,
    backend: fc.constantFrom(...backends),
    backendNamespace: fc.option(namespace, { nil: undefined }),
  });

const route = routeParts(["route", "route-2"], ["web", "api", "none"]).map((parts) =>
  httpRoute(parts, { name: "public", namespace: parts.parent }, ["shop.example.com"]),
);

const grant = fc
  .record({ metadata: meta(fc.constant("grant")), from: namespace })
  .map(({ metadata, from }) => ({
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    kind: "ReferenceGrant",
    metadata,
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: from }],
      to: [{ group: "", kind: "Service" }],
    },
  }));

const nodeObject = fc
  .record({ name: node, ready: status, cidr: fc.constantFrom("10.0.0.0/24", "10.1.0.0/24"), since: time })
  .map(({ name, ready, cidr, since }) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "topology.kubernetes.io/zone": ready === "True" ? "a" : "b" } },
    spec: { podCIDRs: [cidr] },
    status: { conditions: [{ type: "Ready", status: ready, lastTransitionTime: since }] },
  }));

const namespaceObject = fc.record({ name: namespace, team: app }).map(({ name, team }) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name, team } },
}));

const corefile = fc.constantFrom("cluster.local", "example.internal").map((domain) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "coredns", namespace: "kube-system" },
  data: { Corefile: `.:53 {\n kubernetes ${domain} in-addr.arpa\n}` },
}));

const listenerSet = fc
  .record({ metadata: meta(fc.constant("more")), parent: namespace, n: fc.nat({ max: 2 }) })
  .map(({ metadata, parent, n }) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "ListenerSet",
    metadata,
    spec: {
      parentRef: { name: "public", namespace: parent },
      listeners: Array.from({ length: n + 1 }, (_, i) => ({ name: `l${i}`, port: 90 + i, protocol: "HTTP" })),
    },
  }));
const setRoute = routeParts(["route-3", "route"], ["web", "api", "alias"]).map((parts) =>
  httpRoute(
    parts,
    { kind: "ListenerSet", group: "gateway.networking.k8s.io", name: "more", namespace: parts.parent },
    undefined,
  ),
);

const external = fc
  .record({
    metadata: meta(fc.constantFrom("alias", "api")),
    host: fc.constantFrom("db.example.com", "10.0.0.1", "web.shop.svc.cluster.local"),
  })
  .map(({ metadata, host }) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { type: "ExternalName", externalName: host },
  }));
const job = fc
  .record({ namespace, owned: fc.boolean(), kind: fc.constantFrom("Job", "CronJob") })
  .map(({ namespace: of, owned, kind }) => ({
    apiVersion: "batch/v1",
    kind,
    metadata: {
      name: kind === "Job" ? "once" : "nightly",
      namespace: of,
      ...(kind === "Job" && owned
        ? { ownerReferences: [{ kind: "CronJob", name: "nightly", controller: true }] }
        : {}),
    },
    spec:
      kind === "Job"
        ? { template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main" }] } } }
        : {
            schedule: "* * * * *",
            jobTemplate: {
              spec: {
                template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main" }] } },
              },
            },
          },
  }));
/** Pods and their slices change most, as they do. */
const object: fc.Arbitrary<Json> = fc.oneof(
  { weight: 10, arbitrary: pod },
  { weight: 5, arbitrary: slice },
  { weight: 4, arbitrary: service },
  { weight: 2, arbitrary: listenerSet },
  { weight: 2, arbitrary: setRoute },
  { weight: 2, arbitrary: external },
  { weight: 3, arbitrary: job },
  { weight: 4, arbitrary: workload },
  { weight: 3, arbitrary: event },
  { weight: 2, arbitrary: policy },
  { weight: 1, arbitrary: tiered },
  { weight: 2, arbitrary: ingress },
  { weight: 1, arbitrary: ingressClass },
  { weight: 1, arbitrary: gateway },
  { weight: 2, arbitrary: route },
  { weight: 1, arbitrary: grant },
  { weight: 1, arbitrary: nodeObject },
  { weight: 1, arbitrary: namespaceObject },
  { weight: 1, arbitrary: corefile },
);

export function arbitraryHistory(bursts: number): fc.Arbitrary<History> {
  const step = fc.record({ object, gone: fc.constantFrom(false, false, false, true) });
  const first = fc.array(fc.record({ object, gone: fc.constant(false) }), { minLength: 10, maxLength: 40 });
  return fc
    .tuple(first, fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: bursts }))
    .map(([start, more]) => [start, ...more]);
}

/** A cluster through its history: each burst gives the snapshot after it and what changed. */
export function* through(history: History): Generator<{
  readonly snapshot: Snapshot;
  readonly changes: readonly Change[];
  readonly wide: boolean;
}> {
  const store = new ClusterStore();
  for (const burst of history) {
    for (const { object: json, gone } of burst) {
      const read = objectOf(json);
      const { plural } = kinds[read.kind];
      if (gone) store.remove(plural, read.id);
      else store.put(plural, { id: read.id, object: read, problems: [] });
    }
    const update = store.take("2026-01-01T00:05:00Z");
    if (update !== undefined) yield update;
  }
}

function objectOf(json: Json): ClusterObject {
  const outcome = readObject(json);
  if (outcome.kind !== "object")
    throw new Error(`the history has what is not read: ${JSON.stringify(outcome)}`);
  return outcome.object;
}
