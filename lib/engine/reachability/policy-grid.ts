import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { CompiledPolicies } from "../policy/compile-policies.ts";
import { matchPorts, matchTieredPorts } from "../policy/match-ports.ts";
import type { PacketEnd } from "../policy/packet.ts";
import { twinOf } from "../policy/pairs.ts";
import { type Family, packetEnd } from "../trace/party.ts";
import {
  add,
  type BitSet,
  emptySet,
  firstOf,
  fullSet,
  intersection,
  isEmpty,
  membersOf,
  partition,
  transposed,
} from "./bit-set.ts";
import { flags } from "./cell.ts";
import { type ConcernedRule, rulesOf, selectionKey } from "./cuts.ts";
import { flagIn, type Halves, halvesOf } from "./halves.ts";
import { type PeerIndex, type PeerSets, peerIndex } from "./peer-sets.ts";

/** A port of pods of one class, where packets arrive. */
export interface Slot {
  /** Index of the class. */
  readonly of: number;
  readonly port: number;
  readonly protocol: Protocol;
}

/** What policies say of packets between classes, in one address family. */
export interface PolicyGrid {
  /** Works everything out, a step an end, so that others may run in between; to be run to its end first. */
  prepare(): Generator<undefined, void>;
  /** For every slot the flag (`cell.ts`) of what a class sends there, written into `into`. */
  flagsFrom(source: number, into: Uint8Array): void;
}

type PodEnd = Extract<PacketEnd, { kind: "pod" }>;

/**
 * The verdict of every class to every slot, without asking for each: the rules over one end split the other ends into
 * parts that no rule tells apart, and one packet is asked for each part. Ends are different pods; none is on its
 * node's network.
 */
export function policyGrid(
  policies: CompiledPolicies,
  classes: readonly Pod[],
  slots: readonly Slot[],
  family: Family | undefined,
): PolicyGrid {
  const ends = lazily(classes, (pod) => endOf(pod, family));
  const twins = classes.map(twinOf);
  const others = lazily(twins, (pod) => endOf(pod, family));
  const peers = peerIndex(twins, others, policies.sight);
  const slotsOf = slotsByClass(classes.length, slots);
  const ingress = new Map<string, number>();
  const differentIngress: Halves[] = [];
  const byIngress = new Int32Array(slots.length).fill(-1);
  /** Of each class, which of the different ones let it in. */
  let byClass: readonly Halves[] = [];
  const egress = new Map<string, Halves>();
  const byEgress: (Halves | undefined)[] = [];
  const onPorts = new Map<string, BitSet>();
  const toSlots = new WeakMap<BitSet, BitSet>();

  /** Index among those that differ. */
  function ingressOf(number: number): number {
    const known = byIngress[number] ?? -1;
    if (known !== -1) return known;
    const slot = at(slots, number);
    const destination = ends(slot.of);
    const selection = policies.selection(destination.pod, "ingress");
    const rules = rulesOf(selection, "ingress").filter((rule) => isOnPort(rule, destination, slot));
    const key = `${selectionKey(selection)}\n${rules.map((rule) => rule.key).join(" ")}`;
    const ask = () =>
      halvesOf(
        classes.length,
        parts(
          classes.length,
          rules.map((rule) => peersOf(peers, rule)),
        ),
        (part) => {
          const source = others(firstOf(part) ?? -1);
          const { port, protocol } = slot;
          return policies.directionVerdict({ source, destination, port, protocol }, "ingress").decision;
        },
      );
    const found = ingress.get(key) ?? differentIngress.push(ask()) - 1;
    ingress.set(key, found);
    byIngress[number] = found;
    return found;
  }

  function egressOf(number: number): Halves {
    const known = byEgress[number];
    if (known !== undefined) return known;
    const source = ends(number);
    const selection = policies.selection(source.pod, "egress");
    const key = selectionKey(selection);
    const found =
      egress.get(key) ??
      halvesOf(slots.length, parts(slots.length, rulesOf(selection, "egress").map(slotSets)), (part) => {
        const { of, port, protocol } = at(slots, firstOf(part));
        const destination = others(of);
        return policies.directionVerdict({ source, destination, port, protocol }, "egress").decision;
      });
    egress.set(key, found);
    byEgress[number] = found;
    return found;
  }

  /** The slots that a rule's peers and ports match. */
  function slotSets(concerned: ConcernedRule): PeerSets {
    const { sure, perhaps } = peersOf(peers, concerned);
    const ports = portsOf(concerned);
    return { sure: intersection(expanded(sure), ports), perhaps: intersection(expanded(perhaps), ports) };
  }

  function expanded(set: BitSet): BitSet {
    const known = toSlots.get(set);
    if (known !== undefined) return known;
    const found = emptySet(slots.length);
    for (const of of membersOf(set)) for (const number of slotsOf[of] ?? []) add(found, number);
    toSlots.set(set, found);
    return found;
  }

  function portsOf({ rule }: ConcernedRule): BitSet {
    const key = `${rule.kind} ${rule.kind === "tiered" && rule.rule.failsClosed} ${JSON.stringify(rule.rule.ports)}`;
    const known = onPorts.get(key);
    if (known !== undefined) return known;
    const found = emptySet(slots.length);
    for (const [number, slot] of slots.entries())
      if (isOnPort({ key, rule }, others(slot.of), slot)) add(found, number);
    onPorts.set(key, found);
    return found;
  }

  return {
    *prepare() {
      for (const number of slots.keys()) {
        ingressOf(number);
        yield;
      }
      for (const number of classes.keys()) {
        egressOf(number);
        yield;
      }
      // A row asks every slot about one class: laid out by class, what it asks stands together.
      const open = yield* transposed(
        differentIngress.map((halves) => halves.open),
        classes.length,
      );
      const shut = yield* transposed(
        differentIngress.map((halves) => halves.shut),
        classes.length,
      );
      byClass = classes.map((_, of) => ({ open: at(open, of), shut: at(shut, of) }));
    },
    flagsFrom(source, into) {
      const out = egressOf(source);
      const admitted = at(byClass, source);
      for (let slot = 0; slot < slots.length; slot++) {
        const both = flagIn(out, slot) | flagIn(admitted, byIngress[slot] ?? 0);
        into[slot] = strongest[both] ?? flags.unknown;
      }
    },
  };
}

