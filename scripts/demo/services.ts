import type { Cluster, PodRecord } from "./cluster.ts";
import { hash, suffix } from "./names.ts";
import { type Fields, type Labels, ownedBy, type Resource, selects } from "./objects.ts";
import { ago, newest } from "./time.ts";

type PortPlan = {
  name?: string;
  port: number;
  /** As the API server defaults it: the same number as `port`. */
  to?: number | string;
  protocol?: "TCP" | "UDP";
  nodePort?: number;
  appProtocol?: string;
};

type ServicePlan = {
  namespace: string;
  name: string;
  /** `null` means without a selector. */
  selector?: Labels | null;
  ports: PortPlan[];
  created: string;
  type?: "ClusterIP" | "NodePort" | "LoadBalancer";
  headless?: boolean;
  publishNotReady?: boolean;
  clusterIP?: string;
  /** The address a load balancer was given. */
  address?: string;
  sourceRanges?: string[];
  localOnly?: boolean;
  labels?: Labels;
};

const usedIps = new Set(["10.96.0.1", "10.96.0.10"]);

function clusterIp(key: string): string {
  for (let i = 0; ; i++) {
    const number = hash(`${key}#${i}`);
    const ip = `10.96.${1 + (number % 254)}.${1 + ((number >>> 8) % 254)}`;
    if (usedIps.has(ip)) continue;
    usedIps.add(ip);
    return ip;
  }
}

export function addService(cluster: Cluster, plan: ServicePlan): void {
  const { namespace, name } = plan;
  const type = plan.type ?? "ClusterIP";
  const external = type !== "ClusterIP";
  const ip = plan.headless ? "None" : (plan.clusterIP ?? clusterIp(`${namespace}/${name}`));
  const selector = plan.selector === undefined ? { "app.kubernetes.io/name": name } : plan.selector;
  const service: Resource = {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      namespace,
      creationTimestamp: ago(plan.created),
      labels: plan.labels ?? selector ?? {},
    },
    spec: {
      allocateLoadBalancerNodePorts: type === "LoadBalancer" ? true : undefined,
      clusterIP: ip,
      clusterIPs: [ip],
      externalTrafficPolicy: external ? "Cluster" : undefined,
      internalTrafficPolicy: plan.localOnly ? "Local" : "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      loadBalancerSourceRanges: plan.sourceRanges,
      ports: plan.ports.map((port) => ({
        name: port.name,
        port: port.port,
        targetPort: port.to ?? port.port,
        protocol: port.protocol ?? "TCP",
        nodePort: port.nodePort,
        appProtocol: port.appProtocol,
      })),
      publishNotReadyAddresses: plan.publishNotReady,
      selector: selector ?? undefined,
      sessionAffinity: "None",
      type,
    },
    status: {
      loadBalancer: plan.address ? { ingress: [{ ip: plan.address, ipMode: "VIP" }] } : {},
    },
  };
  cluster.add(service);
  if (selector) addSlices(cluster, plan, service, selector);
}

export function addExternalName(
  cluster: Cluster,
  plan: { namespace: string; name: string; externalName: string; created: string },
): void {
  cluster.add({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: plan.name, namespace: plan.namespace, creationTimestamp: ago(plan.created) },
    spec: { externalName: plan.externalName, sessionAffinity: "None", type: "ExternalName" },
    status: { loadBalancer: {} },
  });
}

/** A slice no controller keeps, for addresses outside the cluster. */
export function addManualSlice(
  cluster: Cluster,
  plan: {
    namespace: string;
    service: string;
    name: string;
    addresses: string[];
    port: { name: string; port: number };
    created: string;
    labels?: Labels;
  },
): void {
  cluster.add({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: plan.name,
      namespace: plan.namespace,
      creationTimestamp: ago(plan.created),
      generation: 1,
      labels: { ...plan.labels, "kubernetes.io/service-name": plan.service },
    },
    addressType: "IPv4",
    endpoints: plan.addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ ...plan.port, protocol: "TCP" }],
  });
}

/** The ports of one pod, as the controller resolves them: a name the pod does not declare is left out. */
function resolvedPorts(ports: PortPlan[], pod: PodRecord): Fields[] {
  return ports.flatMap(({ name = "", port, to = port, protocol = "TCP", appProtocol }) => {
    const declared = pod.ports.find((p) => p.name === to && p.protocol === protocol);
    const number = typeof to === "number" ? to : declared?.port;
    return number === undefined ? [] : [{ name, port: number, protocol, appProtocol }];
  });
}

function endpoint(pod: PodRecord, plan: ServicePlan): Fields {
  return {
    addresses: [pod.ip],
    conditions: {
      ready: plan.publishNotReady === true || (pod.ready && !pod.terminating),
      serving: pod.ready,
      terminating: pod.terminating,
    },
    hostname: pod.subdomain === plan.name ? pod.name : undefined,
    nodeName: pod.node?.name,
    targetRef: { kind: "Pod", name: pod.name, namespace: pod.namespace },
    zone: pod.node?.zone,
  };
}

function addSlices(cluster: Cluster, plan: ServicePlan, service: Resource, selector: Labels): void {
  const selected = cluster.pods.filter(
    (pod) => pod.namespace === plan.namespace && selects(selector, pod.labels) && pod.ip && !pod.finished,
  );
  const groups = Map.groupBy(selected, (pod) => JSON.stringify(resolvedPorts(plan.ports, pod)));
  // Without pods the controller keeps one empty slice, whose lists read back as null.
  const slices = groups.size > 0 ? [...groups.values()] : [[]];
  for (const [index, pods] of slices.entries()) {
    const ports = pods[0] ? resolvedPorts(plan.ports, pods[0]) : [];
    const changed = newest([ago(plan.created), ...pods.map((pod) => pod.readyChanged)]);
    cluster.add({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `${plan.name}-${suffix(`${plan.namespace}/${plan.name}/slice/${index}`)}`,
        namespace: plan.namespace,
        generateName: `${plan.name}-`,
        creationTimestamp: ago(plan.created),
        generation: 1 + pods.length * 2,
        labels: {
          ...service.metadata.labels,
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          "kubernetes.io/service-name": plan.name,
          ...(plan.headless ? { "service.kubernetes.io/headless": "" } : {}),
        },
        annotations: { "endpoints.kubernetes.io/last-change-trigger-time": changed },
        ownerReferences: ownedBy(service),
      },
      addressType: "IPv4",
      endpoints: pods.length > 0 ? pods.map((pod) => endpoint(pod, plan)) : null,
      ports: ports.length > 0 ? ports : null,
    });
  }
}
