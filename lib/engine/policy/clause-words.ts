import type { Evidence } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { NetworkPolicy, TieredPeer, TieredPolicy, TieredPort } from "#lib/model/objects.ts";
import type { Clause } from "#lib/model/verdict.ts";
import type { ClusterIndex } from "../cluster-index.ts";
import { listed } from "../object-words.ts";
import { isEmptySelector, selectorInWords } from "../selector.ts";
import { peerInWords, portsInWords } from "./rule-words.ts";

/** A policy as it is named beside others: NetworkPolicies by namespace, the others by their kind. */
export function policyInWords(policy: NetworkPolicy | TieredPolicy): string {
  return policy.kind === "network-policy"
    ? `${policy.namespace}/${policy.name}`
    : `${kinds[policy.kind].api} ${policy.name}`;
}

/** Field path of a clause: `spec.ingress[0].from[1]`, `spec.policyTypes` where it isolates without a rule. */
export function clausePath({ direction, rule, peer }: Clause): string {
  if (rule === undefined) return "spec.policyTypes";
  const path = `spec.${direction}[${rule}]`;
  return peer === undefined ? path : `${path}.${direction === "ingress" ? "from" : "to"}[${peer}]`;
}

/** "shop/default-egress rule 2: every pod of every namespace, every port". Rules are counted from 1, as people do. */
export function clauseInWords(index: ClusterIndex, clause: Clause): string {
  const policy = policyOf(index, clause.policy);
  if (policy === undefined) return clause.policy;
  if (clause.rule === undefined) return policyInWords(policy);
  return `${policyInWords(policy)} ${ruleNumber(policy, clause)}: ${ruleInWords(policy, clause)}`;
}

export function clauseEvidence(index: ClusterIndex, clause: Clause): Evidence {
  const policy = policyOf(index, clause.policy);
  const path = clausePath(clause);
  if (policy === undefined) return { object: clause.policy, path, value: "" };
  const value =
    clause.rule === undefined
      ? `isolates ${clause.direction}; ${rulesInWords(policy, clause)}`
      : ruleInWords(policy, clause);
  return { object: clause.policy, path, value };
}

export function policyOf(index: ClusterIndex, id: ObjectId): NetworkPolicy | TieredPolicy | undefined {
  const object = index.byId.get(id);
  switch (object?.kind) {
    case "network-policy":
    case "cluster-network-policy":
    case "admin-network-policy":
    case "baseline-admin-network-policy":
      return object;
    default:
      return undefined;
  }
}

function ruleNumber(policy: NetworkPolicy | TieredPolicy, { rule = 0, direction }: Clause): string {
  const name = policy.kind === "network-policy" ? undefined : policy[direction][rule]?.name;
  return name === undefined ? `rule ${rule + 1}` : `rule ${rule + 1} (${name})`;
}

function rulesInWords(policy: NetworkPolicy | TieredPolicy, { direction }: Clause): string {
  const count = policy[direction].length;
  return count === 0
    ? "it has no rules"
    : count === 1
      ? "its 1 rule does not match"
      : `none of its ${count} rules matches`;
}

function ruleInWords(policy: NetworkPolicy | TieredPolicy, clause: Clause): string {
  return policy.kind === "network-policy" ? plainRule(policy, clause) : tieredRule(policy, clause);
}

function plainRule(policy: NetworkPolicy, { direction, rule = 0, peer }: Clause): string {
  const found = policy[direction][rule];
  if (found === undefined) return "";
  const chosen = peer === undefined ? undefined : found.peers[peer];
  const who =
    chosen !== undefined
      ? peerInWords(chosen, policy.namespace)
      : found.peers.length === 0
        ? direction === "ingress"
          ? "anyone"
          : "anywhere"
        : listed(found.peers.map((each) => peerInWords(each, policy.namespace)));
  return `${lowerFirst(who)}, ${portsInWords(found.ports)}`;
}

function tieredRule(policy: TieredPolicy, { direction, rule = 0, peer }: Clause): string {
  const found = policy[direction][rule];
  if (found === undefined) return "";
  if (found.action !== "Accept" && found.peers.some(({ kind }) => kind === "empty"))
    return "Deny everything, since a peer without any field fails closed";
  const chosen = peer === undefined ? undefined : found.peers[peer];
  const peers = chosen === undefined ? found.peers : [chosen];
  const action = actionInWords(policy, found.action);
  return `${action} ${listed(peers.map(tieredPeerInWords))}, ${tieredPortsInWords(found.ports)}`;
}

/** As the object spells it: v1alpha1 says Allow. */
export function actionInWords(
  { kind }: TieredPolicy,
  action: TieredPolicy["ingress"][number]["action"],
): string {
  return action === "Accept" && kind !== "cluster-network-policy" ? "Allow" : action;
}

export function tieredPeerInWords(peer: TieredPeer): string {
  switch (peer.kind) {
    case "pods": {
      const { namespaceSelector, podSelector } = peer;
      const pods =
        podSelector === undefined || isEmptySelector(podSelector)
          ? "every pod"
          : `pods with ${selectorInWords(podSelector)}`;
      return isEmptySelector(namespaceSelector)
        ? `${pods} of every namespace`
        : `${pods} of namespaces with ${selectorInWords(namespaceSelector)}`;
    }
    case "nodes":
      return isEmptySelector(peer.selector) ? "every node" : `nodes with ${selectorInWords(peer.selector)}`;
    case "networks":
      return `addresses in ${listed(peer.cidrs)}`;
    case "domain-names":
      return listed(peer.names);
    case "empty":
      return "a peer without any field";
  }
}

function tieredPortsInWords(ports: readonly TieredPort[]): string {
  if (ports.length === 0) return "every port";
  return ports
    .map((port) => {
      if (port.kind === "named") return port.name;
      if (port.start === 1 && port.end === 65_535) return `every ${port.protocol} port`;
      return port.start === port.end
        ? `${port.start}/${port.protocol}`
        : `${port.start}–${port.end}/${port.protocol}`;
    })
    .join(", ");
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
