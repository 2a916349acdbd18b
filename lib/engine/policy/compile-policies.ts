import { kinds } from "#lib/model/kinds.ts";
import type { Labels, Pod } from "#lib/model/objects.ts";
import type { Clause, Direction, Doubt } from "#lib/model/verdict.ts";
import { parseAddress } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { listed } from "../object-words.ts";
import { readInFullIn } from "../read-in-full.ts";
import { askNetworkPolicies } from "./ask-network-policies.ts";
import { askTier } from "./ask-tier.ts";
import { type CompiledSet, compileRules } from "./compile-rules.ts";
import type { Dialect } from "./dialect.ts";
import { distinctDoubts } from "./doubts.ts";
import { doubtsOf, inOneDoubt, type Lacks, lacksOf } from "./lacks.ts";
import type { Packet, PacketEnd } from "./packet.ts";
import { type DecidedBy, type Decision, impossible, or, type Possible } from "./possible.ts";
import { type Selection, selectionOf } from "./selection.ts";
import { type Sight, sightOf } from "./sight.ts";

export interface DirectionVerdict {
  readonly direction: Direction;
  readonly decision: "allowed" | "denied" | "unknown";
  /** Undefined where it is unknown. */
  readonly by: DecidedBy | undefined;
  /** Rules that let it through; where it is unknown, those that may. */
  readonly allowedBy: readonly Clause[];
  /** Rules that refuse it, or the policies that isolate; where it is unknown, those that may. */
  readonly deniedBy: readonly Clause[];
  /** NetworkPolicies that isolate this end. */
  readonly isolatedBy: ReadonlyArray<Clause["policy"]>;
  /** Why it is unknown; empty where it is not. */
  readonly doubts: readonly Doubt[];
}

export interface PolicyVerdict {
  /** Both directions must allow. */
  readonly decision: "allowed" | "denied" | "unknown";
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}

export interface CompiledPolicies {
  readonly facts: Facts;
  readonly set: CompiledSet;
  readonly sight: Sight;
  verdict(packet: Packet): PolicyVerdict;
  directionVerdict(packet: Packet, direction: Direction): DirectionVerdict;
  /** The policies that concern a pod, by labels alone. */
  selection(pod: Pod, direction: Direction): Selection;
}

/** Compiles a snapshot's policies of every kind; then asks cost what the policies over the two ends cost. */
export function compilePolicies(facts: Facts, dialect: Dialect): CompiledPolicies {
  const set = compileRules(facts.snapshot);
  const sight = sightOf(facts, dialect);
  const lacks = lacksOf(facts.snapshot);
  const selections = { ingress: rememberSelections(), egress: rememberSelections() };

  function selection(pod: Pod, direction: Direction): Selection {
    const known = selections[direction](pod);
    const found = known.get(pod.labels) ?? selectionOf(set, pod, direction, sight);
    known.set(pod.labels, found);
    return found;
  }

  function possible(packet: Packet, direction: Direction): Possible {
    const subject = direction === "ingress" ? packet.destination : packet.source;
    if (subject.kind !== "pod") return allowed("no-pod");
    const exempt = exemption(packet, direction);
    if (exempt !== undefined) return exempt;
    const concerned = selection(subject.pod, direction);
    const asked = askTier({ by: "admin-tier", sequences: concerned.admin }, packet, direction, sight, () =>
      belowAdmin(packet, direction, concerned, subject.pod.namespace),
    );
    const come = direction === "ingress" ? fromSomeNode(packet, asked) : asked;
    const foreign = foreignDoubts(concerned, packet, come);
    return or(
      come,
      anything([...doubtsOf(lacks.admin), ...faultyTier(concerned, "Admin"), ...foreign], come),
    );
  }

  function belowAdmin(
    packet: Packet,
    direction: Direction,
    concerned: Selection,
    namespace: string,
  ): Possible {
    // A NetworkPolicy concerns pods of its own namespace alone: who sees those of this one knows all that count.
    const isKnown = readInFullIn(facts.snapshot, "networkPolicies", namespace);
    const open = [...(isKnown ? [] : doubtsOf(lacks.networkPolicies)), ...faultyNetworkPolicies(concerned)];
    const come =
      concerned.isolating.length > 0
        ? toOwnNode(packet, direction, askNetworkPolicies(concerned.isolating, packet, direction, sight))
        : belowNetworkPolicies(packet, direction, concerned);
    // Allowances add up: what is allowed already stays so, whatever another NetworkPolicy says.
    if (concerned.isolating.length > 0 && come.denied === undefined) return come;
    return or(come, anything(open, come));
  }

  function belowNetworkPolicies(packet: Packet, direction: Direction, concerned: Selection): Possible {
    const come = askTier(
      { by: "baseline-tier", sequences: concerned.baseline },
      packet,
      direction,
      sight,
      () => allowed("default"),
    );
    return or(come, anything([...doubtsOf(lacks.baseline), ...faultyTier(concerned, "Baseline")], come));
  }

  function directionVerdict(packet: Packet, direction: Direction): DirectionVerdict {
    return verdictOf(direction, overHostNetworks(packet, direction, dialect, sight, possible), lacks);
  }

  return {
    facts,
    set,
    sight,
    selection,
    directionVerdict,
    verdict(packet) {
      const egress = directionVerdict(packet, "egress");
      const ingress = directionVerdict(packet, "ingress");
      return { decision: together(egress.decision, ingress.decision), egress, ingress };
    },
  };
}

