import type { Evidence } from "#lib/model/finding.ts";
import type { NetworkPolicy, Pod, Protocol, ServicePort } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Facts, PortFact, ServiceFacts } from "../facts.ts";
import { clauseEvidence } from "../policy/clause-words.ts";
import type { PolicyVerdict } from "../policy/compile-policies.ts";
import { matchPorts, matchTieredPorts, type PortMatch } from "../policy/match-ports.ts";
import type { Packet } from "../policy/packet.ts";
import { pairsOf, twinOf } from "../policy/pairs.ts";
import { commonFamilies, packetEnd } from "../trace/party.ts";
import { type World, worldOf } from "../trace/world.ts";
import { classesOf } from "./matrix-ends.ts";
import { type MeantPods, rememberMeant } from "./meant-pods.ts";
import { type Refusal, refusalOf } from "./refusals.ts";
import { listedPort, podsBehind, type ServicePod } from "./service-pods.ts";

/** A Service of which at least one port is closed to everybody by ingress policies of its pods, or by egress of those they admit. */
export interface ShutService {
  readonly kind: "shut";
  readonly service: ServiceFacts;
  readonly ports: readonly ShutPort[];
  /** Whether its other ports, where it has any, let somebody in. */
  readonly whole: boolean;
  readonly pods: readonly Pod[];
  /** The policies that isolate its pods. */
  readonly isolating: readonly NetworkPolicy[];
}

export interface ShutPort {
  readonly port: ServicePort;
  /** Field path in the Service: `spec.ports[0]`. */
  readonly path: string;
  /** The pods' own. */
  readonly numbers: readonly number[];
  readonly evidence: readonly Evidence[];
  /** Rules that come to nothing, and why. */
  readonly voidRules: readonly VoidRule[];
  /** Where ingress admits someone: a sender whose egress does not let it out. */
  readonly heldBack: Refusal | undefined;
}

/** A rule over the Service's pods that lets nobody in on a port. */
export interface VoidRule {
  readonly policy: NetworkPolicy;
  readonly rule: number;
  /** `port`: it is for others. `peers`: no pod is what its peers mean, or not one that may send. */
  readonly miss: "port" | "peers";
}

export interface UndecidedService {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
  /** In manifests: whom a rule admits may be in other files. */
  readonly elsewhere: boolean;
}

/**
 * Services that nobody may reach. A rule for anyone, or for addresses, lets somebody in whoever that is; of rules for
 * pods one pod that may come is enough. Undefined now and then, so that others may run. A pod's own node and the pod itself always reach it, and do not count.
 */
export function* shutServices(facts: Facts): Iterable<ShutService | UndecidedService | undefined> {
  const world = worldOf(facts);
  const peers = rememberMeant(world);
  for (const service of facts.services.values()) {
    const { namespace } = service.service;
    const own = world.policies.set.networkPolicies.get(namespace);
    if (service.backing !== "selector" || own?.some(({ ingress }) => ingress !== undefined) !== true)
      continue;
    yield;
    const behind = podsBehind(world, service) ?? [];
    const asked = service.ports.flatMap((fact, i) => {
      const landings = landingsOf(world, service, fact, behind);
      return landings.length === 0 ? [] : [{ fact, i, answer: portAnswer(world, peers, landings, fact) }];
    });
    const shut = asked.flatMap(({ fact, i, answer }) =>
      answer.is === "shut" ? [shutPort(world, fact, i, answer)] : [],
    );
    for (const { answer } of asked) if (answer.is === "undecided") yield { kind: "undecided", ...answer };
    if (shut.length === 0) continue;
    const pods = behind.map(({ pod }) => pod);
    const isolating = pods.flatMap((pod) => world.policies.selection(pod, "ingress").isolating);
    yield {
      kind: "shut",
      service,
      ports: shut,
      whole: shut.length === asked.length,
      pods,
      isolating: [...new Set(isolating.map(({ policy }) => policy))],
    };
  }
}

interface Landing {
  readonly pods: readonly [Pod, ...Pod[]];
  readonly number: number;
}

interface HeldBack {
  readonly packet: Packet;
  readonly verdict: PolicyVerdict;
}

type Answer =
  | { readonly is: "open" }
  | { readonly is: "undecided"; readonly doubts: readonly Doubt[]; readonly elsewhere: boolean }
  | {
      readonly is: "shut";
      readonly landings: readonly Landing[];
      readonly denied: readonly PolicyVerdict[];
      readonly heldBack: HeldBack | undefined;
    };

function landingsOf(
  world: World,
  service: ServiceFacts,
  { port }: PortFact,
  behind: readonly ServicePod[],
): readonly Landing[] {
  const byNumber = Map.groupBy(behind, (each) => listedPort(service, each, port));
  return [...byNumber].flatMap(([number, pods]) =>
    number === undefined
      ? []
      : classesOf(
          world,
          pods.map(({ pod }) => pod),
        ).map((alike) => ({ pods: alike, number })),
  );
}

function portAnswer(
  world: World,
  peers: MeantPods,
  landings: readonly Landing[],
  { port: { protocol } }: PortFact,
): Answer {
  const denied: PolicyVerdict[] = [];
  const doubts: Doubt[] = [];
  let elsewhere = false;
  let heldBack: HeldBack | undefined;
  for (const landing of landings) {
    const [pod] = landing.pods;
    if (pod.hostNetwork || world.policies.selection(pod, "ingress").isolating.length === 0)
      return { is: "open" };
    const answer = landingAnswer(world, peers, landing, protocol);
    if (answer.is === "open") return answer;
    if (answer.is === "undecided") {
      doubts.push(...answer.doubts);
      elsewhere ||= answer.elsewhere;
      continue;
    }
    denied.push(...answer.denied);
    heldBack ??= answer.heldBack;
  }
  return doubts.length > 0 || elsewhere
    ? { is: "undecided", doubts, elsewhere }
    : { is: "shut", landings, denied, heldBack };
}

