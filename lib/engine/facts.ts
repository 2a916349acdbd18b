/**
 * What follows from a snapshot without asking any question: endpoints, owners, attachments, what policies select.
 * Compiled once per snapshot; everything else (checks, graph, panels, traces) reads these and never the raw lists.
 */
import type { Evidence } from "#lib/model/finding.ts";
import type { Health } from "#lib/model/graph.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type {
  EndpointSlice,
  Gateway,
  GatewayClass,
  Ingress,
  IngressClass,
  Labels,
  NetworkPolicy,
  Pod,
  Route,
  Service,
  ServicePort,
  TieredPolicy,
  WorkloadKind,
} from "#lib/model/objects.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import type { ClusterIndex } from "./cluster-index.ts";
import type { TlsEntry } from "./tls/tls-entries.ts";

export interface Facts {
  readonly snapshot: Snapshot;
  readonly index: ClusterIndex;
  /** By id; in the snapshot's order, as all of these but workloads, which are sorted by id. */
  readonly services: ReadonlyMap<ObjectId, ServiceFacts>;
  /** Top-level owners only (a Deployment, not its ReplicaSets), and pods that nothing owns. */
  readonly workloads: ReadonlyMap<ObjectId, WorkloadFacts>;
  readonly ingresses: ReadonlyMap<ObjectId, IngressFacts>;
  readonly gateways: ReadonlyMap<ObjectId, GatewayFacts>;
  readonly routes: ReadonlyMap<ObjectId, RouteFacts>;
  readonly policies: ReadonlyMap<ObjectId, PolicyFacts>;
  /** By Service, whether it exists or not; none where they were not read. The same list where nothing in it changed. */
  readonly slices: ReadonlyMap<ObjectId, readonly EndpointSlice[]>;
  /** Where TLS is ended with a certificate of a Secret. */
  readonly tls: readonly TlsEntry[];
  /** The moment that all of this is told for, in ms since 1970. */
  readonly now: number;
  /** Why a pod takes no traffic, the most telling reason first; empty for one that is ready and stays. */
  whyNotReady(pod: Pod): readonly Reason[];
}

export interface WorkloadFacts {
  /** The workload's id; a bare pod's own id. */
  readonly id: ObjectId;
  readonly kind: WorkloadKind | "pod";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Not finished (Succeeded, Failed) ones; a template pod stands for `template.count`. */
  readonly pods: readonly Pod[];
  readonly ready: number;
  readonly total: number;
  readonly health: Health;
  /** "2 of 3 pods ready", "scaled to 0", "finished". */
  readonly sentence: string;
  /** Policies that select any of its pods and isolate (or, for tiered policies, rule over) that direction. */
  readonly policies: { readonly ingress: readonly ObjectId[]; readonly egress: readonly ObjectId[] };
}

/** Why an endpoint takes no traffic, in words: "readiness probe failing for 4 min: HTTP 503". */
export interface Reason {
  readonly text: string;
  readonly evidence?: Evidence | undefined;
}

/** Where an EndpointSlice and the pods disagree. */
export interface Drift {
  readonly kind:
    | "pod-missing"
    | "pod-finished"
    | "other-address"
    | "not-selected"
    | "said-ready"
    | "said-not-ready"
    | "other-port"
    | "unlisted"
    | "nobodys-address";
  /** "EndpointSlice s lists pod web-9, which does not exist". */
  readonly sentence: string;
  /** The slice that says otherwise; undefined for a pod that none lists. */
  readonly slice?: ObjectId | undefined;
  /** What the slice should have followed, where there is something. */
  readonly evidence?: Evidence | undefined;
}

export interface EndpointFact {
  /** Stable within the Service: pod id, else the address. */
  readonly key: string;
  readonly addresses: readonly string[];
  readonly pod?: ObjectId | undefined;
  readonly workload?: ObjectId | undefined;
  readonly node?: string | undefined;
  readonly zone?: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Since when it is as it is (the Ready condition's last transition, else the pod's start). */
  readonly since?: string | undefined;
  /** 1, or how many pods a template stands for. */
  readonly count: number;
  /** Empty when it is ready. The first is the most telling one. */
  readonly reasons: readonly Reason[];
  /** Absent when EndpointSlice and pod agree or only one of them was read. */
  readonly drift?: Drift | undefined;
  /** Ports that its EndpointSlices open, by the Service port's name; undefined where it was computed from its pod. */
  readonly opened?: EndpointSlice["ports"] | undefined;
  /** Zones and nodes that the controller would rather have it serve; empty: no hint. */
  readonly hintZones: readonly string[];
  readonly hintNodes: readonly string[];
}

/** How one Service port lands on the pods behind it. */
export interface PortFact {
  readonly port: ServicePort;
  /** Distinct outcomes, most pods first. */
  readonly targets: readonly PortTarget[];
  /** Pods on which a named target port is not declared. 0 for a numeric one. */
  readonly unresolved: number;
  readonly health: Health;
  /** "80 → 8080 (container web declares it as http)". */
  readonly sentence: string;
  /** "pods declare the port names grpc, metrics". */
  readonly nearMiss?: string | undefined;
}

export interface PortTarget {
  /** Undefined: the name does not resolve on these pods. */
  readonly number: number | undefined;
  readonly container?: string | undefined;
  readonly portName?: string | undefined;
  /**
   * Whether a container declares the port. An undeclared number is no fault: `containerPort` only informs. True as well
   * where no pod is known that could declare it (hand-written slices).
   */
  readonly declared: boolean;
  readonly pods: number;
}