/**
 * All that a selection goes by, besides the policies, is a pod's namespace, its labels, and whether it is on its node's
 * network. The pods of a workload mostly share their labels, as one object.
 */
function rememberSelections(): (pod: Pod) => Map<Labels, Selection> {
  const known = {
    own: new Map<string, Map<Labels, Selection>>(),
    host: new Map<string, Map<Labels, Selection>>(),
  };
  return ({ namespace, hostNetwork }) => {
    const byNamespace = hostNetwork ? known.host : known.own;
    const found = byNamespace.get(namespace) ?? new Map<Labels, Selection>();
    byNamespace.set(namespace, found);
    return found;
  };
}

function together(a: PolicyVerdict["decision"], b: PolicyVerdict["decision"]): PolicyVerdict["decision"] {
  if (a === "denied" || b === "denied") return "denied";
  return a === "allowed" && b === "allowed" ? "allowed" : "unknown";
}

function allowed(by: DecidedBy): Possible {
  return { allowed: { by, clauses: [], isolatedBy: [] }, doubts: [] };
}

/** What no policy can change (docs/spec/policy.md, 4). */
function exemption({ source, destination }: Packet, direction: Direction): Possible | undefined {
  if (source.kind === "pod" && destination.kind === "pod" && source.pod.id === destination.pod.id)
    return allowed("same-pod");
  const fromOwnNode =
    direction === "ingress" &&
    source.kind === "node" &&
    destination.kind === "pod" &&
    destination.pod.nodeName === source.name;
  return fromOwnNode ? allowed("own-node") : undefined;
}

/** Where it is not known which node one of the two is on, it may be the same one. */
function fromSomeNode({ source, destination }: Packet, come: Possible): Possible {
  if (come.denied === undefined || source.kind !== "node" || destination.kind !== "pod") return come;
  if (source.name !== "" && destination.pod.nodeName !== undefined) return come;
  const doubt: Doubt = {
    code: "node-not-given",
    sentence: `which node ${destination.pod.name} runs on is not given, and its own node may always send to it`,
    objects: [destination.pod.id],
  };
  return or(come, { ...allowed("own-node"), doubts: [doubt] });
}

/**
 * The documentation has traffic between a pod and its own node always allowed, both ways; plugins do bind what a pod
 * sends to its node (docs/spec/policy.md, 6.5).
 */
function toOwnNode({ source, destination }: Packet, direction: Direction, come: Possible): Possible {
  if (direction === "ingress" || come.denied === undefined) return come;
  if (source.kind !== "pod" || destination.kind !== "node" || source.pod.nodeName !== destination.name)
    return come;
  const own: Possible = {
    ...allowed("own-node"),
    doubts: [
      {
        code: "own-node",
        sentence: `${source.pod.name} runs on ${destination.name}: that a pod may always send to its own node is documented, and not every network plugin holds to it`,
        objects: [source.pod.id],
      },
    ],
  };
  return or(come, own);
}

