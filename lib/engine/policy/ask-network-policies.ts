import type { Clause, Direction, Doubt } from "#lib/model/verdict.ts";
import type { CompiledNetworkPolicy, CompiledRule } from "./compile-rules.ts";
import { type Match, no, yes } from "./match.ts";
import { either, matchPeer } from "./match-peer.ts";
import { matchPorts } from "./match-ports.ts";
import type { Packet } from "./packet.ts";
import type { Possible } from "./possible.ts";
import type { Sight } from "./sight.ts";

/**
 * Asks the NetworkPolicies that isolate a pod in this direction (docs/spec/policy.md, 1): their allowances add up, and
 * what none of them allows is refused. There is at least one.
 */
export function askNetworkPolicies(
  isolating: readonly CompiledNetworkPolicy[],
  packet: Packet,
  direction: Direction,
  sight: Sight,
): Possible {
  const isolatedBy = isolating.map(({ policy }) => policy.id);
  const sure: Clause[] = [];
  const perhaps: Clause[] = [];
  const doubts: Doubt[] = [];
  for (const compiled of isolating) {
    for (const [rule, each] of (compiled[direction] ?? []).entries()) {
      const { match, peer, port } = matchRule(each, compiled.policy.namespace, packet, direction, sight);
      if (match.is === "no") continue;
      const clause = { policy: compiled.policy.id, direction, rule, peer, port };
      if (match.is === "yes") sure.push(clause);
      else {
        perhaps.push(clause);
        doubts.push(...match.doubts);
      }
    }
  }
  if (sure.length > 0) return { allowed: { by: "network-policy", clauses: sure, isolatedBy }, doubts: [] };
  const clauses = isolatedBy.map((policy) => ({ policy, direction }));
  return {
    allowed: perhaps.length > 0 ? { by: "network-policy", clauses: perhaps, isolatedBy } : undefined,
    denied: { by: "network-policy", clauses, isolatedBy },
    doubts,
  };
}

interface RuleMatch {
  readonly match: Match;
  readonly peer?: number | undefined;
  readonly port?: number | undefined;
}

export function matchRule(
  { peers, ports }: CompiledRule,
  namespace: string,
  packet: Packet,
  direction: Direction,
  sight: Sight,
): RuleMatch {
  const onPort = matchPorts(ports, packet);
  if (onPort.is === "none") return { match: no };
  const port = onPort.is === "clause" ? onPort.index : undefined;
  if (peers.length === 0) return { match: yes, port };
  const end = direction === "ingress" ? packet.source : packet.destination;
  let match: Match = no;
  let first: number | undefined;
  for (const [i, peer] of peers.entries()) {
    const each = matchPeer(peer, namespace, end, sight);
    if (each.is === "yes") return { match: yes, peer: i, port };
    if (each.is === "maybe") first ??= i;
    match = either(match, each);
  }
  return { match, peer: first, port };
}
