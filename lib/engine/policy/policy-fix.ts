import type { Fix } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Labels, NetworkPolicy, Pod, Protocol, TieredPolicy } from "#lib/model/objects.ts";
import type { Clause, Direction } from "#lib/model/verdict.ts";
import { jsonPatch, pointer } from "../fix/patch.ts";
import { listed } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import { isEmptySelector, labelsInWords } from "../selector.ts";
import { actionInWords, policyInWords, policyOf } from "./clause-words.ts";
import type { CompiledNetworkPolicy } from "./compile-rules.ts";
import { matchPorts } from "./match-ports.ts";
import type { NearRule } from "./near-rule.ts";
import type { Packet, PacketEnd } from "./packet.ts";
import {
  blockNaming,
  isUnnamedNode,
  namespaceLabels,
  peerFor,
  singleBlock,
  tellingLabels,
  type WrittenPeer,
} from "./peer-for.ts";
import type { Sight } from "./sight.ts";

export interface Refusal {
  readonly packet: Packet;
  readonly direction: Direction;
  readonly isolating: readonly CompiledNetworkPolicy[];
  readonly near: NearRule | undefined;
  /** What a rule would name for all that was asked about, where the other end is outside the cluster. */
  readonly blocks?: readonly string[] | undefined;
  /** Ports to open beside the packet's own: DNS answers that are too long for UDP come by TCP. */
  readonly alsoTcp?: true | undefined;
  /**
   * The policy that a rule is to be added to; `new-for-all`: a new one for every pod of the namespace. Undefined: one
   * that is about few pods, else a new one for these.
   */
  readonly host?: NetworkPolicy | "new-for-all" | undefined;
}

/** The smallest change to NetworkPolicies that lets a refused packet through. */
export function fixRefusal(refusal: Refusal, sight: Sight): Fix {
  return fixNear(refusal, sight) ?? newRule(refusal, sight);
}

function fixNear({ packet, direction, near, alsoTcp }: Refusal, sight: Sight): Fix | undefined {
  if (near === undefined || near.alsoPorts) return undefined;
  const { policy, rule } = near;
  const path = `spec.${direction}[${rule}]`;
  const list = direction === "ingress" ? "from" : "to";
  const name = `${policyInWords(policy)} rule ${rule + 1}`;
  switch (near.miss) {
    case "ports": {
      const { port, protocol } = packet;
      const clauses = policy[direction][rule]?.ports ?? [];
      const protocols: readonly Protocol[] = alsoTcp && protocol !== "TCP" ? [protocol, "TCP"] : [protocol];
      if (near.confused !== undefined) {
        const named = clauses[near.confused]?.port;
        const confused = [...clauses.keys()].filter(
          (i) =>
            i === near.confused ||
            (clauses[i]?.port === named && protocols.some((each) => each === clauses[i]?.protocol)),
        );
        return {
          text: `Name the pods' port ${port} in ${name}`,
          patch: jsonPatch(
            policy.id,
            ...confused.map(
              (i) => ({ op: "replace", path: pointer(`${path}.ports[${i}].port`), value: port }) as const,
            ),
          ),
        };
      }
      // A rule for anyone would open the port to anyone.
      if (policy[direction][rule]?.peers.length === 0) return undefined;
      const missing = protocols.filter(
        (each) => matchPorts(clauses, { ...packet, protocol: each }).is === "none",
      );
      return {
        text: `Add port ${listed(missing.map((each) => `${port}/${each}`))} to ${name}`,
        patch: jsonPatch(
          policy.id,
          ...missing.map(
            (each) =>
              ({ op: "add", path: pointer(`${path}.ports`, "-"), value: { protocol: each, port } }) as const,
          ),
        ),
      };
    }
    case "own-namespace": {
      const end = endAsked(packet, direction);
      if (end.kind !== "pod") return undefined;
      const labels = namespaceLabels(end.pod.namespace, sight.index);
      const peer = policy[direction][rule]?.peers[near.peer];
      if (labels === undefined || peer?.kind !== "pods") return undefined;
      // Where pods of the own namespace use the peer, they must not lose it.
      const own = sight.index
        .podsMatching(policy.namespace, peer.podSelector ?? { matchLabels: {}, matchExpressions: [] })
        .some((pod) => !isFinished(pod));
      if (own) return undefined;
      return {
        text: `Add a namespaceSelector for ${end.pod.namespace} to ${name}`,
        patch: jsonPatch(policy.id, {
          op: "add",
          path: pointer(`${path}.${list}[${near.peer}].namespaceSelector`),
          value: { matchLabels: labels },
        }),
      };
    }
    case "labels": {
      const peer = policy[direction][rule]?.peers[near.peer];
      if (peer?.kind !== "pods" || peer.podSelector === undefined) return undefined;
      const { namespaceSelector, podSelector } = peer;
      const used =
        namespaceSelector === undefined &&
        sight.index.podsMatching(policy.namespace, podSelector).some((pod) => !isFinished(pod));
      if (used || namespaceSelector !== undefined) return undefined;
      return {
        text: `Select ${labelsInWords(near.set)} in ${name}`,
        patch: jsonPatch(
          policy.id,
          ...Object.entries(near.set).map(
            ([key, value]) =>
              ({
                op: "replace",
                path: pointer(`${path}.${list}[${near.peer}].podSelector.matchLabels`, key),
                value,
              }) as const,
          ),
        ),
      };
    }
    case "peer":
      return undefined;
  }
}

