/** Policies with everything worked out that does not depend on the packet. */
import type {
  ForeignPolicy,
  NetworkPolicy,
  PolicyPort,
  PolicyRule,
  TieredPolicy,
  TieredPort,
  TieredRule,
} from "#lib/model/objects.ts";
import { foreignPlurals, type Snapshot, seen, tieredPlurals } from "#lib/model/snapshot.ts";
import type { Direction } from "#lib/model/verdict.ts";
import { keptFor } from "../kept-for.ts";
import { type CompiledPeer, type CompiledTieredPeer, compilePeer, compileTieredPeer } from "./match-peer.ts";

export interface CompiledRule {
  /** Empty: any peer. */
  readonly peers: readonly CompiledPeer[];
  readonly ports: readonly PolicyPort[];
}

export interface CompiledNetworkPolicy {
  readonly policy: NetworkPolicy;
  /** Undefined: it does not isolate that direction. */
  readonly ingress: readonly CompiledRule[] | undefined;
  readonly egress: readonly CompiledRule[] | undefined;
}

export interface CompiledTieredRule {
  readonly action: TieredRule["action"];
  readonly peers: readonly CompiledTieredPeer[];
  readonly ports: readonly TieredPort[];
  /** A peer without any field: see `TieredPeer`. */
  readonly failsClosed: boolean;
}

export interface CompiledTieredPolicy {
  readonly policy: TieredPolicy;
  readonly ingress: readonly CompiledTieredRule[];
  readonly egress: readonly CompiledTieredRule[];
}

/** Policies of one tier and one priority: among these the order is not defined. */
export type PriorityGroup = readonly CompiledTieredPolicy[];

/** Groups in the order in which they are asked. */
export type Sequence = readonly PriorityGroup[];

export interface CompiledSet {
  /** By namespace; faulty ones among them. */
  readonly networkPolicies: ReadonlyMap<string, readonly CompiledNetworkPolicy[]>;
  /** Several where their order is not defined. */
  readonly admin: readonly Sequence[];
  readonly baseline: readonly Sequence[];
  /** Tiered policies that the API would refuse. */
  readonly faulty: readonly TieredPolicy[];
  readonly foreign: readonly ForeignPolicy[];
}

/** Compiles all policies of a snapshot. Each list is sorted by id, so that their order in the snapshot changes nothing. */
export function compileRules(snapshot: Snapshot): CompiledSet {
  const networkPolicies = new Map<string, CompiledNetworkPolicy[]>();
  for (const policy of [...seen(snapshot, "networkPolicies")].sort(byId)) {
    const list = networkPolicies.get(policy.namespace);
    const compiled = compileNetworkPolicy(policy);
    if (list === undefined) networkPolicies.set(policy.namespace, [compiled]);
    else list.push(compiled);
  }
  const tiered = tieredPlurals.flatMap((plural) => seen(snapshot, plural)).sort(byId);
  const sound = tiered.filter(({ faults }) => faults.length === 0);
  return {
    networkPolicies,
    admin: [groupsOf(sound.filter(({ tier }) => tier === "Admin"))],
    baseline: baselineSequences(sound.filter(({ tier }) => tier === "Baseline")),
    faulty: tiered.filter(({ faults }) => faults.length > 0),
    foreign: foreignPlurals.flatMap((plural) => seen(snapshot, plural)).sort(byId),
  };
}

/** Policies stay the same objects from one state of a cluster to the next. */
const compileNetworkPolicy = keptFor((policy: NetworkPolicy): CompiledNetworkPolicy => {
  const { policyTypes } = policy;
  return {
    policy,
    ingress: policyTypes.includes("Ingress") ? policy.ingress.map(compileRule) : undefined,
    egress: policyTypes.includes("Egress") ? policy.egress.map(compileRule) : undefined,
  };
});

function compileRule({ peers, ports }: PolicyRule): CompiledRule {
  return { peers: peers.map(compilePeer), ports };
}

/** The one BaselineAdminNetworkPolicy has no priority to place it among ClusterNetworkPolicies of the same tier. */
function baselineSequences(policies: readonly TieredPolicy[]): readonly Sequence[] {
  const old = groupsOf(policies.filter(({ kind }) => kind === "baseline-admin-network-policy"));
  const others = groupsOf(policies.filter(({ kind }) => kind !== "baseline-admin-network-policy"));
  return old.length === 0 || others.length === 0
    ? [[...old, ...others]]
    : [
        [...old, ...others],
        [...others, ...old],
      ];
}

function groupsOf(policies: readonly TieredPolicy[]): Sequence {
  const byPriority = new Map<number, CompiledTieredPolicy[]>();
  for (const policy of policies) {
    const group = byPriority.get(policy.priority);
    const compiled = {
      policy,
      ingress: compileTiered(policy, "ingress"),
      egress: compileTiered(policy, "egress"),
    };
    if (group === undefined) byPriority.set(policy.priority, [compiled]);
    else group.push(compiled);
  }
  return [...byPriority].sort(([a], [b]) => a - b).map(([, group]) => group);
}

function compileTiered(policy: TieredPolicy, direction: Direction): readonly CompiledTieredRule[] {
  return policy[direction].map(({ action, peers, ports }) => ({
    action,
    peers: peers.map(compileTieredPeer),
    ports,
    failsClosed: peers.some(({ kind }) => kind === "empty"),
  }));
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
