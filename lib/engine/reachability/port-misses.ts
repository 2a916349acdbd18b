import type { NetworkPolicy, Pod, PolicyPeer, PolicyPort, PolicyRule, Protocol } from "#lib/model/objects.ts";
import type { Direction } from "#lib/model/verdict.ts";
import type { Facts, ServiceFacts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { undefinedDialect } from "../policy/dialect.ts";
import { type Sight, sightOf } from "../policy/sight.ts";
import { isHeadless } from "../ports.ts";
import { servicesOver } from "../routing/proxies.ts";
import { isEmptySelector } from "../selector.ts";
import { declaredPorts, targetPortOn } from "../target-port.ts";

/** A port clause of a NetworkPolicy that no packet can match on the pods that it is about. */
export interface PortMiss {
  readonly kind: "miss";
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly rule: number;
  /** Field path of the clause: `spec.ingress[0].ports[1]`. */
  readonly path: string;
  readonly clause: PolicyPort;
  /** Whether no other clause of the rule matches anything for sure: then the whole rule is void. */
  readonly alone: boolean;
  /** Where packets arrive: the policy's own pods, or those that an egress rule lets out to. */
  readonly pods: readonly Pod[];
  readonly why: WhyMissed;
}

export type WhyMissed =
  /** A number that Services in front of the pods have for their own port; the pods listen on `numbers`. */
  | { readonly is: "service-port"; readonly services: Services; readonly numbers: readonly number[] }
  /** A name that none of the pods declares. `named`: Services in front of them call a port of theirs so. */
  | {
      readonly is: "name";
      readonly declared: readonly string[];
      readonly named?: { readonly services: Services; readonly numbers: readonly number[] } | undefined;
    }
  /** A number, or a name, that the pods declare for other protocols only. */
  | { readonly is: "protocol"; readonly declared: readonly Protocol[] };

type Services = readonly [ServiceFacts, ...ServiceFacts[]];

/** A rule that was not judged, since it hangs on the labels of namespaces that were not read. */
export interface UndecidedPorts {
  readonly kind: "undecided";
}

/**
 * Port clauses that are void: the Service's port in place of the pods' own, a name that no pod has, TCP by default where
 * the pods speak UDP. A number that nobody declares is none of these: containers need not declare what they listen on.
 * In manifests only what is about one workload's labels in its own namespace is judged, since others may be elsewhere.
 */
export function* portMisses(facts: Facts): Iterable<PortMiss | UndecidedPorts | undefined> {
  const sight = sightOf(facts, undefinedDialect);
  const destinationsOf = rememberDestinations(facts, sight);
  for (const policy of facts.snapshot.objects.networkPolicies ?? []) {
    yield;
    if (policy.faults.length > 0) continue;
    for (const direction of ["ingress", "egress"] as const) {
      if (!policy.policyTypes.includes(direction === "ingress" ? "Ingress" : "Egress")) continue;
      for (const [rule, each] of policy[direction].entries()) {
        if (each.ports.every(({ port }) => port === undefined)) continue;
        const destinations =
          direction === "ingress"
            ? destinationsOf.own(policy)
            : destinationsOf.peers(policy.namespace, each.peers);
        if (destinations === "undecided") yield { kind: "undecided" };
        else if (destinations !== undefined && destinations.pods.length > 0)
          yield* missesOf(facts, policy, direction, rule, each, destinations);
      }
    }
  }
}

function* missesOf(
  facts: Facts,
  policy: NetworkPolicy,
  direction: Direction,
  rule: number,
  { ports }: PolicyRule,
  destinations: Destinations,
): Iterable<PortMiss> {
  const misses = ports.map((clause) => whyMissed(facts, clause, ports, destinations));
  const alone = misses.every((why) => why !== undefined);
  for (const [i, why] of misses.entries()) {
    const clause = ports[i];
    if (why === undefined || clause === undefined) continue;
    const path = `spec.${direction}[${rule}].ports[${i}]`;
    yield { kind: "miss", policy, direction, rule, path, clause, alone, pods: destinations.pods, why };
  }
}

function whyMissed(
  facts: Facts,
  clause: PolicyPort,
  all: readonly PolicyPort[],
  destinations: Destinations,
): WhyMissed | undefined {
  const { port, protocol, endPort } = clause;
  if (port === undefined || endPort !== undefined) return undefined;
  const { ports } = destinations;
  const declared = ports.protocols.get(port) ?? [];
  if (declared.includes(protocol)) return undefined;
  if (typeof port === "string") {
    if (declared.length > 0)
      return all.some((other) => other.port === port && declared.includes(other.protocol))
        ? undefined
        : { is: "protocol", declared };
    const named = landingsOver(facts, destinations).filter(
      (landing) => landing.protocol === protocol && landing.portName === port,
    );
    return { is: "name", declared: [...ports.names].sort(), named: joined(named) };
  }
  const over = landingsOver(facts, destinations);
  if (over.some((landing) => landing.protocol === protocol && landing.number === port)) return undefined;
  const byService = joined(over.filter((landing) => landing.protocol === protocol && landing.port === port));
  if (byService === undefined) {
    const isOther = declared.length > 0 && !all.some((other) => matchesAny(other, port, declared));
    return isOther ? { is: "protocol", declared } : undefined;
  }
  // Who names both ports, to be on the safe side, loses nothing.
  return all.some((other) => byService.numbers.some((number) => matchesAny(other, number, [protocol])))
    ? undefined
    : { is: "service-port", ...byService };
}

/** The Services of landings and the numbers on which they land; undefined where there are none. */
function joined(
  landings: readonly Landing[],
): { readonly services: Services; readonly numbers: readonly number[] } | undefined {
  const [first, ...more] = new Set(landings.map(({ service }) => service));
  if (first === undefined) return undefined;
  const numbers = [...new Set(landings.map(({ number }) => number))].sort((a, b) => a - b);
  return { services: [first, ...more], numbers };
}

function matchesAny(
  { port, protocol, endPort }: PolicyPort,
  number: number,
  protocols: readonly Protocol[],
): boolean {
  if (!protocols.includes(protocol)) return false;
  if (port === undefined) return true;
  return typeof port === "number" && port <= number && number <= (endPort ?? port);
}

/** Pods at which a rule's packets arrive, with all that they declare. */
interface Destinations {
  readonly pods: readonly Pod[];
  readonly ports: Declared;
  /** Found when they are first asked for. */
  landings?: readonly Landing[];
}

interface Declared {
  readonly names: ReadonlySet<string>;
  /** The protocols for which a number or a name is declared. */
  readonly protocols: ReadonlyMap<number | string, readonly Protocol[]>;
}

/** A port of a Service, and the pods' own on which its packets arrive. */
interface Landing {
  readonly service: ServiceFacts;
  readonly port: number;
  readonly portName: string | undefined;
  readonly protocol: Protocol;
  readonly number: number;
}

/** Policies name the same few peers again and again. Undefined: whom they mean is not for these files to say. */
interface RememberedDestinations {
  own(policy: NetworkPolicy): Destinations | undefined;
  peers(namespace: string, peers: readonly PolicyPeer[]): Destinations | "undecided" | undefined;
}

function rememberDestinations(facts: Facts, sight: Sight): RememberedDestinations {
  const { index, snapshot } = facts;
  const inManifests = snapshot.origin === "manifests";
  const known = new Map<string, Destinations | "undecided" | undefined>();

  function find(namespace: string, peers: readonly PolicyPeer[]): Destinations | "undecided" | undefined {
    const pods = new Set<Pod>();
    for (const peer of peers) {
      // A block may mean what is no pod, and whoever is meant by it listens where he likes.
      if (peer.kind === "ip-block") return undefined;
      const { namespaceSelector, podSelector } = peer;
      const isWide = podSelector === undefined || isEmptySelector(podSelector);
      if (inManifests && (namespaceSelector !== undefined || isWide)) return undefined;
      for (const name of namespaceSelector === undefined ? [namespace] : index.podsByNamespace.keys()) {
        const found =
          podSelector === undefined ? index.podsByNamespace.get(name) : index.podsMatching(name, podSelector);
        const live = (found ?? []).filter((pod) => !isFinished(pod) && !pod.hostNetwork);
        if (live.length === 0) continue;
        const { is } =
          namespaceSelector === undefined ? { is: "yes" } : sight.namespaceMatches(namespaceSelector, name);
        if (is === "maybe") return "undecided";
        if (is === "yes") for (const pod of live) pods.add(pod);
      }
    }
    return { pods: [...pods], ports: declaredBy(pods) };
  }

  function peers(namespace: string, asked: readonly PolicyPeer[]) {
    // Anyone may be meant, also outside the cluster.
    if (asked.length === 0) return undefined;
    const isLocal = asked.some((peer) => peer.kind === "pods" && peer.namespaceSelector === undefined);
    const key = `${isLocal ? namespace : ""} ${JSON.stringify(asked)}`;
    if (!known.has(key)) known.set(key, find(namespace, asked));
    return known.get(key);
  }

  return {
    own({ namespace, podSelector }) {
      const found = peers(namespace, [{ kind: "pods", podSelector }]);
      return found === "undecided" ? undefined : found;
    },
    peers,
  };
}

function declaredBy(pods: Iterable<Pod>): Declared {
  const names = new Set<string>();
  const protocols = new Map<number | string, Protocol[]>();
  const add = (key: number | string, protocol: Protocol) => {
    const found = protocols.get(key);
    if (found === undefined) protocols.set(key, [protocol]);
    else if (!found.includes(protocol)) found.push(protocol);
  };
  for (const pod of pods) {
    for (const { port } of declaredPorts(pod)) {
      add(port.containerPort, port.protocol);
      if (port.name === undefined) continue;
      names.add(port.name);
      add(port.name, port.protocol);
    }
  }
  return { names, protocols };
}

/** Where Services over the pods lead on them. A headless one translates nothing, so nobody mistakes its port. */
function landingsOver(facts: Facts, destinations: Destinations): readonly Landing[] {
  destinations.landings ??= findLandings(facts, destinations.pods);
  return destinations.landings;
}

function findLandings(facts: Facts, pods: readonly Pod[]): readonly Landing[] {
  const landings = new Map<string, Landing>();
  const among = new Set(pods);
  for (const service of servicesOver(facts, pods)) {
    if (isHeadless(service.service)) continue;
    for (const port of service.service.ports) {
      for (const pod of service.selected ?? []) {
        if (!among.has(pod)) continue;
        const { number } = targetPortOn(pod, port);
        if (number === undefined) continue;
        const key = `${service.service.id} ${port.port} ${port.protocol} ${number}`;
        if (landings.has(key)) continue;
        landings.set(key, {
          service,
          port: port.port,
          portName: port.name,
          protocol: port.protocol,
          number,
        });
      }
    }
  }
  return [...landings.values()];
}
