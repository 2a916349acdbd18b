import { hash } from "./names.ts";
import type { Resource } from "./objects.ts";
import { ago, shift } from "./time.ts";

export type DemoNode = { name: string; zone: string; address: string; prefix: string };

export const nodes: DemoNode[] = [
  { name: "worker-a1", zone: "north-1a", address: "10.20.1.11", prefix: "10.244.0" },
  { name: "worker-a2", zone: "north-1a", address: "10.20.1.12", prefix: "10.244.1" },
  { name: "worker-b1", zone: "north-1b", address: "10.20.2.11", prefix: "10.244.2" },
  { name: "worker-b2", zone: "north-1b", address: "10.20.2.12", prefix: "10.244.3" },
  { name: "worker-c1", zone: "north-1c", address: "10.20.3.11", prefix: "10.244.4" },
];

export function nodeAt(index: number): DemoNode {
  const node = nodes[index % nodes.length];
  if (!node) throw new Error(`no node ${index}`);
  return node;
}

const lastIp = new Map<string, number>();

/** The next free address of a node. Gaps, because pods come and go. */
export function allocatePodIp(node: DemoNode, key: string): string {
  const next = (lastIp.get(node.name) ?? 9) + 1 + (hash(key) % 4);
  lastIp.set(node.name, next);
  return `${node.prefix}.${next}`;
}

export function nodeResources(): Resource[] {
  return nodes.map((node, index) => {
    const joined = ago("96d2h", index * 47);
    const healthy = (type: string, reason: string, message: string) => ({
      type,
      status: "False",
      reason,
      message,
      lastHeartbeatTime: ago("3m", index * 29),
      lastTransitionTime: joined,
    });
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: node.name,
        creationTimestamp: joined,
        labels: {
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": node.name,
          "kubernetes.io/os": "linux",
          "node.kubernetes.io/instance-type": "standard-8",
          "topology.kubernetes.io/region": "north-1",
          "topology.kubernetes.io/zone": node.zone,
        },
        annotations: { "projectcalico.org/IPv4Address": `${node.address}/16` },
      },
      spec: { podCIDR: `${node.prefix}.0/24`, podCIDRs: [`${node.prefix}.0/24`] },
      status: {
        addresses: [
          { type: "InternalIP", address: node.address },
          { type: "Hostname", address: node.name },
        ],
        conditions: [
          {
            ...healthy("NetworkUnavailable", "CalicoIsUp", "Calico is running on this node"),
            lastHeartbeatTime: shift(joined, 41),
            lastTransitionTime: shift(joined, 41),
          },
          healthy("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
          healthy("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
          healthy("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
          {
            ...healthy("Ready", "KubeletReady", "kubelet is posting ready status"),
            status: "True",
            lastTransitionTime: shift(joined, 44),
          },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: {
          architecture: "amd64",
          bootID: "",
          containerRuntimeVersion: "containerd://2.1.4",
          kernelVersion: "6.12.41",
          kubeProxyVersion: "",
          kubeletVersion: "v1.34.2",
          machineID: "",
          operatingSystem: "linux",
          osImage: "Example Linux 12",
          systemUUID: "",
        },
      },
    };
  });
}
