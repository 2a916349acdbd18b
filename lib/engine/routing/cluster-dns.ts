import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { ConfigMap, Labels, Pod, Protocol, Service } from "#lib/model/objects.ts";
import { type Snapshot, seen } from "#lib/model/snapshot.ts";
import { clusterDomain } from "../cluster-domain.ts";
import type { Facts, ServiceFacts } from "../facts.ts";
import { isHeadless } from "../ports.ts";
import { readInFull } from "../read-in-full.ts";

/** Who answers DNS in a cluster, and for which zone. */
export interface ClusterDns {
  readonly server: DnsServer;
  readonly nodeLocal: NodeLocalDns;
  /** The cluster's zone, lower case, without dots around it: `cluster.local`. */
  readonly domain: string;
  /** The ConfigMap whose Corefile serves the zone; undefined: none was read, and the zone is the usual one. */
  readonly corefile: ObjectId | undefined;
  /**
   * How `10-244-0-7.shop.pod.cluster.local` is answered (CoreDNS, plugin kubernetes, `pods`): for every address, for
   * those of pods that exist, or not at all. Undefined where no Corefile was read.
   */
  readonly podNames: "insecure" | "verified" | "disabled" | undefined;
}

export type DnsServer =
  | {
      readonly kind: "service";
      readonly facts: ServiceFacts;
      /** What it was known by: "label k8s-app=kube-dns". */
      readonly because: string;
    }
  /** No such Service was found: what nearly every installer sets up is meant. */
  | {
      readonly kind: "assumed";
      readonly namespace: string;
      readonly podLabels: Labels;
      readonly ports: readonly { readonly port: number; readonly protocol: Protocol }[];
      /** "these files hold no DNS Service". */
      readonly why: string;
    };

/** NodeLocal DNSCache: a cache on every node that answers pods in the Service's stead. */
export type NodeLocalDns =
  | { readonly state: "runs"; readonly daemonSet: ObjectId }
  | { readonly state: "absent" }
  /** DaemonSets were not read in full. */
  | { readonly state: "unknown" };

const found = new WeakMap<Facts, ClusterDns>();

/** The cluster's DNS as far as objects tell: kubelets have its address in their own configuration, which is not read. */
export function clusterDns(facts: Facts): ClusterDns {
  let dns = found.get(facts);
  if (dns === undefined) {
    dns = findClusterDns(facts);
    found.set(facts, dns);
  }
  return dns;
}

function findClusterDns(facts: Facts): ClusterDns {
  const domain = clusterDomain(facts.snapshot);
  const corefile = [...seen(facts.snapshot, "configMaps")]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .find((map) => servesZone(map, domain));
  return {
    server: dnsServer(facts),
    nodeLocal: nodeLocalDns(facts),
    domain: domain.toLowerCase(),
    corefile: corefile?.id,
    podNames: corefile === undefined ? undefined : podNamesOf(corefile),
  };
}

const system = "kube-system";

/** In the order of preference where several carry the label: NodeLocal DNSCache adds one of its own, `kube-dns-upstream`. */
const usualNames: readonly string[] = [
  // kubeadm, the managed clouds, k3s: CoreDNS kept the name of its predecessor.
  "kube-dns",
  // kubespray, and CoreDNS's Helm chart.
  "coredns",
  // RKE2.
  "rke2-coredns-rke2-coredns",
];

/** OpenShift's DNS operator. */
const openshift = { namespace: "openshift-dns", name: "dns-default" } as const;

/** What such a Service selects by under a name of one's own choice. */
const dnsPodLabels: readonly (readonly [string, string])[] = [
  ["k8s-app", "kube-dns"],
  ["k8s-app", "coredns"],
  ["app.kubernetes.io/name", "coredns"],
];

function dnsServer(facts: Facts): DnsServer {
  const inSystem = (facts.index.servicesByNamespace.get(system) ?? []).filter(canServeDns);
  const labelled = inSystem.filter(({ labels }) => labels["k8s-app"] === "kube-dns");
  const byLabel = usualNames.map((name) => labelled.find((service) => service.name === name)).find(isThere);
  const byName = usualNames.map((name) => inSystem.find((service) => service.name === name)).find(isThere);
  const ofOpenshift = (facts.index.servicesByNamespace.get(openshift.namespace) ?? [])
    .filter(canServeDns)
    .find(({ name }) => name === openshift.name);
  const bySelector = inSystem.find(({ selector }) =>
    dnsPodLabels.some(([key, value]) => selector[key] === value),
  );
  return (
    asServer(facts, byLabel ?? labelled[0], `label k8s-app=kube-dns in ${system}`) ??
    asServer(facts, byName, `its name in ${system}`) ??
    asServer(facts, ofOpenshift, `its name in ${openshift.namespace}`) ??
    asServer(facts, bySelector, "the pods that it selects") ?? {
      kind: "assumed",
      namespace: system,
      podLabels: { "k8s-app": "kube-dns" },
      ports: [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
      why: whyAssumed(facts.snapshot),
    }
  );
}

/** A kubelet gives pods an address, so that a headless Service (for metrics, mostly) is not the one. */
function canServeDns(service: Service): boolean {
  return (
    service.type !== "ExternalName" && !isHeadless(service) && service.ports.some(({ port }) => port === 53)
  );
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function asServer(facts: Facts, service: Service | undefined, because: string): DnsServer | undefined {
  const known = service === undefined ? undefined : facts.services.get(service.id);
  return known === undefined ? undefined : { kind: "service", facts: known, because };
}

function whyAssumed(snapshot: Snapshot): string {
  if (snapshot.origin === "manifests") return "these files hold no DNS Service";
  return readInFull(snapshot, "services")
    ? "no Service is known as the cluster's DNS"
    : "no DNS Service is among what could be read";
}

/** A pod that stands for the DNS pods where none of them was read. */
export function dnsPodLike(namespace: string, labels: Labels): Pod {
  return {
    kind: "pod",
    id: objectId("pod", namespace, "coredns"),
    name: "coredns",
    namespace,
    labels,
    annotations: {},
    owners: [],
    hostNetwork: false,
    phase: "Running",
    ips: [],
    dnsPolicy: "Default",
    containers: [],
    conditions: [],
    template: { count: 1 },
  };
}

/** The add-on's own name, and kubespray's. */
const nodeLocalNames: readonly string[] = ["node-local-dns", "nodelocaldns"];

function nodeLocalDns({ index, snapshot }: Facts): NodeLocalDns {
  const daemonSet = nodeLocalNames
    .map((name) => objectId("daemon-set", system, name))
    .find((id) => index.byId.has(id));
  if (daemonSet !== undefined) return { state: "runs", daemonSet };
  // A repository is not all that its cluster runs.
  const complete = snapshot.origin !== "manifests" && readInFull(snapshot, "daemonSets");
  return { state: complete ? "absent" : "unknown" };
}

function servesZone({ corefile }: ConfigMap, domain: string): boolean {
  const zones = /^\s*kubernetes\s+([^{\n]+)/m.exec(corefile)?.[1]?.trim().split(/\s+/) ?? [];
  return zones.some((zone) => zone.replace(/\.$/, "") === domain);
}

/** CoreDNS's own default is to answer no such name. */
function podNamesOf({ corefile }: ConfigMap): NonNullable<ClusterDns["podNames"]> {
  const mode = /^[^#\n]*\bpods\s+(insecure|verified|disabled)\b/m.exec(corefile)?.[1];
  return mode === "insecure" || mode === "verified" ? mode : "disabled";
}
