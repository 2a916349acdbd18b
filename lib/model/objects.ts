/**
 * Kubernetes objects cut down to what the model needs. Plain readonly JSON; defaults that the API server would
 * have filled in are filled in when an object is read, so that a manifest and the live object read the same.
 * Times are ISO 8601 strings, as the API writes them.
 */
import type { ObjectId } from "./ids.ts";

export type Labels = Readonly<Record<string, string>>;
export type Protocol = "TCP" | "UDP" | "SCTP";

export interface OwnerRef {
  /** As the API spells it: `ReplicaSet`. May be a kind that we do not read. */
  readonly apiKind: string;
  readonly name: string;
  readonly controller: boolean;
}

/** Where in the given files an object stands. `line` counts from 1. */
export interface Origin {
  readonly file: string;
  readonly line?: number | undefined;
}

/** A field that the API would refuse. The object is kept, and nothing is concluded from what it may have meant. */
export interface Fault {
  /** Field path: `spec.ingress[0].ports[1].endPort`. */
  readonly path: string;
  /** What is wrong with it, to follow the path: "is below port". */
  readonly why: string;
}

interface Meta {
  readonly id: ObjectId;
  readonly name: string;
  readonly labels: Labels;
  /** Only annotations that the model reads; see `keptAnnotations`. */
  readonly annotations: Labels;
  readonly createdAt?: string | undefined;
  /** Set while the object is being deleted. */
  readonly deletingAt?: string | undefined;
  readonly owners: readonly OwnerRef[];
  readonly origin?: Origin | undefined;
}

interface Namespaced extends Meta {
  readonly namespace: string;
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly since?: string | undefined;
}

/** `matchLabels` and `matchExpressions` are ANDed; an empty selector selects everything. */
export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly MatchExpression[];
}

export interface MatchExpression {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

export interface Namespace extends Meta {
  readonly kind: "namespace";
  /** No Namespace object was read; its name was used by another object in the given files. */
  readonly implied?: true;
}

export interface Node extends Meta {
  readonly kind: "node";
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly podCIDRs: readonly string[];
  readonly unschedulable: boolean;
  /** Keys alone: what kind of node it is; values and effects are for the scheduler. */
  readonly taints: readonly string[];
  readonly conditions: readonly Condition[];
  /** Label `topology.kubernetes.io/zone`. */
  readonly zone?: string | undefined;
}

export interface ContainerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
  readonly protocol: Protocol;
  readonly hostPort?: number | undefined;
  /** The one address of the node on which `hostPort` is open; absent for all of them. */
  readonly hostIP?: string | undefined;
}

