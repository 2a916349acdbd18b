import type { ObjectId } from "#lib/model/ids.ts";
import type { Container, Pod } from "#lib/model/objects.ts";
import type { Facts, WorkloadFacts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { pluginAgents } from "../policy/network-plugin.ts";

/** A program of the network that is meant to run on every node: as a DaemonSet, or as static pods of one name. */
export interface NodeProgram {
  /** "Calico", "kube-proxy". */
  readonly name: string;
  readonly makes: "pod-network" | "policies" | "service-proxy";
  /** Whether it can do what kube-proxy does. */
  readonly proxies: boolean;
  /** Undefined for static pods, which no object of the cluster describes. */
  readonly daemonSet: ObjectId | undefined;
  /** Its live pods by node, the ones that leave included; each list sorted by id. */
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
}

const plugins = new WeakMap<Facts, readonly NodeProgram[]>();
const proxies = new WeakMap<Facts, readonly NodeProgram[]>();

/** The network plugins and policy agents that were found, one for each DaemonSet, in the order of `knownPlugins`. */
export function networkPrograms(facts: Facts): readonly NodeProgram[] {
  return remembered(plugins, facts, () => {
    const programs = new Map<ObjectId, NodeProgram>();
    for (const { plugin, facts: workload } of pluginAgents(facts)) {
      const known = programs.get(workload.id);
      // Of two programs in one DaemonSet the one that makes the network gives it its name.
      if (known === undefined || (known.makes === "policies" && plugin.makes === "pod-network"))
        programs.set(workload.id, programOf(plugin, workload));
    }
    return [...programs.values()];
  });
}

/** Where kube-proxy is seen to run: in DaemonSets (one for each operating system, at most), or in static pods. */
export function proxyPrograms(facts: Facts): readonly NodeProgram[] {
  return remembered(proxies, facts, () => {
    const found: NodeProgram[] = [];
    const isStatic: Pod[] = [];
    for (const workload of facts.workloads.values()) {
      if (workload.kind !== "daemon-set" && workload.kind !== "pod") continue;
      const containers =
        facts.index.workloads.get(workload.id)?.template.containers ?? workload.pods[0]?.containers ?? [];
      if (!containers.some(isKubeProxy)) continue;
      if (workload.kind === "daemon-set") found.push(programOf(kubeProxy, workload));
      else isStatic.push(...workload.pods);
    }
    found.sort((a, b) => ((a.daemonSet ?? "") < (b.daemonSet ?? "") ? -1 : 1));
    if (isStatic.length > 0) {
      isStatic.sort((a, b) => (a.id < b.id ? -1 : 1));
      found.push({ ...kubeProxy, daemonSet: undefined, byNode: podsByNode(isStatic) });
    }
    return found;
  });
}

/** RKE2 and others run it from an image of all of Kubernetes; its container bears its name everywhere. */
function isKubeProxy({ name, role, image }: Container): boolean {
  if (role !== "main") return false;
  return name === "kube-proxy" || /(^|\/)([\w.]+-)*kube-proxy(-\w+)*(:|@|$)/.test(image ?? "");
}

const kubeProxy = { name: "kube-proxy", makes: "service-proxy", proxies: true } as const;

function programOf(
  { name, makes, proxies }: Pick<NodeProgram, "name" | "makes" | "proxies">,
  { id, pods }: WorkloadFacts,
): NodeProgram {
  return { name, makes, proxies, daemonSet: id, byNode: podsByNode(pods) };
}

function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.nodeName === undefined || isFinished(pod)) continue;
    const there = byNode.get(pod.nodeName);
    if (there === undefined) byNode.set(pod.nodeName, [pod]);
    else there.push(pod);
  }
  return byNode;
}

function remembered<T>(cache: WeakMap<Facts, T>, facts: Facts, make: () => T): T {
  let found = cache.get(facts);
  if (found === undefined) {
    found = make();
    cache.set(facts, found);
  }
  return found;
}
