import type { Chance } from "./chance.ts";

/** Each breaks an app in a way that one of the checks knows. */
export const faults = [
  "wrong-selector",
  "crash-loop",
  "probe-fails-on-some",
  "port-name-unknown",
  "load-balancer-pending",
  "ingress-service-missing",
  "ingress-port-missing",
  "route-hostname-foreign",
  "route-not-permitted",
  "route-backend-missing",
  "policy-selects-nothing",
  "policy-peer-matches-nothing",
] as const;
export type Fault = (typeof faults)[number];

export interface App {
  readonly namespace: string;
  readonly name: string;
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly replicas: number;
  /** Without one, nothing sends to it: a worker. */
  readonly served: boolean;
  readonly entry: "ingress" | "route" | "load-balancer" | undefined;
  readonly fault: Fault | undefined;
  readonly port: number;
}

export interface ClusterSize {
  readonly pods: number;
  /** Besides kube-system and edge. */
  readonly namespaces: number;
  readonly nodes: number;
  /** About how many apps are to have a Service; undefined: as many as there come to be. */
  readonly services?: number | undefined;
}

// biome-ignore format: a list of words
const areas = [
  "payments", "orders", "catalog", "search", "identity", "shipping", "billing", "reports", "media", "chat",
  "pricing", "loyalty", "fraud", "inbox", "maps", "ledger", "stock", "tickets", "reviews", "partners",
] as const;
// biome-ignore format: a list of words
const roles = [
  "api", "web", "worker", "gateway", "cache", "store", "sync", "admin", "jobs", "events", "auth", "feed",
] as const;
/** Most apps have two or three pods; a few have many. */
const replicaCounts = [1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 5, 6, 8, 12, 20] as const;

const meanReplicas = replicaCounts.reduce((sum, count) => sum + count, 0) / replicaCounts.length;
/** Workers and jobs have no Service. */
const servedShare = 10 / 12;

export function namespaceName(at: number): string {
  const round = Math.floor(at / areas.length);
  return `${areas[at % areas.length]}${round === 0 ? "" : `-${round + 1}`}`;
}

/** Two agents on each node and the cluster's DNS where there is room for them, then apps until the pods are used up. */
export function planApps(chance: Chance, size: ClusterSize, brokenShare: number): readonly App[] {
  const system = systemApps(size);
  const rest = size.pods - system.reduce((sum, app) => sum + app.replicas, 0);
  const scale = size.services === undefined ? 1 : (rest * servedShare) / (size.services * meanReplicas);
  const apps = sharesOf(rest, size.namespaces).flatMap((pods, at) =>
    namespaceApps(chance, namespaceName(at), pods, scale),
  );
  return [...system, ...withFaults(apps, Math.max(1, Math.round(apps.length * brokenShare)))];
}

function systemApps({ pods, nodes }: ClusterSize): readonly App[] {
  const plain = { namespace: "kube-system", entry: undefined, fault: undefined } as const;
  const all: readonly App[] = [
    { ...plain, name: "coredns", kind: "Deployment", replicas: 2, served: true, port: 53 },
    { ...plain, name: "kube-proxy", kind: "DaemonSet", replicas: nodes, served: false, port: 10_256 },
    { ...plain, name: "node-exporter", kind: "DaemonSet", replicas: nodes, served: true, port: 9100 },
  ];
  return pods >= 4 * nodes ? all : [];
}

/** Some namespaces are large and most are small: shares fall with the rank. */
function sharesOf(pods: number, namespaces: number): readonly number[] {
  const weights = Array.from({ length: namespaces }, (_, rank) => (rank + 2) ** -0.6);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let given = 0;
  let wanted = 0;
  return weights.map((weight) => {
    wanted += (pods * weight) / total;
    const share = Math.round(wanted) - given;
    given += share;
    return share;
  });
}

function namespaceApps(chance: Chance, namespace: string, pods: number, scale: number): readonly App[] {
  const apps: App[] = [];
  for (let left = pods; left > 0; ) {
    const replicas = Math.min(left, Math.max(1, Math.round(chance.pick(replicaCounts) * scale)));
    left -= replicas;
    const role = roles[apps.length % roles.length] ?? roles[0];
    const round = Math.floor(apps.length / roles.length);
    const served = role !== "worker" && role !== "jobs";
    const luck = chance.next();
    apps.push({
      namespace,
      name: `${chance.pick(areas)}-${role}${round === 0 ? "" : `-${round + 1}`}`,
      kind: role === "store" || role === "cache" ? "StatefulSet" : "Deployment",
      replicas,
      served,
      entry: !served
        ? undefined
        : luck < 0.12
          ? "ingress"
          : luck < 0.22
            ? "route"
            : luck < 0.24
              ? "load-balancer"
              : undefined,
      fault: undefined,
      port: 8000 + chance.below(20) * 10,
    });
  }
  return apps;
}

/** Spread evenly over what has a Service, every kind of fault in turn; each gets the entry that it is about. */
function withFaults(apps: readonly App[], count: number): readonly App[] {
  const served = apps.filter((app) => app.served && app.kind === "Deployment");
  const broken = new Map<App, Fault>();
  for (let n = 0; n < Math.min(count, served.length); n++) {
    const app = served[Math.floor(((n + 0.5) * served.length) / count)];
    const fault = faults[n % faults.length];
    if (app !== undefined && fault !== undefined) broken.set(app, fault);
  }
  return apps.map((app) => {
    const fault = broken.get(app);
    if (fault === undefined) return app;
    return { ...app, fault, entry: entryFor(fault) ?? app.entry };
  });
}

function entryFor(fault: Fault): App["entry"] {
  if (fault.startsWith("ingress")) return "ingress";
  if (fault.startsWith("route")) return "route";
  return fault === "load-balancer-pending" ? "load-balancer" : undefined;
}
