import { type Cidr, contains, parseAddress } from "#lib/engine/cidr.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { type NodeRange, type NodeRanges, nodeRanges } from "#lib/engine/nodes/ranges.ts";
import { counted, listedUpTo } from "#lib/engine/object-words.ts";
import { podRange } from "#lib/engine/pod-range.ts";
import { isFinished, isTerminating } from "#lib/engine/pod-readiness.ts";
import { firstGivenIn, type ServiceRange, serviceRange } from "#lib/engine/service-range.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Node, Pod, Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

const spelledOut = 3;
const families = [4, 6] as const;
/** The API server's own Service: it has the first address of the range, and is there in every cluster. */
const kubernetes = objectId("service", "default", "kubernetes");

export const nodeCidrOverlap = defineCheck({
  id: "node/cidr-overlap",
  code: "NET-512",
  severity: "error",
  summary: "Ranges of pods overlap each other, the nodes' addresses or the Service range",
  inputs: ["nodes", "pods"],
  ifRead: ["services"],
  *find({ objects, unread }) {
    const { nodes, pods, services } = objects;
    const ranges = nodeRanges(nodes);
    // Some plugins keep their own ranges and have no use for the nodes'; pods' addresses show which it is.
    const used = once(() => areUsed(ranges, nodes, pods));

    for (const [range, other] of ranges.overlaps()) {
      // Each but the first by name: a third node makes one finding more and changes no other.
      if (other.node.name < range.node.name && used()) yield alike(range, other);
    }
    for (const node of nodes) {
      for (const address of ownAddresses(node)) {
        const range = ranges.holding(address);
        if (range !== undefined && !isGateway(node, address, range) && used())
          yield nodeInside(node, address, range);
      }
    }
    if (unread.includes("services") && (ranges.all.length > 0 || pods.length > 0)) yield unjudged("services");
    const api = services?.find(({ id }) => id === kubernetes);
    if (services === undefined || api === undefined) return;
    for (const family of families) {
      const given = serviceRange(services, family);
      const crossed = ranges.all.filter(({ cidr }) => crosses(given, cidr));
      const inside = family === 4 ? podsIn(given.atLeast, pods) : [];
      if (inside.length > 0 || (crossed.length > 0 && used()))
        yield serviceRangeCrossed(api, family, given, crossed, inside);
    }
  },
});

