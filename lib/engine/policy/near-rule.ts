import type { LabelSelector, NetworkPolicy, Pod, PolicyPeer, PolicyPort } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { nearness } from "../near-words.ts";
import { listed } from "../object-words.ts";
import { isFinished } from "../pod-readiness.ts";
import {
  expressionMatches,
  isEmptySelector,
  labelsInWords,
  labelValue,
  selectorInWords,
  selectorMatches,
} from "../selector.ts";
import { declaredPorts, findPort } from "../target-port.ts";
import type { CompiledNetworkPolicy } from "./compile-rules.ts";
import { compilePeer, matchPeer } from "./match-peer.ts";
import { matchPorts } from "./match-ports.ts";
import type { Packet, PacketEnd } from "./packet.ts";
import { portsInWords } from "./rule-words.ts";
import type { Sight } from "./sight.ts";

/** Which part of a rule does not match, and how it might. */
export type NearRule = {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly rule: number;
  /** "rule 1 admits pods app=checkout from its own namespace only; checkout runs in shop". */
  readonly sentence: string;
  /** Besides, the rule is for other ports. */
  readonly alsoPorts?: true | undefined;
} & (
  | {
      readonly miss: "ports";
      /** Index of the port clause that names the Service's port by mistake. */
      readonly confused: number | undefined;
    }
  /** Only the namespace differs: the peer has no namespaceSelector. */
  | { readonly miss: "own-namespace"; readonly peer: number }
  /** Labels that differ by a slip of the hand. */
  | { readonly miss: "labels"; readonly peer: number; readonly set: Readonly<Record<string, string>> }
  | { readonly miss: "peer"; readonly peer: number }
);

interface Candidate {
  readonly near: NearRule;
  readonly distance: number;
}

/** Further away than this, a rule has nothing to do with the packet. */
const furthest = 2;

/**
 * The rule that comes nearest to letting a refused packet through, among those of the policies that isolate; undefined
 * where none is near. `servicePorts`: ports of Services that lead where the packet goes, which rules name by mistake.
 */
export function nearRule(
  isolating: readonly CompiledNetworkPolicy[],
  packet: Packet,
  direction: Direction,
  sight: Sight,
  servicePorts: readonly number[],
): NearRule | undefined {
  const seen = asSeen(packet, sight);
  let best: Candidate | undefined;
  for (const { policy } of isolating) {
    for (const [rule, { peers, ports }] of policy[direction].entries()) {
      const onPort = matchPorts(ports, seen).is !== "none";
      const candidates: readonly (Candidate | undefined)[] =
        peers.length === 0
          ? [onPort ? undefined : portMiss(policy, rule, undefined, packet, direction, servicePorts)]
          : peers.map((peer, i) =>
              peerCandidate(policy, rule, { peer, i, onPort }, packet, direction, sight, servicePorts),
            );
      for (const candidate of candidates) {
        if (candidate === undefined || candidate.distance > furthest) continue;
        if (best === undefined || candidate.distance < best.distance) best = candidate;
      }
    }
  }
  return best?.near;
}

/**
 * Rules for this very peer that name a Service's port where policies see the pods' own, so that they admit nothing of
 * what they are for: worth telling even where another rule lets the packet through.
 */
export function confusedRules(
  isolating: readonly CompiledNetworkPolicy[],
  packet: Packet,
  direction: Direction,
  sight: Sight,
  servicePorts: readonly number[],
): readonly string[] {
  const seen = asSeen(packet, sight);
  const end = endOf(seen, direction);
  return isolating.flatMap(({ policy }) =>
    policy[direction].flatMap(({ peers, ports }, rule) => {
      if (matchPorts(ports, seen).is !== "none") return [];
      if (confusedClause(ports, packet, servicePorts) === undefined) return [];
      const peer = peers.findIndex(
        (each) => matchPeer(compilePeer(each), policy.namespace, end, sight).is === "yes",
      );
      if (peers.length > 0 && peer === -1) return [];
      return [portMiss(policy, rule, peer, packet, direction, servicePorts).near.sentence];
    }),
  );
}

