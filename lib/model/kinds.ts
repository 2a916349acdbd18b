/** The kinds that Throughline reads: Kubernetes' own names in their several spellings. */

interface KindInfo {
  /** As the API spells it: `NetworkPolicy`. */
  readonly api: string;
  /** Key in a snapshot: `networkPolicies`. */
  readonly plural: string;
  /** API group, "" for the core group. */
  readonly group: string;
  /** Other groups under which the same kind is, or was, served. */
  readonly otherGroups: readonly string[];
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
  options: {
    cluster?: true;
    short?: readonly string[];
    custom?: true;
    resource?: string;
    otherGroups?: readonly string[];
  } = {},
) {
  return {
    api,
    plural,
    group,
    otherGroups: options.otherGroups ?? [],
    resource: options.resource ?? plural.toLowerCase(),
    namespaced: options.cluster !== true,
    short: options.short ?? [],
    custom: options.custom === true,
  } as const;
}

const gateway = "gateway.networking.k8s.io";
const policy = "policy.networking.k8s.io";
/** Ingress, NetworkPolicy and the workloads were born there. */
const born = ["extensions"];

export const kinds = {
  namespace: kind("Namespace", "namespaces", "", { cluster: true, short: ["ns"] }),
  node: kind("Node", "nodes", "", { cluster: true, short: ["no"] }),
  pod: kind("Pod", "pods", "", { short: ["po"] }),
  service: kind("Service", "services", "", { short: ["svc"] }),
  "endpoint-slice": kind("EndpointSlice", "endpointSlices", "discovery.k8s.io"),
  ingress: kind("Ingress", "ingresses", "networking.k8s.io", { short: ["ing"], otherGroups: born }),
  "ingress-class": kind("IngressClass", "ingressClasses", "networking.k8s.io", { cluster: true }),
  "network-policy": kind("NetworkPolicy", "networkPolicies", "networking.k8s.io", {
    short: ["netpol"],
    otherGroups: born,
  }),
  deployment: kind("Deployment", "deployments", "apps", { short: ["deploy"], otherGroups: born }),
  "replica-set": kind("ReplicaSet", "replicaSets", "apps", { short: ["rs"], otherGroups: born }),
  "stateful-set": kind("StatefulSet", "statefulSets", "apps", { short: ["sts"] }),
  "daemon-set": kind("DaemonSet", "daemonSets", "apps", { short: ["ds"], otherGroups: born }),
  job: kind("Job", "jobs", "batch"),
  "cron-job": kind("CronJob", "cronJobs", "batch", { short: ["cj"] }),
  event: kind("Event", "events", "", { short: ["ev"], otherGroups: ["events.k8s.io"] }),
  "config-map": kind("ConfigMap", "configMaps", "", { short: ["cm"] }),
  secret: kind("Secret", "secrets", ""),
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
  "cilium-network-policy": kind("CiliumNetworkPolicy", "ciliumNetworkPolicies", "cilium.io", {
    custom: true,
  }),
  "cilium-clusterwide-network-policy": kind(
    "CiliumClusterwideNetworkPolicy",
    "ciliumClusterwideNetworkPolicies",
    "cilium.io",
    { cluster: true, short: ["ccnp"], custom: true },
  ),
  "calico-network-policy": kind("NetworkPolicy", "calicoNetworkPolicies", "crd.projectcalico.org", {
    custom: true,
    resource: "networkpolicies",
    otherGroups: ["projectcalico.org"],
  }),
  "calico-global-network-policy": kind(
    "GlobalNetworkPolicy",
    "calicoGlobalNetworkPolicies",
    "crd.projectcalico.org",
    {
      cluster: true,
      custom: true,
      resource: "globalnetworkpolicies",
      otherGroups: ["projectcalico.org"],
    },
  ),
  "antrea-network-policy": kind("NetworkPolicy", "antreaNetworkPolicies", "crd.antrea.io", {
    custom: true,
    resource: "networkpolicies",
  }),
  "antrea-cluster-network-policy": kind(
    "ClusterNetworkPolicy",
    "antreaClusterNetworkPolicies",
    "crd.antrea.io",
    { cluster: true, custom: true, resource: "clusternetworkpolicies" },
  ),
  "authorization-policy": kind("AuthorizationPolicy", "authorizationPolicies", "security.istio.io", {
    custom: true,
  }),
  "egress-firewall": kind("EgressFirewall", "egressFirewalls", "k8s.ovn.org", { custom: true }),
  certificate: kind("Certificate", "certificates", "cert-manager.io", { custom: true, short: ["cert"] }),
  "external-secret": kind("ExternalSecret", "externalSecrets", "external-secrets.io", {
    custom: true,
    short: ["es"],
  }),
  "sealed-secret": kind("SealedSecret", "sealedSecrets", "bitnami.com", { custom: true }),
} as const satisfies Record<string, KindInfo>;

export type Kind = keyof typeof kinds;
/** A snapshot's key for a kind: `networkPolicies`. */
export type PluralKind = (typeof kinds)[Kind]["plural"];

export const allKinds = Object.keys(kinds) as readonly Kind[];

/** Two kinds may share their resource's name (`networkpolicies`); it means the one that is listed first. */
const byWord: ReadonlyMap<string, Kind> = new Map(
  [...allKinds].reverse().flatMap((k) => {
    const info: KindInfo = kinds[k];
    return [k.replaceAll("-", ""), info.resource, ...info.short].map((word) => [word, k] as const);
  }),
);

const byApi: ReadonlyMap<string, Kind> = new Map(
  allKinds.flatMap((k) => {
    const { api, group, otherGroups }: KindInfo = kinds[k];
    return [group, ...otherGroups].map((each) => [`${each}/${api}`, k] as const);
  }),
);

/** The kind that a word means in any of its spellings (`NetworkPolicy`, `networkpolicies`, `netpol`, `network-policy`). */
export function kindFromWord(word: string): Kind | undefined {
  return byWord.get(word.toLowerCase().replaceAll("-", ""));
}

/** The kind that an object of this API group and `kind:` is, whatever its version; undefined when it is not one we read. */
export function kindFromApi(group: string, api: string): Kind | undefined {
  return byApi.get(`${group}/${api}`);
}
