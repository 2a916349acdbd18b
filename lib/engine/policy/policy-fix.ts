import type { Fix } from "#lib/model/finding.ts";
import type { NetworkPolicy, TieredPolicy } from "#lib/model/objects.ts";
import type { Clause, Direction } from "#lib/model/verdict.ts";
import { jsonPatch, pointer } from "../fix/patch.ts";
import { isFinished } from "../pod-readiness.ts";
import { isEmptySelector, labelsInWords } from "../selector.ts";
import { actionInWords, policyInWords } from "./clause-words.ts";
import type { CompiledNetworkPolicy } from "./compile-rules.ts";
import type { NearRule } from "./near-rule.ts";
import type { Packet, PacketEnd } from "./packet.ts";
import { blockNaming, namespaceLabels, peerFor, tellingLabels, type WrittenPeer } from "./peer-for.ts";
import type { Sight } from "./sight.ts";

export interface Refusal {
  readonly packet: Packet;
  readonly direction: Direction;
  readonly isolating: readonly CompiledNetworkPolicy[];
  readonly near: NearRule | undefined;
  /** Ports to open beside the packet's own: DNS answers that are too long for UDP come by TCP. */
  readonly alsoTcp?: true | undefined;
}

/** The smallest change to NetworkPolicies that lets a refused packet through. */
export function fixRefusal(refusal: Refusal, sight: Sight): Fix {
  return fixNear(refusal, sight) ?? newRule(refusal, sight);
}

function fixNear({ packet, direction, near }: Refusal, sight: Sight): Fix | undefined {
  if (near === undefined) return undefined;
  const { policy, rule } = near;
  const path = `spec.${direction}[${rule}]`;
  const list = direction === "ingress" ? "from" : "to";
  const name = `${policyInWords(policy)} rule ${rule + 1}`;
  switch (near.miss) {
    case "ports": {
      const { port, protocol } = packet;
      if (near.confused !== undefined) {
        return {
          text: `Name the pods' port ${port} in ${name}`,
          patch: jsonPatch(policy.id, {
            op: "replace",
            path: pointer(`${path}.ports[${near.confused}].port`),
            value: port,
          }),
        };
      }
      return {
        text: `Add port ${port}/${protocol} to ${name}`,
        patch: jsonPatch(policy.id, {
          op: "add",
          path: pointer(`${path}.ports`, "-"),
          value: { protocol, port },
        }),
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
function newRule({ packet, direction, isolating, near, alsoTcp }: Refusal, sight: Sight): Fix {
  const host = hostPolicy(isolating, near);
  const subject = direction === "ingress" ? packet.destination : packet.source;
  const namespace = host?.namespace ?? (subject.kind === "pod" ? subject.pod.namespace : "");
  const written = peerFor(endAsked(packet, direction), namespace, sight.index);
  const [first] = isolating;
  if (written === undefined) {
    const name =
      host === undefined
        ? first === undefined
          ? "a NetworkPolicy"
          : policyInWords(first.policy)
        : policyInWords(host);
    return { text: `Add a rule to ${name} that ${direction === "ingress" ? "admits it" : "lets it out"}` };
  }
  const rule = ruleFor(written, packet, direction, alsoTcp);
  const what = `${direction === "ingress" ? "admits" : "lets out to"} ${written.words} on ${packet.port}/${packet.protocol}${alsoTcp ? " and TCP" : ""}`;
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
  const manifest = newPolicy(packet, direction, rule, sight);
  return {
    text: `Create a NetworkPolicy in ${namespace} that ${what}`,
    manifest,
  };
}

function ruleFor(
  { peer }: WrittenPeer,
  { port, protocol }: Packet,
  direction: Direction,
  alsoTcp: true | undefined,
) {
  const ports = [{ protocol, port }, ...(alsoTcp && protocol !== "TCP" ? [{ protocol: "TCP", port }] : [])];
  return direction === "ingress" ? { from: [peer], ports } : { to: [peer], ports };
}

/** The near rule's policy; else one with a selector of its own, which is about few pods. */
function hostPolicy(
  isolating: readonly CompiledNetworkPolicy[],
  near: NearRule | undefined,
): NetworkPolicy | undefined {
  if (near !== undefined && !isEmptySelector(near.policy.podSelector)) return near.policy;
  return isolating.find(({ policy }) => !isEmptySelector(policy.podSelector))?.policy;
}

function newPolicy(packet: Packet, direction: Direction, rule: object, sight: Sight): string | undefined {
  const subject = direction === "ingress" ? packet.destination : packet.source;
  if (subject.kind !== "pod") return undefined;
  const labels = tellingLabels(subject.pod, sight.index);
  if (labels === undefined) return undefined;
  const owner = sight.index.ownerOf.get(subject.pod.id)?.split("/").at(-1) ?? subject.pod.name;
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return yamlOf({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${owner}-${direction}-${packet.port}`, namespace: subject.pod.namespace },
    spec: { podSelector: { matchLabels: labels }, policyTypes: [type], [direction]: [rule] },
  });
}

/** JSON is YAML, and needs no writer of its own; broken into lines for reading. */
function yamlOf(object: object): string {
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

/** A rule of a tier refuses it: one before it lets it through. The same verdict may have several such rules. */
export function fixTier(
  policy: TieredPolicy,
  { direction, rule = 0 }: Clause,
  packet: Packet,
  sight: Sight,
): Fix {
  const end = endAsked(packet, direction);
  const accept = actionInWords(policy, "Accept");
  const peer = tieredPeer(end, direction, sight);
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

function tieredPeer(end: PacketEnd, direction: Direction, sight: Sight): WrittenPeer | undefined {
  if (end.kind === "pod" && !end.pod.hostNetwork) {
    const podSelector = tellingLabels(end.pod, sight.index);
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
  const cidr = end.kind === "pod" ? hostBlock(end) : blockNaming(end);
  if (direction === "ingress" || cidr === undefined) return undefined;
  return { peer: { networks: [cidr] }, words: `addresses in ${cidr}` };
}

/** A pod on its node's network has the node's address, and no selector of a tiered policy matches it. */
function hostBlock({ address }: Extract<PacketEnd, { kind: "pod" }>): string | undefined {
  return address === undefined ? undefined : `${address.text}/${address.family === 4 ? 32 : 128}`;
}