export interface Probe {
  readonly type: "http" | "tcp" | "grpc" | "exec";
  /** A number, or the name of a container port. Absent for exec. */
  readonly port?: number | string | undefined;
  readonly path?: string | undefined;
  /** Where the kubelet connects to; absent for the pod itself. */
  readonly host?: string | undefined;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

export type ContainerState =
  | { readonly kind: "running"; readonly startedAt?: string | undefined }
  | { readonly kind: "waiting"; readonly reason?: string | undefined; readonly message?: string | undefined }
  | {
      readonly kind: "terminated";
      readonly exitCode: number;
      readonly reason?: string | undefined;
      readonly message?: string | undefined;
      readonly finishedAt?: string | undefined;
    }
  /** No status was given (a manifest, or a pod that no kubelet has picked up). */
  | { readonly kind: "unreported" };

/** A host that a variable of a container's environment names. */
export interface EnvName {
  readonly variable: string;
  /** Lower case, without a port or a final dot: `cart.shop.svc.cluster.local`, `cart.shop`. */
  readonly host: string;
}

export interface Container {
  readonly name: string;
  /** A sidecar is an init container with `restartPolicy: Always`; its ports count like a main container's. */
  readonly role: "main" | "init" | "sidecar";
  readonly image?: string | undefined;
  /** Flags of its command line, without dashes; only those that the model reads; see `keptFlags`. */
  readonly flags?: Labels | undefined;
  /** Names of the cluster that its environment holds, and nothing else of that; absent where there are none. */
  readonly envNames?: readonly EnvName[] | undefined;
  readonly ports: readonly ContainerPort[];
  readonly readinessProbe?: Probe | undefined;
  readonly livenessProbe?: Probe | undefined;
  /** Until it succeeds, the other two are not asked. */
  readonly startupProbe?: Probe | undefined;
  readonly state: ContainerState;
  /** How the container ended the last time. */
  readonly lastEnd?: Extract<ContainerState, { kind: "terminated" }> | undefined;
  readonly restartCount: number;
  readonly ready: boolean;
}

/** `spec.dnsConfig`: added to what `dnsPolicy` gives; all there is with `dnsPolicy: None`. */
export interface DnsConfig {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  /** Undefined: the resolver's own default. */
  readonly ndots?: number | undefined;
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface Pod extends Namespaced {
  readonly kind: "pod";
  readonly nodeName?: string | undefined;
  readonly hostNetwork: boolean;
  readonly phase: PodPhase;
  /** Status reason, e.g. `Evicted`, `NodeLost`. */
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** Primary first. */
  readonly ips: readonly string[];
  readonly hostIP?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly dnsPolicy: string;
  readonly dnsConfig?: DnsConfig | undefined;
  /** `spec.hostname`, which a StatefulSet's pods have from their names. */
  readonly hostname?: string | undefined;
  /** `spec.subdomain`: the headless Service under which the pod has a DNS name of its own. */
  readonly subdomain?: string | undefined;
  readonly containers: readonly Container[];
  readonly conditions: readonly Condition[];
  /** No pod was read: this one stands for a workload's template, `count` times, and is taken as running and ready. */
  readonly template?: { readonly count: number } | undefined;
}

export interface ServicePort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
  /** A number, or the name of a container port. */
  readonly targetPort: number | string;
  readonly nodePort?: number | undefined;
  readonly appProtocol?: string | undefined;
}

export interface LoadBalancerAddress {
  readonly ip?: string | undefined;
  readonly hostname?: string | undefined;
  /** `Proxy`: it sends on with an address of its own, and nodes do not take its address for theirs. Absent: they do. */
  readonly ipMode?: "Proxy" | undefined;
}

export interface Service extends Namespaced {
  readonly kind: "service";
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
  /** Empty when the Service has no selector: someone else writes its EndpointSlices. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** `["None"]` for a headless Service; empty before one is assigned and in manifests. */
  readonly clusterIPs: readonly string[];
  readonly ipFamilies: readonly string[];
  readonly externalName?: string | undefined;
  readonly externalIPs: readonly string[];
  readonly internalTrafficPolicy: "Cluster" | "Local";
  readonly externalTrafficPolicy: "Cluster" | "Local";
  /** Where a load balancer asks each node whether it has an endpoint; only with `externalTrafficPolicy: Local`. */
  readonly healthCheckNodePort?: number | undefined;
  readonly publishNotReadyAddresses: boolean;
  readonly sessionAffinity: string;
  readonly trafficDistribution?: string | undefined;
  readonly loadBalancerClass?: string | undefined;
  readonly loadBalancerSourceRanges: readonly string[];
  /** Undefined when no status was given (a manifest). */
  readonly loadBalancer: readonly LoadBalancerAddress[] | undefined;
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  /** An absent `ready` or `serving` means true, an absent `terminating` false (discovery.k8s.io/v1). */
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly pod?: ObjectId | undefined;
  readonly nodeName?: string | undefined;
  readonly zone?: string | undefined;
  /** The pod's name below the Service's, where it has one. */
  readonly hostname?: string | undefined;
  readonly hintZones: readonly string[];
  readonly hintNodes: readonly string[];
}

export interface EndpointSlice extends Namespaced {
  readonly kind: "endpoint-slice";
  /** `endpoints`: read from a v1 Endpoints object, because no EndpointSlices were served or given. */
  readonly from: "endpoint-slice" | "endpoints";
  /** Label `kubernetes.io/service-name`. */
  readonly serviceName?: string | undefined;
  readonly addressType: string;
  /** Label `endpointslice.kubernetes.io/managed-by`. */
  readonly managedBy?: string | undefined;
  /** An undefined `port` means "all ports". */
  readonly ports: readonly {
    readonly name: string;
    readonly port?: number | undefined;
    readonly protocol: Protocol;
  }[];
  readonly endpoints: readonly SliceEndpoint[];
}

export type IngressBackend =
  | { readonly kind: "service"; readonly name: string; readonly port: number | string }
  | { readonly kind: "resource"; readonly apiKind: string; readonly name: string };

export interface IngressPath {
  readonly path: string;
  readonly pathType: "Exact" | "Prefix" | "ImplementationSpecific";
  readonly backend: IngressBackend;
}

export interface Ingress extends Namespaced {
  readonly kind: "ingress";
  /** `spec.ingressClassName`, or the old `kubernetes.io/ingress.class` annotation. */
  readonly className?: string | undefined;
  readonly defaultBackend?: IngressBackend | undefined;
  readonly rules: readonly { readonly host?: string | undefined; readonly paths: readonly IngressPath[] }[];
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName?: string | undefined }[];
  readonly loadBalancer: readonly LoadBalancerAddress[] | undefined;
}