function endAsked({ source, destination }: Packet, direction: Direction): PacketEnd {
  return direction === "ingress" ? source : destination;
}

/** A further rule: in a policy that is about these pods, else in a new policy, since a general one would open all pods. */
function newRule(refusal: Refusal, sight: Sight): Fix {
  const { packet, direction, isolating, near, alsoTcp, blocks } = refusal;
  const forAll = refusal.host === "new-for-all";
  const host = forAll ? undefined : (refusal.host ?? hostPolicy(isolating, near));
  const subject = direction === "ingress" ? packet.destination : packet.source;
  const namespace = host?.namespace ?? (subject.kind === "pod" ? subject.pod.namespace : "");
  const end = endAsked(packet, direction);
  const written = peersFor(end, namespace, blocks, sight);
  const verb = direction === "ingress" ? "admits" : "lets out to";
  const what = `${verb} ${written?.words ?? "it"} on ${packet.port}/${packet.protocol}${alsoTcp ? " and TCP" : ""}`;
  if (written === undefined) {
    if (isUnnamedNode(end, sight))
      return {
        text: `${direction === "ingress" ? "Admit it" : "Let it out"} by a policy of the network plugin's own kind: this one takes no ipBlock to mean nodes`,
      };
    const [first] = isolating;
    const policy = host ?? first?.policy;
    const name = policy === undefined ? "a NetworkPolicy" : policyInWords(policy);
    return { text: `Add a rule to ${name} that ${direction === "ingress" ? "admits it" : "lets it out"}` };
  }
  const rule = ruleFor(written, packet, direction, alsoTcp);
  if (host !== undefined) {
    const none = host[direction].length === 0;
    return {
      text: `Add a rule to ${policyInWords(host)} that ${what}`,
      patch: jsonPatch(host.id, {
        op: "add",
        // Where there are no rules there may be no list to add one to.
        path: none ? pointer(`spec.${direction}`) : pointer(`spec.${direction}`, "-"),
        value: none ? [rule] : rule,
      }),
    };
  }
  const labels = subject.kind === "pod" ? (forAll ? {} : tellingLabels(subject.pod, sight.index)) : undefined;
  if (subject.kind !== "pod") return { text: `Create a NetworkPolicy in ${namespace} that ${what}` };
  if (labels === undefined)
    return {
      text: `Give ${subject.pod.name} a label, and create a NetworkPolicy in ${namespace} for it that ${what}`,
    };
  return {
    text: `Create a NetworkPolicy in ${namespace} for ${forAll ? "every pod" : `pods with ${labelsInWords(labels)}`} that ${what}`,
    manifest: newPolicy(subject.pod, labels, packet, direction, rule, sight),
  };
}

interface WrittenPeers {
  readonly peers: ReadonlyArray<WrittenPeer["peer"]>;
  readonly words: string;
}

/** More blocks than this are no smallest change. */
const mostBlocks = 8;

function peersFor(
  end: PacketEnd,
  namespace: string,
  blocks: readonly string[] | undefined,
  sight: Sight,
): WrittenPeers | undefined {
  if (end.kind !== "outside" || blocks === undefined || blocks.length === 0) {
    const one = peerFor(end, namespace, sight);
    return one === undefined ? undefined : { peers: [one.peer], words: one.words };
  }
  if (blocks.length > mostBlocks) return undefined;
  return {
    peers: blocks.map((block) => ({ ipBlock: { cidr: withLength(block) } })),
    words: `addresses in ${listed(blocks.map(withLength))}`,
  };
}

/** A single address is a block as well, and rules want it written as one. */
function withLength(block: string): string {
  if (block.includes("/")) return block;
  return `${block}/${block.includes(":") ? 128 : 32}`;
}

function ruleFor(
  { peers }: WrittenPeers,
  { port, protocol }: Packet,
  direction: Direction,
  alsoTcp: true | undefined,
) {
  const ports = [{ protocol, port }, ...(alsoTcp && protocol !== "TCP" ? [{ protocol: "TCP", port }] : [])];
  return direction === "ingress" ? { from: peers, ports } : { to: peers, ports };
}