function landingAnswer(world: World, peers: MeantPods, landing: Landing, protocol: Protocol): Answer {
  const { pods, number } = landing;
  const [pod] = pods;
  const { policies, facts } = world;
  const { isolating, admin } = policies.selection(pod, "ingress");
  const destination = { kind: "pod", pod, address: undefined } as const;
  const onPort = (match: PortMatch) => match.is !== "none";
  const asked = { destination, port: number, protocol };
  const doubts: Doubt[] = [];
  let elsewhere = false;
  let heldBack: HeldBack | undefined;

  const rules = isolating.flatMap(({ policy, ingress = [] }) =>
    ingress.filter(({ ports }) => onPort(matchPorts(ports, asked))).map((rule) => ({ policy, rule })),
  );
  if (rules.some(({ rule }) => rule.peers.length === 0 || rule.peers.some(({ kind }) => kind === "ip-block")))
    return { is: "open" };
  const candidates = new Set<Pod>();
  for (const { policy, rule } of rules) {
    for (const peer of rule.peers) {
      if (peer.kind !== "pods") continue;
      if (facts.snapshot.origin === "manifests" && peer.namespaceSelector !== undefined) elsewhere = true;
      for (const each of peers(policy.namespace, peer)) candidates.add(each);
    }
  }
  for (const { compiled } of admin.flat(2)) {
    for (const { action, ports, peers: tiered } of compiled.ingress) {
      if (action !== "Accept" || !onPort(matchTieredPorts(ports, asked))) continue;
      for (const peer of tiered)
        if (peer.kind === "pods") for (const each of peers("", peer)) candidates.add(each);
    }
  }
  const seen = new Set<string>();
  for (const candidate of candidates) {
    // Of a class one pod speaks for all; the landing's own pods reach each other like any others of the class.
    const key = world.classOf(candidate);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const { packet, verdict } of packetsTo(world, candidate, landing, protocol)) {
      if (verdict.decision === "allowed") return { is: "open" };
      if (verdict.decision === "unknown") doubts.push(...verdict.ingress.doubts, ...verdict.egress.doubts);
      else if (verdict.ingress.decision === "allowed") heldBack ??= { packet, verdict };
    }
  }
  // Somebody whom no rule means.
  const stranger = policies.verdict({
    source: { kind: "outside", address: undefined },
    destination,
    port: number,
    protocol,
  });
  if (stranger.decision === "allowed") return { is: "open" };
  doubts.push(...stranger.ingress.doubts);
  return doubts.length > 0 || elsewhere
    ? { is: "undecided", doubts, elsewhere }
    : { is: "shut", landings: [landing], denied: [stranger], heldBack };
}

function* packetsTo(
  { policies }: World,
  candidate: Pod,
  { pods, number }: Landing,
  protocol: Protocol,
): Iterable<{ readonly packet: Packet; readonly verdict: PolicyVerdict }> {
  const from = { kind: "pods", pods: [candidate] } as const;
  for (const family of commonFamilies(from, { kind: "pods", pods })) {
    for (const pair of pairsOf([candidate], pods)) {
      // A pod always reaches itself: asked is another one like it, which a rule for its own kind is written for.
      const source = pair.source.id === pair.destination.id ? twinOf(pair.source) : pair.source;
      const packet = {
        source: packetEnd({ kind: "pods", pods: [source] }, family),
        destination: packetEnd({ kind: "pods", pods: [pair.destination] }, family),
        port: number,
        protocol,
      };
      yield { packet, verdict: policies.verdict(packet) };
    }
  }
}

function shutPort(
  world: World,
  { port }: PortFact,
  i: number,
  { landings, denied, heldBack }: Extract<Answer, { is: "shut" }>,
): ShutPort {
  const { facts, policies } = world;
  const clauses = new Map(
    denied.flatMap(({ ingress }) => ingress.deniedBy.map((clause) => [clause.policy, clause] as const)),
  );
  const voidRules = new Map<string, VoidRule>();
  for (const { pods, number } of landings) {
    const [pod] = pods;
    const destination = { kind: "pod", pod, address: undefined } as const;
    for (const { policy, ingress = [] } of policies.selection(pod, "ingress").isolating) {
      for (const [rule, { ports }] of ingress.entries()) {
        const onPort =
          matchPorts(ports, { destination, port: number, protocol: port.protocol }).is !== "none";
        voidRules.set(`${policy.id} ${rule}`, { policy, rule, miss: onPort ? "peers" : "port" });
      }
    }
  }
  return {
    port,
    path: `spec.ports[${i}]`,
    numbers: [...new Set(landings.map(({ number }) => number))].sort((a, b) => a - b),
    evidence: [...clauses.values()].map((clause) => clauseEvidence(facts.index, clause)),
    voidRules: [...voidRules.values()],
    heldBack:
      heldBack === undefined
        ? undefined
        : refusalOf(world, heldBack.packet, heldBack.verdict.egress, { servicePorts: [port.port] }),
  };
}
