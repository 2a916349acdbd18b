import { kinds } from "#lib/model/kinds.ts";
import type { Clause, Direction, Doubt } from "#lib/model/verdict.ts";
import { listed } from "../object-words.ts";
import type { CompiledTieredRule } from "./compile-rules.ts";
import { both, type Match, no, yes } from "./match.ts";
import { either, matchTieredPeer } from "./match-peer.ts";
import { matchTieredPorts } from "./match-ports.ts";
import type { Packet } from "./packet.ts";
import { type DecidedBy, impossible, or, type Possible, withDoubts } from "./possible.ts";
import type { SelectedSequence, SelectedTiered } from "./selection.ts";
import type { Sight } from "./sight.ts";

interface Tier {
  readonly by: Extract<DecidedBy, "admin-tier" | "baseline-tier">;
  readonly sequences: readonly SelectedSequence[];
}

/** What a policy's rules come to for a packet: the first that matches, and those before it that may. */
interface Outcome {
  readonly action: CompiledTieredRule["action"];
  readonly clause: Clause;
  readonly sure: boolean;
  readonly doubts: readonly Doubt[];
}

/**
 * Asks a tier (docs/spec/policy.md, 5): priorities in their order, within a policy its rules in theirs; the first rule
 * that matches decides, or passes on. `next` is what comes of a packet about which the tier says nothing.
 */
export function askTier(
  { by, sequences }: Tier,
  packet: Packet,
  direction: Direction,
  sight: Sight,
  next: () => Possible,
): Possible {
  let passedOn: Possible | undefined;
  const onwards = () => {
    passedOn ??= next();
    return passedOn;
  };

  function askGroup(sequence: SelectedSequence, at: number): Possible {
    const group = sequence[at];
    if (group === undefined) return onwards();
    const asked = group.map((policy) => outcomesOf(policy, packet, direction, sight));
    const outcomes = asked.flat();
    let possible = impossible;
    for (const { action, clause, doubts } of outcomes) {
      const decision = { by, clauses: [clause], isolatedBy: [] };
      const come: Possible =
        action === "Accept"
          ? { allowed: decision, doubts: [] }
          : action === "Deny"
            ? { denied: decision, doubts: [] }
            : onwards();
      possible = or(possible, withDoubts(come, doubts));
    }
    // Any of the policies that match may be applied; the next priority only where none does.
    if (asked.every((each) => !each.some(({ sure }) => sure)))
      possible = or(possible, askGroup(sequence, at + 1));
    return withDoubts(possible, contradiction(group, asked));
  }

  const orders = sequences.map((sequence) => askGroup(sequence, 0));
  const possible = orders.reduce(or);
  return orders.length > 1 ? withDoubts(possible, [orderDoubt(sequences)]) : possible;
}

/** A BaselineAdminNetworkPolicy beside ClusterNetworkPolicies of the Baseline tier (docs/spec/policy.md, 5.5). */
function orderDoubt(sequences: readonly SelectedSequence[]): Doubt {
  const policies = new Map(sequences.flat(2).map(({ compiled: { policy } }) => [policy.id, policy]));
  const names = [...policies.values()].map(({ kind, name }) => `${kinds[kind].api} ${name}`);
  return {
    code: "same-priority",
    sentence: `${listed(names)} are of the same tier, and in which order they are asked is not defined`,
    objects: [...policies.keys()],
  };
}

function outcomesOf(
  { compiled, selects }: SelectedTiered,
  packet: Packet,
  direction: Direction,
  sight: Sight,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const end = direction === "ingress" ? packet.source : packet.destination;
  for (const [rule, each] of compiled[direction].entries()) {
    const { match, action, peer, port } = matchRule(each, packet, end, sight);
    const sure = both(match, selects);
    if (sure.is === "no") continue;
    const clause = { policy: compiled.policy.id, direction, rule, peer, port };
    outcomes.push({
      action,
      clause,
      sure: sure.is === "yes",
      doubts: sure.is === "maybe" ? sure.doubts : [],
    });
    if (match.is === "yes") break;
  }
  return outcomes;
}

interface RuleMatch {
  readonly match: Match;
  readonly action: CompiledTieredRule["action"];
  readonly peer?: number | undefined;
  readonly port?: number | undefined;
}

function matchRule(rule: CompiledTieredRule, packet: Packet, end: Packet["source"], sight: Sight): RuleMatch {
  // "For 'Accept' rules, 'fail closed' means: 'treat the rule as matching no traffic'. For 'Deny' and 'Pass' rules,
  // 'fail closed' means: 'treat the rule as a "Deny all" rule'" (ClusterNetworkPolicyEgressPeer).
  if (rule.failsClosed)
    return rule.action === "Accept" ? { match: no, action: "Accept" } : { match: yes, action: "Deny" };
  const ports = matchTieredPorts(rule.ports, packet);
  if (ports.is === "none") return { match: no, action: rule.action };
  const peers = rule.peers.map((peer) => matchTieredPeer(peer, end, sight));
  const match = peers.reduce(either, no);
  const first = peers.findIndex(({ is }) => is === match.is);
  return {
    match,
    action: rule.action,
    peer: first === -1 ? undefined : first,
    port: ports.is === "clause" ? ports.index : undefined,
  };
}

/** Policies of one priority that want different things of the packet (docs/spec/policy.md, 5.5). */
function contradiction(
  group: readonly SelectedTiered[],
  asked: readonly (readonly Outcome[])[],
): readonly Doubt[] {
  const actions = new Set(asked.flat().map(({ action }) => action));
  const matching = group.filter((_, i) => (asked[i] ?? []).length > 0);
  if (actions.size < 2 || matching.length < 2) return [];
  const names = matching.map(({ compiled: { policy } }) => `${kinds[policy.kind].api} ${policy.name}`);
  const priority = matching[0]?.compiled.policy.priority;
  return [
    {
      code: "same-priority",
      sentence: `${listed(names)} have the same priority ${priority} and differ about this packet; which one counts is not defined`,
      objects: matching.map(({ compiled }) => compiled.policy.id),
    },
  ];
}
