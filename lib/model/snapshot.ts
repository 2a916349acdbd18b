import type { PluralKind } from "./kinds.ts";
import type * as o from "./objects.ts";

/** What each key of a snapshot holds. */
export interface ObjectsByKind {
  readonly namespaces: o.Namespace;
  readonly nodes: o.Node;
  readonly pods: o.Pod;
  readonly services: o.Service;
  readonly endpointSlices: o.EndpointSlice;
  readonly ingresses: o.Ingress;
  readonly ingressClasses: o.IngressClass;
  readonly networkPolicies: o.NetworkPolicy;
  readonly deployments: o.Workload;
  readonly replicaSets: o.Workload;
  readonly statefulSets: o.Workload;
  readonly daemonSets: o.Workload;
  readonly jobs: o.Workload;
  readonly cronJobs: o.Workload;
  readonly events: o.Event;
  readonly configMaps: o.ConfigMap;
  readonly secrets: o.Secret;
  readonly gatewayClasses: o.GatewayClass;
  readonly gateways: o.Gateway;
  readonly listenerSets: o.ListenerSet;
  readonly httpRoutes: o.Route;
  readonly grpcRoutes: o.Route;
  readonly tlsRoutes: o.Route;
  readonly tcpRoutes: o.Route;
  readonly udpRoutes: o.Route;
  readonly referenceGrants: o.ReferenceGrant;
  readonly clusterNetworkPolicies: o.TieredPolicy;
  readonly adminNetworkPolicies: o.TieredPolicy;
  readonly baselineAdminNetworkPolicies: o.TieredPolicy;
  readonly ciliumNetworkPolicies: o.ForeignPolicy;
  readonly ciliumClusterwideNetworkPolicies: o.ForeignPolicy;
  readonly calicoNetworkPolicies: o.ForeignPolicy;
  readonly calicoGlobalNetworkPolicies: o.ForeignPolicy;
  readonly antreaNetworkPolicies: o.ForeignPolicy;
  readonly antreaClusterNetworkPolicies: o.ForeignPolicy;
  readonly authorizationPolicies: o.ForeignPolicy;
  readonly egressFirewalls: o.ForeignPolicy;
  readonly certificates: o.SecretMaker;
  readonly externalSecrets: o.SecretMaker;
  readonly sealedSecrets: o.SecretMaker;
}

/** Why a kind could not be read. */
export interface Unread {
  /**
   * `forbidden`: RBAC says no. `not-served`: the API server does not know the kind, so there are none.
   * `not-collected`: a dump or bundle does not hold it, so there may be some. `failed`: the read broke.
   * `switched-off`: by choice; a setting that is off unless someone asks for it would have it read.
   */
  readonly reason: "forbidden" | "not-served" | "not-collected" | "failed" | "switched-off";
  /** One sentence, as it came from the server or the bundle where it did. */
  readonly message: string;
  /** What would make it readable, e.g. the RBAC rule as YAML. */
  readonly remedy?: string | undefined;
  /** It was read, and whoever looks may not see it but in these namespaces. */
  readonly hidden?: { readonly seenIn: readonly string[] } | undefined;
}

/** A piece of input that could not be taken; nothing is dropped in silence. */
export interface Problem {
  readonly kind: "invalid" | "unreadable" | "limit" | "skipped";
  /** File and place in it, or the API path. */
  readonly where: string;
  /** Counts from 1. */
  readonly line?: number | undefined;
  readonly why: string;
  /** The object, where it could be told. */
  readonly subject?: string | undefined;
}

export type Snapshot = {
  /**
   * `undefined`: could not be read, and `unread` says why. `[]`: read, and there are none. A list may be made by a getter
   * when somebody looks at it, and a kind that was not read has none: `isRead` asks without making a list.
   */
  readonly objects: { readonly [P in PluralKind]: readonly ObjectsByKind[P][] | undefined };
  readonly unread: { readonly [P in PluralKind]?: Unread };
  readonly problems: readonly Problem[];
  /**
   * The moment that the snapshot tells of, ISO 8601: when the cluster was read; for a dump, the newest time in it;
   * undefined for plain manifests.
   */
  readonly takenAt: string | undefined;
  /** Plain manifests have no status: templates stand for pods. */
  readonly origin: "cluster" | "dump" | "manifests";
  /** Kubernetes version, where known. */
  readonly version?: string | undefined;
};

/** Whether a kind was read, in full or in part. Makes no list of it: of 150,000 pods that would be much for a yes or no. */
export function isRead({ objects }: Pick<Snapshot, "objects">, plural: PluralKind): boolean {
  const list = Object.getOwnPropertyDescriptor(objects, plural);
  return list?.get !== undefined || list?.value !== undefined;
}

/** Whether it is known what there is of a kind, in full or in part: see `known`. */
export function isKnown(snapshot: Snapshot, plural: PluralKind): boolean {
  return isRead(snapshot, plural) || snapshot.unread[plural]?.reason === "not-served";
}

/**
 * Objects of a kind as far as they are *known*: a kind that the API server does not serve has no objects, which is
 * knowledge; anything else unread is undefined.
 */
export function known<P extends PluralKind>(
  snapshot: Snapshot,
  plural: P,
): readonly ObjectsByKind[P][] | undefined {
  return snapshot.objects[plural] ?? (snapshot.unread[plural]?.reason === "not-served" ? [] : undefined);
}

/** The same, with nothing for what is unknown: only for drawing what is there, never for concluding what is not. */
export function seen<P extends PluralKind>(snapshot: Snapshot, plural: P): readonly ObjectsByKind[P][] {
  return snapshot.objects[plural] ?? [];
}

export const workloadPlurals = [
  "deployments",
  "statefulSets",
  "daemonSets",
  "replicaSets",
  "jobs",
  "cronJobs",
] as const satisfies readonly PluralKind[];

export const routePlurals = [
  "httpRoutes",
  "grpcRoutes",
  "tlsRoutes",
  "tcpRoutes",
  "udpRoutes",
] as const satisfies readonly PluralKind[];

/** Tiers above and below NetworkPolicy. */
export const tieredPlurals = [
  "clusterNetworkPolicies",
  "adminNetworkPolicies",
  "baselineAdminNetworkPolicies",
] as const satisfies readonly PluralKind[];

/** Policies of network plugins' and meshes' own kinds. */
export const foreignPlurals = [
  "ciliumNetworkPolicies",
  "ciliumClusterwideNetworkPolicies",
  "calicoNetworkPolicies",
  "calicoGlobalNetworkPolicies",
  "antreaNetworkPolicies",
  "antreaClusterNetworkPolicies",
  "authorizationPolicies",
  "egressFirewalls",
] as const satisfies readonly PluralKind[];

/** Kinds of which a controller makes Secrets. */
export const secretMakerPlurals = [
  "certificates",
  "externalSecrets",
  "sealedSecrets",
] as const satisfies readonly PluralKind[];

export type { PluralKind };
