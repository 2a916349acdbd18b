import { type Cidr, contains, parseAddress, parseCidr } from "#lib/engine/cidr.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { nodeKind } from "#lib/engine/node-kind.ts";
import { type NodeRanges, nodeRanges } from "#lib/engine/nodes/ranges.ts";
import { listedUpTo } from "#lib/engine/object-words.ts";
import { isTerminating } from "#lib/engine/pod-readiness.ts";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Node, Pod, Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

const spelledOut = 3;

/** A node's pods with addresses that are not of its ranges. */
interface Outside {
  readonly node: Node;
  readonly pods: readonly { readonly pod: Pod; readonly address: Cidr }[];
}

export const podIpOutsidePodCidr = defineCheck({
  id: "pod/ip-outside-pod-cidr",
  code: "NET-502",
  severity: "error",
  summary: "A pod has an address outside its node's range, or one that is a Service's",
  inputs: ["pods", "nodes"],
  ifRead: ["daemonSets", "services", "endpointSlices"],
  *find({ objects, unread, placePods, podsOn, podsWithAddress, addressing, ownerOf, servicesBehind }) {
    const taken = yield* takenAddresses(objects.services ?? [], podsWithAddress);
    if (objects.pods.length > 0 && unread.includes("services")) yield unjudged("services");
    // Plugins that keep their own ranges have no use for the nodes': which one runs, DaemonSets tell.
    const isTold = !unread.includes("daemonSets");
    const outside: Outside[] = [];
    if (!isTold || addressing() === "node-ranges") {
      yield* placePods();
      for (const node of objects.nodes) {
        yield;
        outside.push(...outsideOf(node, podsOn(node.name).own));
      }
    }
    if (outside.length > 0 && !isTold) yield unjudged("daemonSets");
    const found = isTold ? outside : [];
    if (found.length + taken.length === 0) return;
    const services = servicesBehind(
      new Set([
        ...found.flatMap(({ pods }) => pods.map(({ pod }) => pod.id)),
        ...taken.map(({ pod }) => pod.id),
      ]),
    );
    const around = (pod: Pod): readonly ObjectId[] => [
      pod.id,
      ownerOf.get(pod.id) ?? pod.id,
      ...(services.get(pod.id) ?? []),
    ];
    const ranges = nodeRanges(objects.nodes);
    for (const each of found)
      yield { ...outsideRange(each, ranges), touches: each.pods.flatMap(({ pod }) => around(pod)) };
    for (const { pod, ip, service } of taken)
      yield { ...likeService(pod, ip, service), touches: [...around(pod), service.id] };
  },
});

function outsideOf(node: Node, own: readonly Pod[]): readonly Outside[] {
  const kind = nodeKind(node);
  // A virtual node's pods are in its provider's network, whatever range it was given.
  if (kind === "virtual" || kind === "managed" || own.length === 0) return [];
  const ranges = node.podCIDRs.flatMap((text) => parseCidr(text) ?? []);
  const families = new Set(ranges.map(({ family }) => family));
  const pods = own.flatMap((pod) =>
    pod.ips.flatMap((ip) => {
      // Of a family without a range nothing is known.
      if (!families.has(ip.includes(":") ? 6 : 4)) return [];
      const address = parseAddress(ip);
      return address === undefined || ranges.some((range) => contains(range, address))
        ? []
        : [{ pod, address }];
    }),
  );
  return pods.length === 0 ? [] : [{ node, pods }];
}

/** One finding for a node: what gave out these addresses is there. */
function outsideRange({ node, pods }: Outside, ranges: NodeRanges): Found {
  const names = pods.map(({ pod, address }) => `${pod.namespace}/${pod.name} (${address.text})`);
  const [first] = pods;
  const holder = first === undefined ? undefined : ranges.holding(first.address);
  const one = pods.length === 1;
  return {
    subject: node.id,
    message: `${listedUpTo(names, spelledOut)} ${one ? "has an address" : "have addresses"} outside the range of ${node.name}, ${node.podCIDRs.join(" and ")}, so that no route leads there`,
    evidence: [
      { object: node.id, path: "spec.podCIDRs", value: node.podCIDRs.join(", ") },
      ...pods.map(({ pod, address }) => ({ object: pod.id, path: "status.podIPs", value: address.text })),
    ],
    nearMiss:
      holder === undefined
        ? undefined
        : `${first?.address.text} lies in the range of ${holder.node.name}, ${holder.cidr.text}: packets to it go there`,
    fix: {
      text: `Delete ${one ? "this pod" : "these pods"}, so that the network plugin gives out ${one ? "an address" : "addresses"} of the node's range, and see what other configuration is in /etc/cni/net.d on ${node.name}`,
    },
    kubectl: kubectl(
      undefined,
      "get",
      "pods",
      "-A",
      "-o",
      "wide",
      "--field-selector",
      `spec.nodeName=${node.name}`,
    ),
  };
}

interface Taken {
  readonly pod: Pod;
  readonly ip: string;
  readonly service: Service;
}

function* takenAddresses(
  services: readonly Service[],
  podsWithAddress: (addresses: ReadonlySet<string>) => Generator<undefined, readonly Pod[]>,
): Generator<undefined, readonly Taken[]> {
  const byIp = new Map<string, Service>();
  for (const service of services) {
    for (const ip of service.clusterIPs) {
      const other = byIp.get(ip);
      if (other === undefined || service.id < other.id) byIp.set(ip, service);
    }
  }
  const taken: Taken[] = [];
  for (const pod of yield* podsWithAddress(new Set(byIp.keys()))) {
    if (isTerminating(pod)) continue;
    for (const ip of pod.ips) {
      const service = byIp.get(ip);
      if (service === undefined) continue;
      taken.push({ pod, ip, service });
      break;
    }
  }
  return taken;
}

function likeService(pod: Pod, ip: string, { id, namespace, name }: Service): Found {
  return {
    subject: pod.id,
    message: `${pod.name} has the address ${ip}, which is the cluster IP of Service ${namespace}/${name}: packets to it go to the Service`,
    evidence: [
      { object: pod.id, path: "status.podIPs", value: ip },
      { object: id, path: "spec.clusterIPs", value: ip },
    ],
    fix: {
      text: "Keep the range of pods and the range of Services apart: the network plugin gives out addresses of both",
    },
    kubectl: kubectl(undefined, "get", "pods", "-A", "-o", "wide", "--field-selector", `status.podIP=${ip}`),
    follows: [{ object: objectId("service", "default", "kubernetes"), checks: ["node/cidr-overlap"] }],
  };
}