/** Labels that nearly matched a selector. */
export interface NearMiss {
  readonly workload: ObjectId;
  readonly pods: number;
  /** Where they differ; `actual` undefined when the label is absent. */
  readonly differs: readonly {
    readonly key: string;
    readonly wanted: string;
    readonly actual: string | undefined;
  }[];
  /** "1 label differs: the selector asks app=web, pods of deployment/web carry app=webb". */
  readonly sentence: string;
}

export interface ServiceFacts {
  readonly service: Service;
  /** `manual`: no selector, someone writes its EndpointSlices. */
  readonly backing: "selector" | "manual" | "external-name";
  /** Pods that the selector matches (finished ones aside); undefined when pods could not be read. */
  readonly selected: readonly Pod[] | undefined;
  /** Where endpoints were read from; `computed`: from selector and pods, since no slices were read. */
  readonly source: "endpoint-slices" | "endpoints" | "computed" | "unknown";
  readonly endpoints: readonly EndpointFact[];
  readonly ready: number;
  readonly total: number;
  readonly ports: readonly PortFact[];
  readonly nearMiss?: NearMiss | undefined;
  /** What EndpointSlices and pods disagree on, one sentence each. */
  readonly drift: readonly string[];
  readonly health: Health;
  /** "3 of 5 endpoints serve port 80 (→ 8080)". */
  readonly sentence: string;
  /** For type LoadBalancer: whether it has an address. Undefined for others and for manifests. */
  readonly loadBalancer?:
    | { readonly addresses: readonly string[]; readonly pendingWhy?: string | undefined }
    | undefined;
  /** DNS names, the fullest first. */
  readonly dnsNames: readonly string[];
}

export type BackendState =
  | "ok"
  | "service-missing"
  | "port-missing"
  | "not-permitted"
  | "no-endpoints"
  | "some-endpoints"
  | "zero-weight"
  /** A backend that is no Service (a bucket, an S3 import): nothing here to check. */
  | "not-a-service"
  | "unknown";

export interface BackendFact {
  /** Field path in the Ingress or route: `spec.rules[0].http.paths[1].backend`. */
  readonly path: string;
  readonly host?: string | undefined;
  /** URL path or match in words: `/cart`, `GET /api`. */
  readonly match: string;
  /** The Service referred to, whether or not it exists. */
  readonly service?: ObjectId | undefined;
  readonly servicePort?: number | string | undefined;
  readonly weight: number;
  readonly state: BackendState;
  readonly sentence: string;
  readonly nearMiss?: string | undefined;
  readonly evidence: Evidence;
}

export interface IngressFacts {
  readonly ingress: Ingress;
  readonly class:
    | { readonly state: "found"; readonly class: IngressClass; readonly byDefault: boolean }
    | { readonly state: "missing"; readonly name: string }
    /** It names none, and `taker`, pods of a controller, take such Ingresses; a workload's id, or a bare pod's. */
    | { readonly state: "none-needed"; readonly taker: ObjectId }
    | { readonly state: "no-default" }
    | { readonly state: "several-defaults"; readonly names: readonly string[] }
    | { readonly state: "unknown"; readonly why: string };
  readonly backends: readonly BackendFact[];
  readonly hosts: readonly string[];
  readonly health: Health;
  readonly sentence: string;
}

export interface GatewayFacts {
  readonly gateway: Gateway;
  readonly class: GatewayClass | undefined;
  readonly health: Health;
  /** "2 listeners, 3 routes attached, 198.51.100.20". */
  readonly sentence: string;
}

export interface AttachmentFact {
  /** Field path in the route: `spec.parentRefs[0]`. */
  readonly path: string;
  /** Undefined for a parent of a kind that is not read. */
  readonly parent: ObjectId | undefined;
  readonly state: "attached" | "rejected" | "parent-missing" | "unknown";
  /** What does not exist, where that is so: the parent, or the Gateway to which the ListenerSet adds its listeners. */
  readonly missing?: ObjectId | undefined;
  /** Names of the listeners that admit it. */
  readonly listeners: readonly string[];
  /** The standard reason: NotAllowedByListeners, NoMatchingListenerHostname, NoMatchingParent … */
  readonly reason?: string | undefined;
  readonly sentence: string;
  readonly nearMiss?: string | undefined;
  /** Whether the route's status says so, our own reading does, or both. */
  readonly saidBy: "status" | "computed" | "both";
  readonly evidence: readonly Evidence[];
}

export interface RouteFacts {
  readonly route: Route;
  readonly attachments: readonly AttachmentFact[];
  readonly backends: readonly BackendFact[];
  readonly health: Health;
  readonly sentence: string;
}

export interface PolicyFacts {
  readonly policy: NetworkPolicy | TieredPolicy;
  /** Workloads with a pod that it selects; undefined when pods or namespaces could not be read. */
  readonly workloads: readonly ObjectId[] | undefined;
  readonly pods: number | undefined;
  /** Pods that it selects on their node's network, not counted in `pods`: whether policies bind them is undefined. */
  readonly hostNetworkPods?: number | undefined;
  /** Directions that it isolates (NetworkPolicy) or rules over (tiered policies). */
  readonly directions: readonly ("ingress" | "egress")[];
  readonly nearMiss?: NearMiss | undefined;
  /** "isolates ingress of 3 pods of 1 workload". */
  readonly sentence: string;
}
