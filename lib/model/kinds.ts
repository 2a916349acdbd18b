/** The kinds that Throughline reads: Kubernetes' own names in their several spellings. */

interface KindInfo {
  /** As the API spells it: `NetworkPolicy`. */
  readonly api: string;
  /** Key in a snapshot: `networkPolicies`. */
  readonly plural: string;
  /** API group, "" for the core group. */
  readonly group: string;
  /** Resource name in URLs and RBAC rules: `networkpolicies`. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** kubectl's short names. */
  readonly short: readonly string[];
  /** Served only where a CustomResourceDefinition is installed. */
  readonly custom: boolean;
}

function kind<const Plural extends string>(
  api: string,
  plural: Plural,
  group: string,
  options: { cluster?: true; short?: readonly string[]; custom?: true } = {},
) {
  return {
    api,
    plural,
    group,
    resource: plural.toLowerCase(),
    namespaced: options.cluster !== true,
    short: options.short ?? [],
    custom: options.custom === true,
  } as const;
}

const gateway = "gateway.networking.k8s.io";
const policy = "policy.networking.k8s.io";

export const kinds = {
  namespace: kind("Namespace", "namespaces", "", { cluster: true, short: ["ns"] }),
  node: kind("Node", "nodes", "", { cluster: true, short: ["no"] }),
  pod: kind("Pod", "pods", "", { short: ["po"] }),
  service: kind("Service", "services", "", { short: ["svc"] }),
  "endpoint-slice": kind("EndpointSlice", "endpointSlices", "discovery.k8s.io"),
  ingress: kind("Ingress", "ingresses", "networking.k8s.io", { short: ["ing"] }),
  "ingress-class": kind("IngressClass", "ingressClasses", "networking.k8s.io", { cluster: true }),
  "network-policy": kind("NetworkPolicy", "networkPolicies", "networking.k8s.io", { short: ["netpol"] }),
  deployment: kind("Deployment", "deployments", "apps", { short: ["deploy"] }),
  "replica-set": kind("ReplicaSet", "replicaSets", "apps", { short: ["rs"] }),
  "stateful-set": kind("StatefulSet", "statefulSets", "apps", { short: ["sts"] }),
  "daemon-set": kind("DaemonSet", "daemonSets", "apps", { short: ["ds"] }),
  job: kind("Job", "jobs", "batch"),
  "cron-job": kind("CronJob", "cronJobs", "batch", { short: ["cj"] }),
  event: kind("Event", "events", "", { short: ["ev"] }),
  "config-map": kind("ConfigMap", "configMaps", "", { short: ["cm"] }),
  "gateway-class": kind("GatewayClass", "gatewayClasses", gateway, {
    cluster: true,
    short: ["gc"],
    custom: true,
  }),
  gateway: kind("Gateway", "gateways", gateway, { short: ["gtw"], custom: true }),
  "listener-set": kind("ListenerSet", "listenerSets", gateway, { custom: true }),
  "http-route": kind("HTTPRoute", "httpRoutes", gateway, { custom: true }),
  "grpc-route": kind("GRPCRoute", "grpcRoutes", gateway, { custom: true }),
  "tls-route": kind("TLSRoute", "tlsRoutes", gateway, { custom: true }),
  "tcp-route": kind("TCPRoute", "tcpRoutes", gateway, { custom: true }),
  "udp-route": kind("UDPRoute", "udpRoutes", gateway, { custom: true }),
  "reference-grant": kind("ReferenceGrant", "referenceGrants", gateway, {
    short: ["refgrant"],
    custom: true,
  }),
  "cluster-network-policy": kind("ClusterNetworkPolicy", "clusterNetworkPolicies", policy, {
    cluster: true,
    short: ["cnp"],
    custom: true,
  }),
  "admin-network-policy": kind("AdminNetworkPolicy", "adminNetworkPolicies", policy, {
    cluster: true,
    short: ["anp"],
    custom: true,
  }),
  "baseline-admin-network-policy": kind(
    "BaselineAdminNetworkPolicy",
    "baselineAdminNetworkPolicies",
    policy,
    {
      cluster: true,
      short: ["banp"],
      custom: true,
    },
  ),
} as const satisfies Record<string, KindInfo>;

export type Kind = keyof typeof kinds;
/** A snapshot's key for a kind: `networkPolicies`. */
export type PluralKind = (typeof kinds)[Kind]["plural"];

export const allKinds = Object.keys(kinds) as readonly Kind[];

const byWord: ReadonlyMap<string, Kind> = new Map(
  allKinds.flatMap((k) => {
    const info: KindInfo = kinds[k];
    return [k.replaceAll("-", ""), info.resource, ...info.short].map((word) => [word, k] as const);
  }),
);

/** The kind that a word means in any of its spellings (`NetworkPolicy`, `networkpolicies`, `netpol`, `network-policy`). */
export function kindFromWord(word: string): Kind | undefined {
  return byWord.get(word.toLowerCase().replaceAll("-", ""));
}

/** The kind that an object of this API group and `kind:` is, whatever its version; undefined when it is not one we read. */
export function kindFromApi(group: string, api: string): Kind | undefined {
  const found = byWord.get(api.toLowerCase());
  if (found === undefined || kinds[found].api !== api) return undefined;
  if (kinds[found].group === group) return found;
  // Ingress and NetworkPolicy were born in `extensions`, Events are also served by `events.k8s.io`.
  if (group === "extensions" && (found === "ingress" || found === "network-policy" || found === "deployment"))
    return found;
  return group === "events.k8s.io" && found === "event" ? found : undefined;
}