/** Asks with each reading of what pods on their node's network are, where the dialect leaves it open. */
function overHostNetworks(
  packet: Packet,
  direction: Direction,
  { hostNetworkPods }: Dialect,
  sight: Sight,
  ask: (packet: Packet, direction: Direction) => Possible,
): Possible {
  const pods = [packet.source, packet.destination].flatMap((end) =>
    end.kind === "pod" && end.pod.hostNetwork ? [end.pod] : [],
  );
  if (pods.length === 0 || hostNetworkPods === "as-pod") return ask(packet, direction);
  const asNodes = ask(
    { ...packet, source: asNode(packet.source, sight), destination: asNode(packet.destination, sight) },
    direction,
  );
  const subject = direction === "ingress" ? packet.destination : packet.source;
  const seen = subject.kind === "pod" && subject.pod.hostNetwork ? asHostNetwork(asNodes) : asNodes;
  if (hostNetworkPods === "as-node") return seen;
  const names = listed([...new Set(pods.map(({ name }) => name))]);
  const doubt: Doubt = {
    code: "host-network",
    sentence: `${names} ${pods.length === 1 ? "is" : "are"} on the node's network; whether policies see the pod or the node there is not defined`,
    objects: pods.map(({ id }) => id),
  };
  const come = or(seen, ask(packet, direction));
  return { ...come, doubts: [...come.doubts, doubt] };
}

function asNode(end: PacketEnd, sight: Sight): PacketEnd {
  if (end.kind !== "pod" || !end.pod.hostNetwork) return end;
  const { nodeName, hostIP } = end.pod;
  const address = end.address ?? (hostIP === undefined ? undefined : parseAddress(hostIP));
  // A pod that has no node yet is on none of those that are named.
  return { kind: "node", name: nodeName ?? "", node: sight.nodeNamed(nodeName), address };
}

function asHostNetwork(come: Possible): Possible {
  return come.allowed?.by === "no-pod" ? { ...come, allowed: { ...come.allowed, by: "host-network" } } : come;
}

/** Where something that counts is not known, both may come; what is possible already keeps its own evidence. */
function anything(doubts: readonly Doubt[], come: Possible): Possible {
  if (doubts.length === 0) return impossible;
  const open: Decision = {
    by: "default",
    clauses: [],
    isolatedBy: (come.allowed ?? come.denied)?.isolatedBy ?? [],
  };
  return { allowed: open, denied: open, doubts };
}

function faultyNetworkPolicies({ faulty }: Selection): readonly Doubt[] {
  return faulty.filter(({ kind }) => kind === "network-policy").map(faultyDoubt);
}

function faultyTier({ faulty }: Selection, tier: "Admin" | "Baseline"): readonly Doubt[] {
  return faulty.filter((policy) => policy.kind !== "network-policy" && policy.tier === tier).map(faultyDoubt);
}

function faultyDoubt({ id, kind, name, faults }: Selection["faulty"][number]): Doubt {
  const [first] = faults;
  const what = first === undefined ? "" : `: ${first.path} ${first.why}`.trimEnd();
  return {
    code: "policy-invalid",
    sentence: `${kinds[kind].api} ${name} is not valid${what}; what it does is not known`,
    objects: [id],
  };
}

/** A policy that only closes cannot open what is closed already; an egress firewall is asked at the cluster's edge. */
function foreignDoubts({ foreign }: Selection, { destination }: Packet, come: Possible): readonly Doubt[] {
  return foreign
    .filter(({ effect }) => effect === "opens-and-closes" || come.allowed !== undefined)
    .filter(({ kind }) => kind !== "egress-firewall" || destination.kind !== "pod")
    .map(({ id, kind, name }) => ({
      code: "policy-foreign",
      sentence: `${kinds[kind].api} ${name} (${kinds[kind].group}) concerns it, and policies of that kind are not evaluated`,
      objects: [id],
    }));
}

function verdictOf(
  direction: Direction,
  { allowed, denied, doubts }: Possible,
  lacks: Lacks,
): DirectionVerdict {
  const decided = allowed !== undefined && denied !== undefined ? undefined : (allowed ?? denied);
  return {
    direction,
    decision: decided === undefined ? "unknown" : allowed !== undefined ? "allowed" : "denied",
    by: decided?.by,
    allowedBy: allowed?.clauses ?? [],
    deniedBy: denied?.clauses ?? [],
    isolatedBy: (allowed ?? denied)?.isolatedBy ?? [],
    doubts: decided === undefined ? inOneDoubt(distinctDoubts(doubts), lacks) : [],
  };
}