function peerCandidate(
  policy: NetworkPolicy,
  rule: number,
  { peer, i, onPort }: { readonly peer: PolicyPeer; readonly i: number; readonly onPort: boolean },
  packet: Packet,
  direction: Direction,
  sight: Sight,
  servicePorts: readonly number[],
): Candidate | undefined {
  const end = endOf(packet, direction);
  const seen = endOf(asSeen(packet, sight), direction);
  const matches = matchPeer(compilePeer(peer), policy.namespace, seen, sight).is === "yes";
  if (matches) return onPort ? undefined : portMiss(policy, rule, i, packet, direction, servicePorts);
  const miss = peerMiss(policy, rule, peer, i, end, direction, sight);
  if (miss === undefined) return undefined;
  if (onPort) return miss;
  const { near, distance } = miss;
  const sentence = `${near.sentence}; besides, it is for ${portsInWords(policy[direction][rule]?.ports ?? [])}`;
  return { near: { ...near, sentence, alsoPorts: true }, distance: distance + 1 };
}

function endOf({ source, destination }: Packet, direction: Direction): PacketEnd {
  return direction === "ingress" ? source : destination;
}

/** With nodes in place of pods on their network, as policies see these. */
function asSeen(packet: Packet, sight: Sight): Packet {
  return { ...packet, source: nodeOr(packet.source, sight), destination: nodeOr(packet.destination, sight) };
}

function nodeOr(end: PacketEnd, { dialect, nodeNamed }: Sight): PacketEnd {
  if (end.kind !== "pod" || !end.pod.hostNetwork || dialect.hostNetworkPods === "as-pod") return end;
  const { nodeName } = end.pod;
  return { kind: "node", name: nodeName ?? "", node: nodeNamed(nodeName), address: end.address };
}

/** The index of a clause that names a Service's port; a range that begins there may well mean what it says. */
function confusedClause(
  clauses: readonly PolicyPort[],
  { port, protocol }: Packet,
  servicePorts: readonly number[],
): number | undefined {
  const found = clauses.findIndex(
    (clause) =>
      typeof clause.port === "number" &&
      clause.port !== port &&
      clause.endPort === undefined &&
      clause.protocol === protocol &&
      servicePorts.includes(clause.port),
  );
  return found === -1 ? undefined : found;
}

function portMiss(
  policy: NetworkPolicy,
  rule: number,
  peer: number | undefined,
  packet: Packet,
  direction: Direction,
  servicePorts: readonly number[],
): Candidate {
  const { destination, port, protocol } = packet;
  const clauses = policy[direction][rule]?.ports ?? [];
  const confused = confusedClause(clauses, packet, servicePorts);
  const verb = direction === "ingress" ? "admits" : "lets out";
  const head = `${policy.name} rule ${rule + 1} ${verb} ${portsInWords(clauses)}`;
  const sentence =
    confused !== undefined
      ? `${head}: ${clauses[confused]?.port} is the Service's port, policies see the pods' own, ${port}`
      : `${head}; the packet arrives on ${port}/${protocol}${nameMiss(clauses, destination, port)}`;
  const near = { policy, direction, rule, sentence, miss: "ports", confused } as const;
  // A rule for anyone on another port is less likely to be meant than one that names this peer.
  return { near, distance: confused !== undefined ? 0.5 : peer === undefined ? 1.5 : 1 };
}

/** A port name that the destination does not carry: the trap of named ports. */
function nameMiss(clauses: readonly PolicyPort[], destination: PacketEnd, port: number): string {
  const names = clauses.flatMap((clause) => (typeof clause.port === "string" ? [clause.port] : []));
  if (names.length === 0 || destination.kind !== "pod") return "";
  const { pod } = destination;
  const lacking = names.filter((name) => findPort(pod, (declared) => declared.name === name) === undefined);
  if (lacking.length === 0) return "";
  const own = declaredPorts(pod).find((found) => found.port.containerPort === port)?.port.name;
  return `, and ${pod.name} declares no port named ${listed(lacking)}${own === undefined ? "" : ` (it calls it ${own})`}`;
}

