import { type ApiObject, ago, apiObject } from "./api-object.ts";
import type { Chance } from "./chance.ts";

/** A machine, and the addresses that it still has for pods. */
export interface Machine {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
  readonly object: ApiObject;
  nextPodIp(): string;
}

/** Kubernetes' own limit is 110 pods a node; a /24 has room for 254. */
const mostPodsPerNode = 250;
const mostNodes = 40 * 256;

export function machines(chance: Chance, count: number): readonly Machine[] {
  if (count > mostNodes) throw new RangeError(`${count} nodes do not fit into 10.64.0.0/10`);
  return Array.from({ length: count }, (_, at) => machine(chance, at));
}

function machine(chance: Chance, at: number): Machine {
  const name = `node-${String(at + 1).padStart(4, "0")}`;
  const zone = `region-1${"abc".charAt(at % 3)}`;
  const address = `172.${16 + Math.floor(at / 65_536)}.${Math.floor(at / 256) % 256}.${at % 256}`;
  const prefix = `10.${64 + Math.floor(at / 256)}.${at % 256}`;
  let given = 0;
  const condition = (type: string, status: "True" | "False", reason: string) => ({
    lastHeartbeatTime: ago(20),
    lastTransitionTime: ago(4_000_000),
    message: `kubelet reports ${reason}`,
    reason,
    status,
    type,
  });
  const resources = { cpu: "16", "ephemeral-storage": "203056560Ki", memory: "65851340Ki", pods: "110" };
  return {
    name,
    zone,
    address,
    nextPodIp() {
      if (given === mostPodsPerNode) throw new RangeError(`${name} has no address left: ask for more nodes`);
      given++;
      return `${prefix}.${given + 1}`;
    },
    object: apiObject(chance, {
      apiVersion: "v1",
      kind: "Node",
      name,
      ageSeconds: 4_000_100,
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "standard-16",
        "topology.kubernetes.io/region": "region-1",
        "topology.kubernetes.io/zone": zone,
      },
      body: {
        spec: { podCIDR: `${prefix}.0/24`, podCIDRs: [`${prefix}.0/24`] },
        status: {
          addresses: [
            { address, type: "InternalIP" },
            { address: name, type: "Hostname" },
          ],
          allocatable: resources,
          capacity: resources,
          conditions: [
            condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
            condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
            condition("PIDPressure", "False", "KubeletHasSufficientPID"),
            condition("Ready", "True", "KubeletReady"),
          ],
          nodeInfo: { architecture: "amd64", kubeletVersion: "v1.36.0", operatingSystem: "linux" },
        },
      },
    }),
  };
}