function once(ask: () => boolean): () => boolean {
  let answer: boolean | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Whether any pod's address is of a node's range, or of the larger one that the nodes' were cut from. */
function areUsed(ranges: NodeRanges, nodes: readonly Node[], pods: readonly Pod[]): boolean {
  // Whether the nodes' addresses are apart from it is what is asked here, so they must not narrow it.
  const all = podRange(nodes.map((node) => ({ ...node, addresses: [] })));
  return pods.some(
    (pod) =>
      isLiveOwn(pod) &&
      pod.ips.some((ip) => {
        if (all?.holds(ip) === true) return true;
        const address = parseAddress(ip);
        return address !== undefined && ranges.holding(address) !== undefined;
      }),
  );
}

function isLiveOwn(pod: Pod): boolean {
  return !pod.hostNetwork && !isFinished(pod) && !isTerminating(pod);
}

/** The first of each family: that is the one that others are told, and some nodes list their bridges' as well. */
function ownAddresses(node: Node): readonly Cidr[] {
  const internal = node.addresses.flatMap(({ type, address }) =>
    type === "InternalIP" ? (parseAddress(address) ?? []) : [],
  );
  return families.flatMap((family) => internal.find((address) => address.family === family) ?? []);
}

/** The first two addresses of a node's own range are its bridge's or tunnel's, whatever it calls them. */
function isGateway(node: Node, { start }: Cidr, range: NodeRange): boolean {
  return range.node.name === node.name && start <= range.cidr.start + 1n;
}

/** Whether a block and the Service range have addresses in common. */
function crosses(given: ServiceRange, block: Cidr): boolean {
  const { atLeast } = given;
  if (atLeast !== undefined && (contains(atLeast, block) || contains(block, atLeast))) return true;
  return given.given[0]?.address.family === block.family && firstGivenIn(given, block) !== undefined;
}

function podsIn(block: Cidr | undefined, pods: readonly Pod[]): readonly Pod[] {
  // A single address is no range: a pod that has it is NET-502.
  if (block === undefined || block.start === block.end) return [];
  return pods
    .filter(
      (pod) =>
        isLiveOwn(pod) &&
        pod.ips.some((ip) => {
          if (ip.includes(":")) return false;
          const address = parseAddress(ip);
          return address !== undefined && contains(block, address);
        }),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

const showRanges = kubectl(
  undefined,
  "get",
  "nodes",
  "-o",
  "custom-columns=NAME:.metadata.name,POD-CIDRS:.spec.podCIDRs,ADDRESSES:.status.addresses[*].address",
);

function alike({ node, cidr }: NodeRange, other: NodeRange): Found {
  return {
    subject: node.id,
    part: `spec.podCIDRs[${node.podCIDRs.indexOf(cidr.text)}]`,
    message: `The pods' range of ${node.name}, ${cidr.text}, overlaps that of ${other.node.name}, ${other.cidr.text}: two pods may get one address, and routes lead to one of the nodes`,
    evidence: [
      { object: node.id, path: "spec.podCIDRs", value: cidr.text },
      { object: other.node.id, path: "spec.podCIDRs", value: other.cidr.text },
    ],
    fix: {
      text: `Drain and delete Node ${node.name} and let it join anew, so that it gets a range of its own; a Node's podCIDR cannot be changed`,
    },
    kubectl: showRanges,
    touches: [other.node.id],
  };
}

function nodeInside(node: Node, address: Cidr, range: NodeRange): Found {
  const whose = range.node.name === node.name ? "its own pods" : `the pods of ${range.node.name}`;
  return {
    subject: node.id,
    part: `status.addresses[${node.addresses.findIndex((each) => each.address === address.text)}]`,
    message: `The address of ${node.name}, ${address.text}, lies in the range of ${whose}, ${range.cidr.text}: pods cannot reach the node`,
    evidence: [
      { object: node.id, path: "status.addresses[InternalIP].address", value: address.text },
      { object: range.node.id, path: "spec.podCIDRs", value: range.cidr.text },
    ],
    fix: {
      text: "Give pods a range that the nodes' network has no part in: the cluster's pod CIDR, and the network plugin's where it has one of its own",
    },
    kubectl: showRanges,
    touches: [range.node.id],
  };
}

/** One finding for all nodes: it is two settings of the cluster that do not go together. */
function serviceRangeCrossed(
  api: Service,
  family: 4 | 6,
  given: ServiceRange,
  crossed: readonly NodeRange[],
  inside: readonly Pod[],
): Found {
  const sorted = crossed.toSorted((a, b) => (a.node.name < b.node.name ? -1 : 1));
  const taken = sorted.map(({ cidr }) => firstGivenIn(given, cidr)).find((each) => each !== undefined);
  const nodes = listedUpTo(
    sorted.map(({ node, cidr }) => `${node.name} (${cidr.text})`),
    spelledOut,
  );
  const podNames = listedUpTo(
    inside.map(({ namespace, name }) => `${namespace}/${name}`),
    spelledOut,
  );
  const what = [
    ...(sorted.length > 0 ? [`overlaps the pods' ranges of ${nodes}`] : []),
    ...(inside.length > 0
      ? [`has the addresses of ${counted(inside.length, "pod")} in it: ${podNames}`]
      : []),
  ];
  const block =
    given.atLeast === undefined ? "The Service range" : `The Service range, ${given.atLeast.text} at least,`;
  return {
    subject: api.id,
    part: `IPv${family}`,
    // Until a Service gets an address that a pod has, nothing is lost.
    severity: taken !== undefined ? "error" : "warning",
    message: `${block} ${what.join(", and ")}${taken === undefined ? "" : `; Service ${taken.namespace}/${taken.name} has an address of a node's pods`}`,
    evidence: [
      { object: api.id, path: "spec.clusterIPs", value: api.clusterIPs.join(", ") },
      ...(taken === undefined
        ? []
        : [{ object: taken.id, path: "spec.clusterIPs", value: taken.clusterIPs.join(", ") }]),
      ...sorted
        .slice(0, spelledOut)
        .map(({ node, cidr }) => ({ object: node.id, path: "spec.podCIDRs", value: cidr.text })),
      ...inside
        .slice(0, spelledOut)
        .map(({ id, ips }) => ({ object: id, path: "status.podIPs", value: ips.join(", ") })),
    ],
    fix: {
      text: "Keep the range of pods and the range of Services apart: give pods another range, and let nodes and pods get theirs anew",
    },
    kubectl: showRanges,
    touches: [
      ...sorted.map(({ node }) => node.id),
      ...inside.map(({ id }) => id),
      ...(taken ? [taken.id] : []),
    ],
  };
}
