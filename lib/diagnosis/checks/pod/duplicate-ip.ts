import { contains, parseAddress, parseCidr } from "#lib/engine/cidr.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { nodeKind } from "#lib/engine/node-kind.ts";
import { nodeState } from "#lib/engine/node-state.ts";
import { counted, listed } from "#lib/engine/object-words.ts";
import { isTerminating } from "#lib/engine/pod-readiness.ts";
import type { Follows } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Node, Pod } from "#lib/model/objects.ts";
import { defineCheck, type Found } from "../../check.ts";
import { byAge, nameBeside } from "../../pods-beside.ts";

/** A pod, and what it shares with pods that were there before it. */
interface Sharing {
  readonly pod: Pod;
  /** In the order of the pod's own addresses. */
  readonly shared: { readonly ip: string; readonly first: Pod; readonly others: number }[];
  /** Whether another pod of each address is surely there. */
  sure: boolean;
}

export const podDuplicateIp = defineCheck({
  id: "pod/duplicate-ip",
  code: "NET-501",
  severity: "error",
  summary: "Two live pods have the same IP address",
  inputs: ["pods"],
  ifRead: ["nodes", "services", "endpointSlices"],
  *find({ sharedAddresses, nodeNamed, ownerOf, servicesBehind }) {
    const sharings = new Map<ObjectId, Sharing>();
    for (const [ip, pods] of yield* sharedAddresses()) {
      // One that is being deleted may have given its address back already.
      const [first, ...later] = pods.filter((pod) => !isTerminating(pod)).sort(byAge);
      if (first === undefined) continue;
      const present = [first, ...later].filter((pod) => isPresent(nodeNamed(pod.nodeName))).length;
      // Every pod but the oldest is found, each on its own: a third one makes one finding more and changes no other.
      for (const pod of later) {
        const sharing = sharings.get(pod.id) ?? { pod, shared: [], sure: false };
        sharing.shared.push({ ip, first, others: later.length - 1 });
        sharing.sure ||= present > 1 && isPresent(nodeNamed(pod.nodeName));
        sharings.set(pod.id, sharing);
      }
    }
    const services = servicesBehind(
      new Set(
        [...sharings.values()].flatMap(({ pod, shared }) => [pod.id, ...shared.map((s) => s.first.id)]),
      ),
    );
    for (const sharing of sharings.values()) {
      const { pod, shared } = sharing;
      const involved = [pod, ...shared.map(({ first }) => first)];
      yield {
        ...duplicate(sharing, nodeNamed, ownerOf),
        follows: causes(sharing, nodeNamed),
        touches: involved.flatMap(({ id }) => [id, ownerOf.get(id) ?? id, ...(services.get(id) ?? [])]),
      };
    }
  },
});

/**
 * What would explain it: an address that is not of its node's ranges, or ranges of two nodes that overlap. Where nodes
 * have no ranges, or their plugin does not go by them, nothing is found there.
 */
function causes(
  { pod, shared }: Sharing,
  nodeNamed: (name: string | undefined) => Node | undefined,
): readonly Follows[] {
  return [pod, ...shared.map(({ first }) => first)].flatMap((each) => {
    const node = nodeNamed(each.nodeName);
    const ranges = node?.podCIDRs.flatMap((text) => parseCidr(text) ?? []) ?? [];
    if (node === undefined || ranges.length === 0) return [];
    const isInside = shared.every(({ ip }) => {
      const address = parseAddress(ip);
      return address !== undefined && ranges.some((range) => contains(range, address));
    });
    return [{ object: node.id, checks: [isInside ? "node/cidr-overlap" : "pod/ip-outside-pod-cidr"] }];
  });
}

function duplicate(
  { pod, shared, sure }: Sharing,
  nodeNamed: (name: string | undefined) => Node | undefined,
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
): Found {
  const sorted = shared.toSorted((a, b) => pod.ips.indexOf(a.ip) - pod.ips.indexOf(b.ip));
  const firsts = [...new Set(sorted.map(({ first }) => first))];
  const more = Math.max(...sorted.map(({ others }) => others));
  const names = firsts.map((first) => nameBeside(first, pod));
  const who = listed([pod.name, ...names, ...(more > 0 ? [counted(more, "other pod")] : [])]);
  const ips = sorted.map(({ ip }) => ip);
  const absent = [pod, ...firsts].map((each) => whyAbsent(nodeNamed(each.nodeName))).find((why) => why);
  const remade = ownerOf.get(pod.id) === pod.id ? "create it anew" : "its controller creates it anew";
  const where = pod.nodeName === undefined ? "" : ` on ${pod.nodeName}`;
  return {
    subject: pod.id,
    severity: sure ? "error" : "warning",
    message: `${who} have the same address, ${listed(ips)}: a packet to it reaches only one of them${
      sure || absent === undefined ? "" : `; ${absent}`
    }`,
    evidence: [pod, ...firsts].flatMap((each) => [
      {
        object: each.id,
        path: "status.podIPs",
        value: each.ips.filter((ip) => ips.includes(ip)).join(", "),
      },
      { object: each.id, path: "spec.nodeName", value: each.nodeName ?? "none" },
    ]),
    fix: {
      text: `Delete ${pod.name}, so that it gets an address of its own (${remade}), and look at how the network plugin gives out addresses${where}`,
    },
    kubectl: kubectl(undefined, "get", "pods", "-A", "-o", "wide", ...selectedBy(ips, [pod, ...firsts])),
  };
}

/** A field selector knows a pod by its primary address alone. */
function selectedBy(ips: readonly string[], pods: readonly Pod[]): readonly string[] {
  const ip = ips.find((each) => pods.every((pod) => pod.ips[0] === each));
  return ip === undefined ? [] : ["--field-selector", `status.podIP=${ip}`];
}

/** Whether what a pod's status says is of now, as far as its node tells; a node that was not read is taken as well. */
function isPresent(node: Node | undefined): boolean {
  return whyAbsent(node) === undefined;
}

function whyAbsent(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (nodeState(node) === "silent") return `${node.name} stopped reporting, so that its pod may be gone`;
  return nodeKind(node) === "virtual"
    ? `${node.name} is a virtual node, whose pods may be in another network`
    : undefined;
}