/** The near rule's policy; else one with a selector of its own, which is about few pods. */
function hostPolicy(
  isolating: readonly CompiledNetworkPolicy[],
  near: NearRule | undefined,
): NetworkPolicy | undefined {
  if (near !== undefined && !isEmptySelector(near.policy.podSelector)) return near.policy;
  return isolating.find(({ policy }) => !isEmptySelector(policy.podSelector))?.policy;
}

function newPolicy(
  pod: Pod,
  labels: Labels,
  packet: Packet,
  direction: Direction,
  rule: object,
  sight: Sight,
): string {
  const { namespace } = pod;
  const owner = sight.index.ownerOf.get(pod.id)?.split("/").at(-1) ?? pod.name;
  const whose = Object.keys(labels).length === 0 ? "every-pod" : owner;
  const name = freeName(`${whose}-${direction}-${packet.port}`, namespace, sight);
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return yamlOf({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: Object.keys(labels).length === 0 ? {} : { matchLabels: labels },
      policyTypes: [type],
      [direction]: [rule],
    },
  });
}

/** A name that no policy of the namespace has: to apply it must not replace another. */
function freeName(name: string, namespace: string, { index }: Sight): string {
  const isTaken = (each: string) => index.byId.has(objectId("network-policy", namespace, each));
  let number = 1;
  while (isTaken(number === 1 ? name : `${name}-${number}`)) number++;
  return number === 1 ? name : `${name}-${number}`;
}

/** JSON is YAML, and needs no writer of its own; broken into lines for reading. */
function yamlOf(object: object): string {
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

/** For the first of the rules that refuse; undefined where none of a tier does. */
export function fixTierOf(
  [first]: readonly Clause[],
  packet: Packet,
  blocks: readonly string[] | undefined,
  sight: Sight,
): Fix | undefined {
  const policy = first === undefined ? undefined : policyOf(sight.index, first.policy);
  return first === undefined || policy === undefined || policy.kind === "network-policy"
    ? undefined
    : fixTier(policy, first, packet, blocks, sight);
}

/** A rule of a tier refuses it: one before it lets it through. The same verdict may have several such rules. */
export function fixTier(
  policy: TieredPolicy,
  { direction, rule = 0 }: Clause,
  packet: Packet,
  blocks: readonly string[] | undefined,
  sight: Sight,
): Fix {
  const end = endAsked(packet, direction);
  const accept = actionInWords(policy, "Accept");
  const peer = tieredPeer(end, direction, blocks, sight);
  const name = policyInWords(policy);
  if (peer === undefined)
    return {
      text: `Put a rule that has ${accept} for it before rule ${rule + 1} of ${name}, or narrow that rule`,
    };
  const { port, protocol } = packet;
  const ports =
    policy.kind === "cluster-network-policy"
      ? { protocols: [{ [protocol.toLowerCase()]: { destinationPort: { number: port } } }] }
      : { ports: [{ portNumber: { protocol, port } }] };
  const list = direction === "ingress" ? "from" : "to";
  return {
    text: `Put a rule with ${accept} for ${peer.words} on ${port}/${protocol} before rule ${rule + 1} of ${name}`,
    patch: jsonPatch(policy.id, {
      op: "add",
      path: pointer(`spec.${direction}[${rule}]`),
      value: { action: accept, [list]: [peer.peer], ...ports },
    }),
  };
}

function tieredPeer(
  end: PacketEnd,
  direction: Direction,
  blocks: readonly string[] | undefined,
  sight: Sight,
): WrittenPeer | undefined {
  if (end.kind === "pod" && !end.pod.hostNetwork) {
    const podSelector = isFinished(end.pod) ? undefined : tellingLabels(end.pod, sight.index);
    const namespaceSelector = namespaceLabels(end.pod.namespace, sight.index);
    if (podSelector === undefined || namespaceSelector === undefined) return undefined;
    return {
      peer: {
        pods: {
          namespaceSelector: { matchLabels: namespaceSelector },
          podSelector: { matchLabels: podSelector },
        },
      },
      words: `pods with ${labelsInWords(podSelector)} of ${end.pod.namespace}`,
    };
  }
  const networks = direction === "egress" ? networksFor(end, blocks) : [];
  if (networks.length === 0 || networks.length > mostBlocks) return undefined;
  return { peer: { networks }, words: `addresses in ${listed(networks)}` };
}

function networksFor(end: PacketEnd, blocks: readonly string[] | undefined): readonly string[] {
  // No selector of a tiered policy matches a pod on its node's network; it has the node's address.
  if (end.kind === "pod") return end.address === undefined ? [] : [singleBlock(end.address)];
  if (end.kind === "outside" && blocks !== undefined) return blocks.map(withLength);
  const block = blockNaming(end);
  return block === undefined ? [] : [block];
}