export interface IngressClass extends Meta {
  readonly kind: "ingress-class";
  readonly controller: string;
  readonly isDefault: boolean;
}

export interface PolicyPort {
  readonly protocol: Protocol;
  /** Absent: all ports of the protocol. */
  readonly port?: number | string | undefined;
  readonly endPort?: number | undefined;
}

export type PolicyPeer =
  | {
      readonly kind: "pods";
      /** Absent: the policy's own namespace. */
      readonly namespaceSelector?: LabelSelector | undefined;
      /** Absent: every pod of the namespaces selected. */
      readonly podSelector?: LabelSelector | undefined;
    }
  | { readonly kind: "ip-block"; readonly cidr: string; readonly except: readonly string[] };

/** Empty `peers`: any peer. Empty `ports`: all ports of all protocols. */
export interface PolicyRule {
  readonly peers: readonly PolicyPeer[];
  readonly ports: readonly PolicyPort[];
}

export interface NetworkPolicy extends Namespaced {
  readonly kind: "network-policy";
  readonly podSelector: LabelSelector;
  /** Filled in as the API server does: Ingress, and Egress only where there are egress rules. */
  readonly policyTypes: readonly ("Ingress" | "Egress")[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
  /**
   * Not empty: the API would refuse it. Its rules are left out then, `podSelector` and `policyTypes` are the widest
   * that it may have meant, and verdicts that it could change are unknown.
   */
  readonly faults: readonly Fault[];
}

/** ClusterNetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy. */
export interface TieredPolicy extends Meta {
  readonly kind: "cluster-network-policy" | "admin-network-policy" | "baseline-admin-network-policy";
  readonly tier: "Admin" | "Baseline";
  /** 0 to 1000, the lower is asked first. */
  readonly priority: number;
  readonly subject: {
    readonly namespaceSelector: LabelSelector;
    /** Absent: every pod of the namespaces selected. */
    readonly podSelector?: LabelSelector | undefined;
  };
  /** In the order in which they are asked. */
  readonly ingress: readonly TieredRule[];
  readonly egress: readonly TieredRule[];
  /** As a NetworkPolicy's. `tier` and `priority` are those of its kind, or the first to be asked. */
  readonly faults: readonly Fault[];
}

export interface TieredRule {
  readonly name?: string | undefined;
  /** v1alpha1 spells Accept as Allow. */
  readonly action: "Accept" | "Deny" | "Pass";
  readonly peers: readonly TieredPeer[];
  /** Empty: all ports of all protocols. */
  readonly ports: readonly TieredPort[];
}

export type TieredPeer =
  | {
      readonly kind: "pods";
      readonly namespaceSelector: LabelSelector;
      /** Absent: every pod of the namespaces selected. */
      readonly podSelector?: LabelSelector | undefined;
    }
  | { readonly kind: "nodes"; readonly selector: LabelSelector }
  | { readonly kind: "networks"; readonly cidrs: readonly string[] }
  | { readonly kind: "domain-names"; readonly names: readonly string[] }
  /** No field is set: the API has it fail closed (no Accept, and Deny for everything else). */
  | { readonly kind: "empty" };

export type TieredPort =
  /** `end` equals `start` for a single port. */
  | {
      readonly kind: "numbers";
      readonly protocol: Protocol;
      readonly start: number;
      readonly end: number;
    }
  /** A container port's name, whatever its protocol. */
  | { readonly kind: "named"; readonly name: string };

/**
 * A policy of a network plugin's or a mesh's own kind. Its rules are not evaluated; whom it concerns is read as far
 * as that is needed to say which verdicts it could change.
 */
export interface ForeignPolicy extends Meta {
  readonly kind: ForeignPolicyKind;
  /** Absent for a cluster-wide kind. */
  readonly namespace?: string | undefined;
  /** Undefined: not read in full, so that it may concern any pod (of its namespace, where it has one). */
  readonly subject:
    | {
        /** Absent: its own namespace; every namespace for a cluster-wide kind. */
        readonly namespaceSelector?: LabelSelector | undefined;
        readonly podSelector: LabelSelector;
      }
    | undefined;
  readonly directions: readonly ("ingress" | "egress")[];
  /** Whether it can only close what others leave open, or also open what others close. */
  readonly effect: "closes" | "opens-and-closes";
}

export type ForeignPolicyKind =
  | "cilium-network-policy"
  | "cilium-clusterwide-network-policy"
  | "calico-network-policy"
  | "calico-global-network-policy"
  | "antrea-network-policy"
  | "antrea-cluster-network-policy"
  | "authorization-policy"
  | "egress-firewall";

export interface PodTemplate {
  readonly labels: Labels;
  readonly hostNetwork: boolean;
  readonly dnsPolicy: string;
  readonly dnsConfig?: DnsConfig | undefined;
  readonly hostname?: string | undefined;
  readonly subdomain?: string | undefined;
  readonly containers: readonly Container[];
}

export type WorkloadKind = "deployment" | "replica-set" | "stateful-set" | "daemon-set" | "job" | "cron-job";

export interface Workload extends Namespaced {
  readonly kind: WorkloadKind;
  /** Desired pods; undefined where the kind has no such number (DaemonSet, CronJob) or no status tells it. */
  readonly desired: number | undefined;
  readonly selector?: LabelSelector | undefined;
  readonly template: PodTemplate;
  /** StatefulSet's governing Service. */
  readonly serviceName?: string | undefined;
  readonly suspended: boolean;
}

export interface Event extends Namespaced {
  readonly kind: "event";
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstSeen?: string | undefined;
  readonly lastSeen?: string | undefined;
  /** What the event is about, where it is a kind that we read. */
  readonly about?: ObjectId | undefined;
}

/** Only ConfigMaps that hold a Corefile are kept, and of those only the Corefile. */
export interface ConfigMap extends Namespaced {
  readonly kind: "config-map";
  readonly corefile: string;
}

/**
 * Of a Secret its name and type; of one for TLS also what its certificate says. No other value of any Secret comes into
 * the model: a private key is compared with its certificate as the Secret is read, and dropped there.
 */
export interface Secret extends Namespaced {
  readonly kind: "secret";
  /** `kubernetes.io/tls`, `Opaque` … */
  readonly type: string;
  /** Present for type `kubernetes.io/tls` only. */
  readonly tls?: TlsContent | undefined;
}

export type TlsContent =
  | {
      readonly kind: "certificates";
      /** In the order of `tls.crt`, at least one; servers present the first as their own. */
      readonly chain: readonly X509[];
      /** For each but the last: whether the next one issued it. */
      readonly issuedByNext: readonly boolean[];
      readonly key: TlsKey;
    }
  /** `absent`: nothing there, or taken out by whoever collected it. `malformed`: PEM that cannot be parsed. */
  | { readonly kind: "none"; readonly reason: "absent" | "not-pem" | "malformed" };

/**
 * What `tls.key` is to the certificates of `tls.crt`: the key of the first of them, of another one, of none;
 * `encrypted`: with a passphrase; `unreadable`: of a kind that cannot be parsed here; `absent`: nothing there that is a
 * key, or taken out by whoever collected it.
 */
export type TlsKey = "of-first" | "of-another" | "of-none" | "encrypted" | "unreadable" | "absent";

/** What is told of one certificate. */
export interface X509 {
  /** `CN=shop.example.com, O=Shop`; empty where it has none. */
  readonly subject: string;
  readonly commonName?: string | undefined;
  readonly issuer: string;
  /** The host names and addresses of its subjectAltName: what clients compare with the name that they asked for. */
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly isCa: boolean;
}

/** What a controller makes a Secret of; the Secret itself is in no repository then. */
export interface SecretMaker extends Namespaced {
  readonly kind: "certificate" | "external-secret" | "sealed-secret";
  /** The Secret, in its own namespace. */
  readonly secretName: string;
  readonly conditions: readonly Condition[];
  /** Of a cert-manager Certificate's status: the life of the certificate in the Secret, and when it is to be renewed. */
  readonly validity?: { readonly notBefore: string; readonly notAfter: string } | undefined;
  readonly renewalTime?: string | undefined;
}

export interface GatewayClass extends Meta {
  readonly kind: "gateway-class";
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** Of which namespaces a Gateway takes something. */
export type AllowedNamespaces =
  | { readonly from: "Same" }
  | { readonly from: "All" }
  | { readonly from: "None" }
  | { readonly from: "Selector"; readonly selector: LabelSelector };

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Absent: every hostname. */
  readonly hostname?: string | undefined;
  readonly allowedNamespaces: AllowedNamespaces;
  /** Route kinds admitted (`HTTPRoute`); empty: those that suit the protocol. */
  readonly allowedKinds: readonly string[];
  readonly tls?:
    | {
        readonly mode: "Terminate" | "Passthrough";
        readonly certificateRefs: readonly {
          readonly namespace?: string | undefined;
          readonly name: string;
          /** Another kind than Secret, as the API spells it. */
          readonly otherKind?: string | undefined;
        }[];
      }
    | undefined;
  /** From status; empty in manifests. */
  readonly conditions: readonly Condition[];
}

export interface Gateway extends Namespaced {
  readonly kind: "gateway";
  readonly className: string;
  readonly listeners: readonly Listener[];
  /** Whose ListenerSets it takes. */
  readonly allowedListeners: AllowedNamespaces;
  /** Undefined when no status was given. */
  readonly addresses: readonly { readonly type: string; readonly value: string }[] | undefined;
  readonly conditions: readonly Condition[];
}

export interface ListenerSet extends Namespaced {
  readonly kind: "listener-set";
  readonly parent: { readonly namespace: string; readonly name: string };
  readonly listeners: readonly Listener[];
  readonly conditions: readonly Condition[];
}

export interface ParentRef {
  readonly kind: "Gateway" | "ListenerSet" | "Service" | "other";
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string | undefined;
  readonly port?: number | undefined;
}

export interface BackendRef {
  /** `Service`, or another kind as the API spells it. */
  readonly apiKind: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly port?: number | undefined;
  /** 0 sends nothing. */
  readonly weight: number;
}

export interface RouteMatch {
  readonly path?: { readonly type: string; readonly value: string } | undefined;
  readonly method?: string | undefined;
  readonly headers: readonly { readonly type: string; readonly name: string; readonly value: string }[];
  readonly query: readonly { readonly type: string; readonly name: string; readonly value: string }[];
}

export interface RouteRule {
  readonly name?: string | undefined;
  readonly matches: readonly RouteMatch[];
  readonly backendRefs: readonly BackendRef[];
  /** Filter types (`RequestRedirect`): a rule that redirects needs no backend. */
  readonly filters: readonly string[];
}

export type RouteKind = "http-route" | "grpc-route" | "tls-route" | "tcp-route" | "udp-route";

export interface Route extends Namespaced {
  readonly kind: RouteKind;
  readonly parentRefs: readonly ParentRef[];
  /** Empty: every hostname. */
  readonly hostnames: readonly string[];
  readonly rules: readonly RouteRule[];
  /** What each Gateway's controller reported; undefined when no status was given. */
  readonly parents:
    | readonly {
        readonly parentRef: ParentRef;
        readonly controllerName: string;
        readonly conditions: readonly Condition[];
      }[]
    | undefined;
}

export interface ReferenceGrant extends Namespaced {
  readonly kind: "reference-grant";
  readonly from: readonly { readonly group: string; readonly apiKind: string; readonly namespace: string }[];
  /** An absent name grants every object of the kind. */
  readonly to: readonly {
    readonly group: string;
    readonly apiKind: string;
    readonly name?: string | undefined;
  }[];
}

export type ClusterObject =
  | Namespace
  | Node
  | Pod
  | Service
  | EndpointSlice
  | Ingress
  | IngressClass
  | NetworkPolicy
  | TieredPolicy
  | ForeignPolicy
  | Workload
  | Event
  | ConfigMap
  | Secret
  | SecretMaker
  | GatewayClass
  | Gateway
  | ListenerSet
  | Route
  | ReferenceGrant;

/** Annotations that the model reads; all others are dropped as an object is read. */
export const keptAnnotations: readonly string[] = [
  "kubernetes.io/ingress.class",
  "ingressclass.kubernetes.io/is-default-class",
  "service.kubernetes.io/topology-mode",
  "service.beta.kubernetes.io/load-balancer-source-ranges",
  "service.beta.kubernetes.io/aws-load-balancer-internal",
  "service.beta.kubernetes.io/aws-load-balancer-scheme",
  "service.beta.kubernetes.io/azure-load-balancer-internal",
  "service.beta.kubernetes.io/openstack-internal-load-balancer",
  "networking.gke.io/load-balancer-type",
  "cloud.google.com/load-balancer-type",
  // Whether Prometheus is to take metrics from a pod or from behind a Service, and on which port.
  "prometheus.io/scrape",
  "prometheus.io/port",
  // The bandwidth plugin's limits on a pod's traffic.
  "kubernetes.io/ingress-bandwidth",
  "kubernetes.io/egress-bandwidth",
  "throughline.dev/ignore",
  "throughline.dev/ignore-reason",
  "nginx.ingress.kubernetes.io/ssl-passthrough",
  // ingress-nginx: what decides which requests a path takes, and what becomes of them.
  "nginx.ingress.kubernetes.io/canary",
  "nginx.ingress.kubernetes.io/canary-by-cookie",
  "nginx.ingress.kubernetes.io/canary-by-header",
  "nginx.ingress.kubernetes.io/canary-weight",
  "nginx.ingress.kubernetes.io/rewrite-target",
  "nginx.ingress.kubernetes.io/use-regex",
  // With these, cert-manager makes the Secrets of the TLS entries.
  "cert-manager.io/issuer",
  "cert-manager.io/cluster-issuer",
  "kubernetes.io/tls-acme",
];

/** Annotations whose names end in the name of something else: conditions that the AWS controller puts before a backend. */
export const keptAnnotationPrefixes: readonly string[] = ["alb.ingress.kubernetes.io/conditions."];

/** Flags of containers that the model reads; command lines hold secrets, so nothing else of them is kept. */
export const keptFlags: readonly string[] = [
  // ingress-nginx: which IngressClasses are its own, and whether it takes Ingresses that name none.
  "controller-class",
  "watch-ingress-without-class",
  // Traefik and Contour: the class of Ingresses that they leave all others for.
  "providers.kubernetesingress.ingressclass",
  "ingress-class-name",
];
