import type { NetworkPolicy, Pod, Protocol, TieredPolicy, TieredPort } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import type { Clause, Direction, Doubt } from "#lib/model/verdict.ts";
import { parseAddress } from "../cidr.ts";
import type { Facts } from "../facts.ts";
import { isFinished } from "../pod-readiness.ts";
import { policyOf } from "../policy/clause-words.ts";
import type { CompiledRule, CompiledTieredPolicy, CompiledTieredRule } from "../policy/compile-rules.ts";
import { matchTieredPeer } from "../policy/match-peer.ts";
import { matchTieredPorts } from "../policy/match-ports.ts";
import type { Packet, PacketEnd } from "../policy/packet.ts";
import { twinOf } from "../policy/pairs.ts";
import type { Selection } from "../policy/selection.ts";
import { declaredPorts, findPort } from "../target-port.ts";
import { packetEnd } from "../trace/party.ts";
import { type World, worldOf } from "../trace/world.ts";
import { type MeantPods, rememberMeant } from "./meant-pods.ts";

/** Two policies of which it is not defined which one is asked first, and a packet for which that makes a difference. */
export interface TierConflict {
  readonly kind: "conflict";
  readonly direction: Direction;
  /** In the order of their ids. */
  readonly policies: readonly [RuleInPlace, RuleInPlace];
  readonly packet: Packet;
}

export interface RuleInPlace {
  readonly policy: TieredPolicy;
  readonly rule: number;
}

/** A NetworkPolicy's rule of which the Admin tier denies all that it allows, before anyone asks it. */
export interface OverruledRule {
  readonly kind: "overruled";
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly rule: number;
  /** The rules that deny it. */
  readonly by: readonly (Clause & { readonly policy: TieredPolicy["id"] })[];
  readonly pods: readonly Pod[];
}

export interface UndecidedTiers {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
}