function peerMiss(
  policy: NetworkPolicy,
  rule: number,
  peer: PolicyPeer,
  i: number,
  end: PacketEnd,
  direction: Direction,
  sight: Sight,
): Candidate | undefined {
  const head = `${policy.name} rule ${rule + 1} ${direction === "ingress" ? "admits" : "lets out to"}`;
  const at = { policy, direction, rule, peer: i } as const;
  if (peer.kind === "ip-block") return blockMiss(head, at, peer, end);
  if (end.kind !== "pod" || isFinished(end.pod)) return undefined;
  const { pod } = end;
  const { namespaceSelector, podSelector } = peer;
  const labelsMatch = podSelector === undefined || selectorMatches(podSelector, pod.labels);
  const pods =
    podSelector === undefined || isEmptySelector(podSelector)
      ? "pods"
      : `pods with ${selectorInWords(podSelector)}`;
  const inNamespace =
    namespaceSelector === undefined
      ? pod.namespace === policy.namespace
      : sight.namespaceMatches(namespaceSelector, pod.namespace).is === "yes";
  if (labelsMatch && inNamespace) {
    const sentence = `${head} ${pods}, and ${pod.name} is on its node's network, where policies see the node`;
    return { near: { ...at, sentence, miss: "peer" }, distance: 0.9 };
  }
  if (labelsMatch) {
    if (namespaceSelector === undefined) {
      const sentence = `${head} ${pods} of its own namespace ${policy.namespace} only; the peer has no namespaceSelector, and ${pod.name} runs in ${pod.namespace}`;
      return { near: { ...at, sentence, miss: "own-namespace" }, distance: isWide(podSelector) ? 2 : 1 };
    }
    const carried = labelsInWords(sight.index.namespaces.get(pod.namespace)?.labels ?? {});
    const sentence = `${head} ${pods} of namespaces with ${selectorInWords(namespaceSelector)}; namespace ${pod.namespace} carries ${carried === "" ? "no labels" : carried}`;
    return { near: { ...at, sentence, miss: "peer" }, distance: isWide(podSelector) ? 2 : 1.2 };
  }
  if (!inNamespace || podSelector === undefined) return undefined;
  return labelMiss(head, at, podSelector, pod);
}

/** Whether a selector matches pods of any kind, so that matching it says little. */
function isWide(selector: LabelSelector | undefined): boolean {
  return selector === undefined || isEmptySelector(selector);
}

type Place = Pick<NearRule, "policy" | "direction" | "rule"> & { readonly peer: number };

function blockMiss(
  head: string,
  at: Place,
  { cidr, except }: Extract<PolicyPeer, { kind: "ip-block" }>,
  end: PacketEnd,
): Candidate | undefined {
  if (end.kind === "pod" || end.kind === "unseen" || end.address === undefined) return undefined;
  const compiled = compilePeer({ kind: "ip-block", cidr, except });
  if (compiled.kind !== "ip-block") return undefined;
  const { address } = end;
  const asked = end.kind === "outside" ? (end.block ?? address.text) : address.text;
  const hole = compiled.except.find(
    (part) => part.family === address.family && part.start <= address.start && address.end <= part.end,
  );
  const inside =
    compiled.block.family === address.family &&
    compiled.block.start <= address.start &&
    address.end <= compiled.block.end;
  if (!inside) return undefined;
  const sentence =
    hole === undefined
      ? `${head} addresses in ${cidr}, which this network plugin does not take to mean nodes`
      : `${head} addresses in ${cidr} except ${hole.text}, ${hole.text === asked ? "which is what is asked for" : `and ${asked} is in that`}`;
  return { near: { ...at, sentence, miss: "peer" }, distance: 1 };
}

/** At most one label may differ, and only by a slip: `cart`, `carts`. */
function labelMiss(head: string, at: Place, selector: LabelSelector, pod: Pod): Candidate | undefined {
  if (!selector.matchExpressions.every((expression) => expressionMatches(expression, pod.labels)))
    return undefined;
  const differing = Object.entries(selector.matchLabels).filter(
    ([key, value]) => labelValue(pod.labels, key) !== value,
  );
  const [only, ...more] = differing;
  if (only === undefined || more.length > 0) return undefined;
  const [key, wanted] = only;
  const actual = labelValue(pod.labels, key);
  if (actual === undefined) return undefined;
  const distance = nearness(wanted, actual);
  if (distance === undefined) return undefined;
  const sentence = `${head} pods with ${selectorInWords(selector)}; ${pod.name} carries ${key}=${actual}`;
  return { near: { ...at, sentence, miss: "labels", set: { [key]: actual } }, distance: 0.8 + distance / 10 };
}