/** Denied by one is denied; allowed by both is allowed; else it is not known. */
const strongest = Uint8Array.from({ length: 8 }, (_, both) => {
  if ((both & flags.blocked) !== 0) return flags.blocked;
  return both === flags.reachable ? flags.reachable : flags.unknown;
});

function lazily<T, U>(list: readonly T[], make: (item: T) => U): (index: number) => U {
  const made: (U | undefined)[] = [];
  return (index) => {
    const found = made[index] ?? make(at(list, index));
    made[index] = found;
    return found;
  };
}

function endOf(pod: Pod, family: Family | undefined): PodEnd {
  const end = packetEnd({ kind: "pods", pods: [pod] }, family);
  if (end.kind !== "pod") throw new Error(`no pod: ${pod.id}`);
  return end;
}

function slotsByClass(size: number, slots: readonly Slot[]): readonly (readonly number[])[] {
  const byClass: number[][] = Array.from({ length: size }, () => []);
  for (const [number, { of }] of slots.entries()) byClass[of]?.push(number);
  return byClass;
}

function peersOf(peers: PeerIndex, { rule }: ConcernedRule): PeerSets {
  return rule.kind === "tiered" ? peers.ofTieredRule(rule.rule) : peers.ofRule(rule.rule, rule.namespace);
}

function isOnPort(
  { rule }: ConcernedRule,
  destination: PodEnd,
  { port, protocol }: Pick<Slot, "port" | "protocol">,
): boolean {
  const asked = { destination, port, protocol };
  if (rule.kind === "network-policy") return matchPorts(rule.rule.ports, asked).is !== "none";
  // What fails closed does so on every port.
  return rule.rule.failsClosed || matchTieredPorts(rule.rule.ports, asked).is !== "none";
}

/** What no rule tells apart. */
function parts(size: number, rules: readonly PeerSets[]): readonly BitSet[] {
  const cuts = rules.flatMap(({ sure, perhaps }) => (isEmpty(perhaps) ? [sure] : [sure, perhaps]));
  return partition(fullSet(size), cuts);
}

function at<T>(list: readonly T[], index: number | undefined): T {
  const found = index === undefined ? undefined : list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