export function* tierConflicts(facts: Facts): Iterable<TierConflict | OverruledRule | UndecidedTiers> {
  const world = worldOf(facts);
  const pods = lazily(() => samplePods(world));
  for (const [a, b] of unordered(world)) yield* conflictsBetween(world, pods, a, b);
  yield* overruledRules(world);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** One pod for all that no policy tells apart, those on their node's network aside: tiers do not bind them. */
function samplePods({ facts, classOf }: World): readonly Pod[] {
  const byClass = new Map<string, Pod>();
  for (const pod of facts.snapshot.objects.pods ?? []) {
    if (isFinished(pod) || pod.hostNetwork) continue;
    const key = classOf(pod);
    const known = byClass.get(key);
    // Whatever order the snapshot has.
    if (known === undefined || pod.id < known.id) byClass.set(key, pod);
  }
  return [...byClass.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Pair = readonly [CompiledTieredPolicy, CompiledTieredPolicy];

/** Policies of one tier and priority, and the one of the Baseline tier that has no place among the others. */
function* unordered({ policies: { set } }: World): Iterable<Pair> {
  const groups = new Set([...set.admin, ...set.baseline].flat());
  for (const group of groups) yield* pairsIn(group);
  const [order, other] = set.baseline;
  if (order === undefined || other === undefined) return;
  const baseline = [...new Set(order.flat())];
  const isOld = ({ policy }: CompiledTieredPolicy) => policy.kind === "baseline-admin-network-policy";
  for (const old of baseline.filter(isOld))
    for (const each of baseline.filter((compiled) => !isOld(compiled)))
      yield old.policy.id < each.policy.id ? [old, each] : [each, old];
}

function* pairsIn(group: readonly CompiledTieredPolicy[]): Iterable<Pair> {
  const sorted = group.toSorted((a, b) => (a.policy.id < b.policy.id ? -1 : 1));
  for (const [i, a] of sorted.entries()) for (const b of sorted.slice(i + 1)) yield [a, b];
}

/** More packets than these are not tried for two rules: what earlier rules decide of so many, they decide of most. */
const mostTried = 60;

function* conflictsBetween(
  world: World,
  pods: () => readonly Pod[],
  a: CompiledTieredPolicy,
  b: CompiledTieredPolicy,
): Iterable<TierConflict | UndecidedTiers> {
  for (const direction of ["ingress", "egress"] as const) {
    const differing = a[direction].flatMap((ruleA, i) =>
      b[direction].flatMap((ruleB, j) => (ruleA.action === ruleB.action ? [] : [{ ruleA, i, ruleB, j }])),
    );
    if (differing.length === 0) continue;
    const subjects = pods().filter((pod) => [a, b].every((each) => selects(world, each, pod, direction)));
    if (subjects.length === 0) continue;
    const doubts: Doubt[] = [];
    const found = firstOf(differing, ({ ruleA, ruleB, i, j }) => {
      for (const packet of packetsOf(world, pods, subjects, direction, ruleA, ruleB)) {
        const verdict = world.policies.directionVerdict(packet, direction);
        if (verdict.decision !== "unknown") continue;
        const unread = verdict.doubts.filter(({ code }) => code === "policies-unread");
        doubts.push(...unread);
        const differs = verdict.doubts.some(
          ({ code, objects }) =>
            code === "same-priority" && objects.includes(a.policy.id) && objects.includes(b.policy.id),
        );
        // What was not read may decide before them.
        if (differs && unread.length === 0) return { packet, i, j };
      }
      return undefined;
    });
    if (found !== undefined) {
      const { packet, i, j } = found;
      const policies = [
        { policy: a.policy, rule: i },
        { policy: b.policy, rule: j },
      ] as const;
      yield { kind: "conflict", direction, policies, packet };
    } else if (doubts.length > 0) yield { kind: "undecided", doubts };
  }
}

function firstOf<T, R>(all: readonly T[], find: (each: T) => R | undefined): R | undefined {
  for (const each of all) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function selects(
  { policies }: World,
  { policy }: CompiledTieredPolicy,
  pod: Pod,
  direction: Direction,
): boolean {
  return tiersOf(policies.selection(pod, direction)).some(
    (each) => each.compiled.policy === policy && each.selects.is === "yes",
  );
}

function tiersOf({ admin, baseline }: Pick<Selection, "admin" | "baseline">) {
  return [...admin, ...baseline].flat(2);
}

/** Packets that both rules match, from or to pods that both policies are about. */
function* packetsOf(
  world: World,
  pods: () => readonly Pod[],
  subjects: readonly Pod[],
  direction: Direction,
  ...rules: readonly [CompiledTieredRule, CompiledTieredRule]
): Iterable<Packet> {
  const { sight } = world.policies;
  const matchesAll = (end: PacketEnd) =>
    rules.every(
      ({ peers, failsClosed }) =>
        failsClosed || peers.some((peer) => matchTieredPeer(peer, end, sight).is === "yes"),
    );
  let tried = 0;
  for (const other of othersFor(world, pods, rules)) {
    if (!matchesAll(other)) continue;
    for (const subject of subjects) {
      // Two of a class are different pods, though one stands for both.
      const own = packetEnd({ kind: "pods", pods: [twinOf(subject)] }, undefined);
      const [source, destination] = direction === "ingress" ? [other, own] : [own, other];
      for (const { port, protocol } of portsFor(rules, destination)) {
        const packet = { source, destination, port, protocol };
        if (!rules.every((rule) => rule.failsClosed || matchTieredPorts(rule.ports, packet).is !== "none"))
          continue;
        yield packet;
        tried++;
        if (tried >= mostTried) return;
      }
    }
  }
}

/** Ends that peers of these rules may mean: pods, nodes, the first address of each block, names. */
function* othersFor(
  { facts }: World,
  pods: () => readonly Pod[],
  rules: readonly CompiledTieredRule[],
): Iterable<PacketEnd> {
  for (const pod of pods()) yield packetEnd({ kind: "pods", pods: [pod] }, undefined);
  const peers = rules.flatMap((rule) => rule.peers);
  if (peers.some(({ kind }) => kind === "nodes"))
    for (const node of seen(facts.snapshot, "nodes")) yield packetEnd({ kind: "node", node }, undefined);
  for (const peer of peers) {
    if (peer.kind === "networks") {
      for (const { text } of peer.blocks)
        yield { kind: "outside", address: parseAddress(text.split("/")[0] ?? "") };
    }
    if (peer.kind === "domain-names")
      for (const name of peer.names)
        yield { kind: "outside", address: undefined, hostname: name.replace(/^\*\./, "any.") };
  }
}

interface AskedPort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** A port that stands for any. */
const anyPort: AskedPort = { port: 49_152, protocol: "TCP" };

function portsFor(
  rules: readonly { readonly ports: readonly TieredPort[] }[],
  destination: PacketEnd,
): readonly AskedPort[] {
  const named = rules.flatMap(({ ports }) =>
    ports.flatMap((clause): readonly AskedPort[] => {
      if (clause.kind === "numbers") return [{ port: clause.start, protocol: clause.protocol }];
      if (destination.kind !== "pod") return [];
      const found = findPort(destination.pod, ({ name }) => name === clause.name)?.port;
      return found === undefined ? [] : [{ port: found.containerPort, protocol: found.protocol }];
    }),
  );
  return named.length === 0 ? [anyPort] : named;
}

/** Rules of NetworkPolicies of which nothing is left, since the Admin tier denies all of it. */
function* overruledRules(world: World): Iterable<OverruledRule | UndecidedTiers> {
  const { facts, policies } = world;
  const denies = (direction: Direction) =>
    policies.set.admin.flat(2).some((each) => each[direction].some(({ action }) => action === "Deny"));
  const directions = (["ingress", "egress"] as const).filter(denies);
  if (directions.length === 0) return;
  const meant = rememberMeant(world);
  const alike = alikeForAdmin(world);
  for (const policy of facts.snapshot.objects.networkPolicies ?? []) {
    if (policy.faults.length > 0) continue;
    const own = facts.index
      .podsMatching(policy.namespace, policy.podSelector)
      .filter((pod) => !isFinished(pod) && !pod.hostNetwork);
    for (const direction of directions) {
      const subjects = alike.subjects(own, direction);
      if (!subjects.some((pod) => isDenied(policies.selection(pod, direction), direction))) continue;
      const compiled = policies.set.networkPolicies
        .get(policy.namespace)
        ?.find((each) => each.policy === policy)?.[direction];
      for (const [rule, each] of (compiled ?? []).entries()) {
        const by = overruledBy(world, policy, each, direction, subjects, meant, alike);
        if (by === undefined) continue;
        yield { kind: "overruled", policy, direction, rule, by, pods: own };
      }
    }
  }
}

function isDenied({ admin }: Selection, direction: Direction): boolean {
  return admin.flat(2).some(({ compiled }) => compiled[direction].some(({ action }) => action === "Deny"));
}

/** The clauses that deny every packet which a rule allows; undefined where one gets through, or may. */
function overruledBy(
  world: World,
  policy: NetworkPolicy,
  rule: CompiledRule,
  direction: Direction,
  subjects: readonly Pod[],
  meant: MeantPods,
  alike: AlikeForAdmin,
): OverruledRule["by"] | undefined {
  const peers = rule.peers.flatMap((peer) => (peer.kind === "pods" ? peer : []));
  // Whoever else a rule without peers or for addresses means, tiers do not name for sure.
  if (peers.length === 0 || peers.length < rule.peers.length) return undefined;
  const named = direction === "egress" && rule.ports.some(({ port }) => typeof port === "string");
  const others = [
    ...new Set(
      peers.flatMap((peer) => {
        const pods = meant(policy.namespace, peer);
        return named ? samplesOf(world, pods) : alike.others(pods);
      }),
    ),
  ].filter(({ hostNetwork }) => !hostNetwork);
  if (subjects.length === 0 || others.length === 0) return undefined;
  const clauses = new Map<string, Clause>();
  for (const subject of subjects) {
    for (const other of others) {
      const own = packetEnd({ kind: "pods", pods: [twinOf(subject)] }, undefined);
      const end = packetEnd({ kind: "pods", pods: [other] }, undefined);
      const [source, destination] = direction === "ingress" ? [end, own] : [own, end];
      const asked = portsOfRule(rule, destination);
      for (const { port, protocol } of asked) {
        const { decision, by, deniedBy } = world.policies.directionVerdict(
          { source, destination, port, protocol },
          direction,
        );
        if (decision !== "denied" || by !== "admin-tier") return undefined;
        for (const clause of deniedBy) {
          // A rule for every port is denied whole only by one that is for every port, too.
          if (rule.ports.length === 0 && !isForEveryPort(world, clause)) return undefined;
          clauses.set(`${clause.policy} ${clause.rule}`, clause);
        }
      }
    }
  }
  if (clauses.size === 0) return undefined;
  return [...clauses.values()].sort((a, b) =>
    a.policy === b.policy ? (a.rule ?? 0) - (b.rule ?? 0) : a.policy < b.policy ? -1 : 1,
  );
}

interface AlikeForAdmin {
  /** One pod for all that the same policies of the Admin tier are about, and whose ports have the same names. */
  subjects(pods: readonly Pod[], direction: Direction): readonly Pod[];
  /** One pod for all that peers in the Admin tier do not tell apart. The same list is gone through once. */
  others(pods: readonly Pod[]): readonly Pod[];
}

/** Far fewer than classes: a cluster's NetworkPolicies tell thousands of pods apart, its Admin tier a handful. */
function alikeForAdmin(world: World): AlikeForAdmin {
  const { policies, classOf } = world;
  const { sight, set } = policies;
  const rules = set.admin.flat(2).flatMap(({ ingress, egress }) => [...ingress, ...egress]);
  const peers = rules.flatMap((rule) => rule.peers);
  const names = rules.flatMap(({ ports }) =>
    ports.flatMap((port) => (port.kind === "named" ? port.name : [])),
  );
  const keys = new Map<string, string>();
  const known = new WeakMap<readonly Pod[], readonly Pod[]>();

  function keyOf(pod: Pod): string {
    const alike = classOf(pod);
    let key = keys.get(alike);
    if (key === undefined) {
      const end = packetEnd({ kind: "pods", pods: [pod] }, undefined);
      const numbers = names.map((name) => findPort(pod, (port) => port.name === name)?.port.containerPort);
      key = [
        pod.hostNetwork,
        ...peers.map((peer) => matchTieredPeer(peer, end, sight).is),
        ...numbers,
      ].join();
      keys.set(alike, key);
    }
    return key;
  }

  return {
    subjects(pods, direction) {
      return distinct(pods, (pod) => {
        const tiers = policies.selection(pod, direction).admin.flat(2);
        const about = tiers.map(({ compiled, selects: { is } }) => `${compiled.policy.id} ${is}`);
        const ports = declaredPorts(pod).map(
          ({ port }) => `${port.name} ${port.containerPort}/${port.protocol}`,
        );
        return [...about, ...ports].join();
      });
    },
    others(pods) {
      const found = known.get(pods) ?? distinct(pods, keyOf);
      known.set(pods, found);
      return found;
    },
  };
}

function distinct(pods: readonly Pod[], keyOf: (pod: Pod) => string): readonly Pod[] {
  const byKey = new Map<string, Pod>();
  for (const pod of pods) {
    const key = keyOf(pod);
    if (!byKey.has(key)) byKey.set(key, pod);
  }
  return [...byKey.values()];
}

function isForEveryPort({ facts }: World, { policy: id, direction, rule = 0 }: Clause): boolean {
  const policy = policyOf(facts.index, id);
  return (
    policy !== undefined && policy.kind !== "network-policy" && policy[direction][rule]?.ports.length === 0
  );
}

/** The ends of each range; of a protocol without a port one that stands for all. */
function portsOfRule({ ports }: CompiledRule, destination: PacketEnd): readonly AskedPort[] {
  if (ports.length === 0) return [anyPort];
  return ports.flatMap(({ port, endPort, protocol }): readonly AskedPort[] => {
    if (typeof port === "number")
      return [port, ...(endPort === undefined ? [] : [endPort])].map((each) => ({ port: each, protocol }));
    if (port === undefined) return [{ port: anyPort.port, protocol }];
    if (destination.kind !== "pod") return [];
    const found = findPort(
      destination.pod,
      (declared) => declared.name === port && declared.protocol === protocol,
    );
    return found === undefined ? [] : [{ port: found.port.containerPort, protocol }];
  });
}

function samplesOf({ classOf }: World, pods: readonly Pod[]): readonly Pod[] {
  return distinct(pods, classOf);
}
