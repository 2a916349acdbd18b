/**
 * For tests only: a second opinion on what policies say of a packet. It is slow and plain and follows the documents
 * that it quotes from top to bottom; with the engine it shares the arithmetic of addresses, and nothing else.
 *
 * Quoted are the API's own descriptions (networking.k8s.io/v1 "NP", policy.networking.k8s.io/v1alpha2
 * ClusterNetworkPolicy "CNP", v1alpha1 AdminNetworkPolicy "ANP" and BaselineAdminNetworkPolicy "BANP") and Kubernetes'
 * page on network policies ("Concepts").
 */
import { contains, parseCidr } from "#lib/engine/cidr.ts";
import type { Facts } from "#lib/engine/facts.ts";
import type { Dialect } from "#lib/engine/policy/dialect.ts";
import type { Packet, PacketEnd } from "#lib/engine/policy/packet.ts";
import type { DecidedBy } from "#lib/engine/policy/possible.ts";
import { assertNever } from "#lib/model/assert-never.ts";
import type {
  LabelSelector,
  Labels,
  NetworkPolicy,
  Pod,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
  TieredPeer,
  TieredPolicy,
  TieredPort,
  TieredRule,
} from "#lib/model/objects.ts";
import { known, type PluralKind } from "#lib/model/snapshot.ts";
import type { Direction } from "#lib/model/verdict.ts";

/** A dialect that leaves nothing open. */
export type Reading = { readonly [Choice in keyof Dialect]: Exclude<Dialect[Choice], "undefined"> };

export interface Outcome {
  readonly answer: "allowed" | "denied";
  readonly by: DecidedBy;
}

export interface DirectionOpinion {
  readonly decision: "allowed" | "denied" | "unknown";
  /** All that may come of it. */
  readonly outcomes: readonly Outcome[];
}

export interface Opinion {
  readonly decision: "allowed" | "denied" | "unknown";
  readonly egress: DirectionOpinion;
  readonly ingress: DirectionOpinion;
}

/** What every reading of the dialect, and every choice that the API leaves to an implementation, agrees on. */
export function bruteForceVerdict(facts: Facts, dialect: Dialect, packet: Packet): Opinion {
  const opinion = (direction: Direction): DirectionOpinion => {
    const outcomes = readingsOf(dialect).flatMap((reading) =>
      bruteForceOutcomes(facts, reading, packet, direction),
    );
    return { decision: agreed(outcomes.map(({ answer }) => answer)), outcomes };
  };
  const egress = opinion("egress");
  const ingress = opinion("ingress");
  return { decision: both(egress.decision, ingress.decision), egress, ingress };
}

export function readingsOf(dialect: Dialect): readonly Reading[] {
  const { ipBlockMatchesPods, ipBlockMatchesNodes, hostNetworkPods } = dialect;
  const yesAndNo = ["yes", "no"] as const;
  const asNodeAndAsPod = ["as-node", "as-pod"] as const;
  const readings: Reading[] = [];
  for (const pods of ipBlockMatchesPods === "undefined" ? yesAndNo : [ipBlockMatchesPods]) {
    for (const nodes of ipBlockMatchesNodes === "undefined" ? yesAndNo : [ipBlockMatchesNodes]) {
      for (const host of hostNetworkPods === "undefined" ? asNodeAndAsPod : [hostNetworkPods]) {
        readings.push({ ipBlockMatchesPods: pods, ipBlockMatchesNodes: nodes, hostNetworkPods: host });
      }
    }
  }
  return readings;
}

/** Under one reading: one outcome, or several where the API lets an implementation choose. */
export function bruteForceOutcomes(
  facts: Facts,
  reading: Reading,
  packet: Packet,
  direction: Direction,
): readonly Outcome[] {
  const [subject, peer] =
    direction === "ingress" ? [packet.destination, packet.source] : [packet.source, packet.destination];

  if (packet.source.kind === "unseen" || packet.destination.kind === "unseen") {
    throw new Error("an end that was not found");
  }

  // Concepts: "NetworkPolicies apply to a connection with a pod on one or both ends, and are not relevant to other
  // connections." CNP: "Subject defines the pods to which this ClusterNetworkPolicy applies."
  if (subject.kind !== "pod") return [allowed("no-pod")];

  // Concepts: "Other pods that are allowed (exception: a pod cannot block access to itself)".
  if (peer.kind === "pod" && peer.pod.id === subject.pod.id) return [allowed("same-pod")];

  // NP: "Traffic is allowed to a pod … OR if the traffic source is the pod's local node".
  const peerIsOwnNode = isNode(asNetworkPoliciesSeeIt(peer, reading), subject.pod.nodeName);
  if (direction === "ingress" && peerIsOwnNode) return [allowed("own-node")];

  // Concepts: "NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be limited to 2 possibilities:
  // The network plugin can distinguish hostNetwork pod traffic from all other traffic …, and will apply NetworkPolicy to
  // hostNetwork pods just like it does to pod-network pods. The network plugin cannot properly distinguish hostNetwork
  // pod traffic, and so it ignores hostNetwork pods when matching podSelector and namespaceSelector. Traffic to/from
  // hostNetwork pods is treated the same as all other traffic to/from the node IP."
  if (subject.pod.hostNetwork && reading.hostNetworkPods === "as-node") return [allowed("host-network")];

  const question: Question = { facts, reading, packet, direction, pod: subject.pod, peer };

  // CNP: "Policy tiers are evaluated in the following order: Admin tier, NetworkPolicy tier, Baseline tier." … "If a
  // given connection wasn't allowed or denied by any of the tiers, the default kubernetes policy is applied, which says
  // that all pods can communicate with each other."
  return decide(adminTier(question), "admin-tier", () => {
    // CNP: "v1.NetworkPolicy always makes a final decision for selected pods. Further evaluation only happens for Pods
    // not selected by a v1.NetworkPolicy."
    const isolating = policiesThatIsolate(question);
    if (isolating.length > 0) {
      if (anyRuleAllows(isolating, question)) return [allowed("network-policy")];
      // Concepts: "traffic to and from the node where a Pod is running is always allowed"; but "when a pod is isolated for
      // egress, the only allowed connections from the pod are those allowed by the egress list".
      return peerIsOwnNode ? [denied("network-policy"), allowed("own-node")] : [denied("network-policy")];
    }
    return decide(baselineTier(question), "baseline-tier", () => [allowed("default")]);
  });
}

interface Question {
  readonly facts: Facts;
  readonly reading: Reading;
  readonly packet: Packet;
  readonly direction: Direction;
  /** The pod that policies may bind. */
  readonly pod: Pod;
  /** The other end. */
  readonly peer: PacketEnd;
}

// ---------------------------------------------------------------------------------------------------------------------
// NetworkPolicy

/**
 * Concepts: "A pod is isolated for ingress if there is any NetworkPolicy that both selects the pod and has "Ingress" in
 * its policyTypes; we say that such a policy applies to the pod for ingress." And so for egress.
 */
function policiesThatIsolate({ facts, direction, pod }: Question): readonly NetworkPolicy[] {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return all(facts, "networkPolicies")
    .filter((policy) => policy.namespace === pod.namespace)
    .filter((policy) => policy.policyTypes.includes(type))
    .filter((policy) => selects(policy.podSelector, pod.labels));
}

/**
 * Concepts: "If any policy or policies apply to a given pod for a given direction, the connections allowed in that
 * direction from that pod is the union of what the applicable policies allow."
 */
function anyRuleAllows(policies: readonly NetworkPolicy[], question: Question): boolean {
  return policies.some((policy) =>
    policy[question.direction].some((rule) => ruleAllows(policy, rule, question)),
  );
}

/** NP: "The traffic must match both ports and from." */
function ruleAllows(policy: NetworkPolicy, { peers, ports }: PolicyRule, question: Question): boolean {
  // NP: "If this field is empty or missing, this rule matches all sources (traffic not restricted by source)."
  const peerMatches = peers.length === 0 || peers.some((peer) => peerAllows(policy, peer, question));
  // NP: "If this field is empty or missing, this rule matches all ports (traffic not restricted by port)."
  const portMatches = ports.length === 0 || ports.some((port) => portAllows(port, question));
  return peerMatches && portMatches;
}

function peerAllows(policy: NetworkPolicy, clause: PolicyPeer, { facts, reading, peer }: Question): boolean {
  const end = asNetworkPoliciesSeeIt(peer, reading);
  switch (clause.kind) {
    case "pods": {
      if (end.kind !== "pod" || hasFinished(end.pod)) return false;
      const { namespace, labels } = end.pod;
      // Concepts: "podSelector: This selects particular Pods in the same namespace as the NetworkPolicy."
      const namespaceMatches =
        clause.namespaceSelector === undefined
          ? namespace === policy.namespace
          : selects(clause.namespaceSelector, namespaceLabels(facts, namespace));
      // Concepts: "namespaceSelector: This selects particular namespaces for which all Pods should be allowed."
      const podMatches = clause.podSelector === undefined || selects(clause.podSelector, labels);
      // Concepts: "A single to/from entry that specifies both namespaceSelector and podSelector selects particular Pods
      // within particular namespaces."
      return namespaceMatches && podMatches;
    }
    case "ip-block": {
      // Concepts: "These should be cluster-external IPs, since Pod IPs are ephemeral and unpredictable." Whether others
      // are matched as well is left to the plugin.
      if (end.kind === "pod" && reading.ipBlockMatchesPods === "no") return false;
      if (end.kind === "node" && reading.ipBlockMatchesNodes === "no") return false;
      // NP: "except is a slice of CIDRs that should not be included within an IPBlock".
      return isIn(end, clause.cidr) && !clause.except.some((part) => isIn(end, part));
    }
    default:
      return assertNever(clause);
  }
}

function portAllows(clause: PolicyPort, { packet, reading }: Question): boolean {
  // NP: "The protocol (TCP, UDP, or SCTP) which traffic must match. If not specified, this field defaults to TCP."
  if (clause.protocol !== packet.protocol) return false;
  // NP: "If this field is not provided, this matches all port names and numbers."
  if (clause.port === undefined) return true;
  // NP: "This can either be a numerical or named port on a pod. … If present, only traffic on the specified protocol AND
  // port will be matched." The port is the destination's, so the pod that has the name is the destination.
  if (typeof clause.port === "string") {
    const destination = asNetworkPoliciesSeeIt(packet.destination, reading);
    return destination.kind === "pod" && declares(destination.pod, clause.port, packet);
  }
  // NP: "endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed".
  return clause.port <= packet.port && packet.port <= (clause.endPort ?? clause.port);
}

/** Concepts: "Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP." */
function asNetworkPoliciesSeeIt(end: PacketEnd, { hostNetworkPods }: Reading): PacketEnd {
  if (end.kind !== "pod" || !end.pod.hostNetwork || hostNetworkPods === "as-pod") return end;
  return { kind: "node", name: end.pod.nodeName ?? "", node: undefined, address: end.address };
}

// ---------------------------------------------------------------------------------------------------------------------
// The tiers above and below

type Action = TieredRule["action"];

/** What a tier may do; `none`: it does not concern the packet. */
type TierAction = Action | "none";

/**
 * CNP: "Accept: … No further ClusterNetworkPolicy or NetworkPolicy rules will be processed." "Deny: Drops the selected
 * traffic." "Pass: Skips all further ClusterNetworkPolicy rules in the current tier for the selected traffic, and passes
 * evaluation to the next tier."
 */
function decide(
  actions: readonly TierAction[],
  by: DecidedBy,
  nextTier: () => readonly Outcome[],
): readonly Outcome[] {
  return actions.flatMap((action) => {
    switch (action) {
      case "Accept":
        return [allowed(by)];
      case "Deny":
        return [denied(by)];
      case "Pass":
      case "none":
        return nextTier();
      default:
        return assertNever(action);
    }
  });
}

/** AdminNetworkPolicies and ClusterNetworkPolicies of the Admin tier share one scale of priorities. */
function adminTier(question: Question): readonly TierAction[] {
  const { facts } = question;
  const policies = [...all(facts, "adminNetworkPolicies"), ...all(facts, "clusterNetworkPolicies")];
  return inOrderOfPriority(
    policies.filter(({ tier }) => tier === "Admin"),
    question,
  );
}

/** No document says which of the two generations of the API comes first, so both orders are possible. */
function baselineTier(question: Question): readonly TierAction[] {
  const { facts } = question;
  const older = inOrderOfPriority(all(facts, "baselineAdminNetworkPolicies"), question);
  const newer = inOrderOfPriority(
    all(facts, "clusterNetworkPolicies").filter(({ tier }) => tier === "Baseline"),
    question,
  );
  const first = (some: readonly TierAction[], others: readonly TierAction[]) =>
    some.flatMap((action) => (action === "none" ? others : [action]));
  return [...first(older, newer), ...first(newer, older)];
}

/**
 * CNP: "Policies with lower priority values have higher precedence, and are checked before policies with higher priority
 * values in the same tier. … If two (or more) policies in the same tier with the same priority could match a connection,
 * then the implementation can apply any of the matching policies to the connection."
 */
function inOrderOfPriority(policies: readonly TieredPolicy[], question: Question): readonly TierAction[] {
  const priorities = [...new Set(policies.map(({ priority }) => priority))].sort((a, b) => a - b);
  for (const priority of priorities) {
    const matching = policies
      .filter((policy) => policy.priority === priority)
      .map((policy) => actionOf(policy, question))
      .filter((action) => action !== "none");
    if (matching.length > 0) return matching;
  }
  return ["none"];
}

/** CNP: "A rule that appears at the top of the ingress rules would take the highest precedence." */
function actionOf(policy: TieredPolicy, question: Question): TierAction {
  if (!isSubject(policy, question)) return "none";
  for (const rule of policy[question.direction]) {
    const action = actionOfRule(rule, question);
    if (action !== "none") return action;
  }
  return "none";
}

/** ANP: "Subject defines the pods to which this AdminNetworkPolicy applies. Note that host-networked pods are not included in subject selection." */
function isSubject({ subject }: TieredPolicy, { facts, pod }: Question): boolean {
  return !pod.hostNetwork && isAmong(subject.namespaceSelector, subject.podSelector, pod, facts);
}

function actionOfRule({ action, peers, ports }: TieredRule, question: Question): TierAction {
  // CNP: "If an implementation sees no fields are set then it can infer that the deployed CRD is of an incompatible
  // version with an unknown field. In that case it should fail closed. For "Accept" rules, "fail closed" means: "treat
  // the rule as matching no traffic". For "Deny" and "Pass" rules, "fail closed" means: "treat the rule as a 'Deny all'
  // rule"."
  if (peers.some(({ kind }) => kind === "empty")) return action === "Accept" ? "none" : "Deny";
  // CNP: "If any element matches the source of incoming traffic then the specified action is applied."
  if (!peers.some((peer) => isPeer(peer, question))) return "none";
  // CNP: "If unspecified, protocol-specific attributes will not be used to match traffic."
  if (ports.length > 0 && !ports.some((port) => isPort(port, question))) return "none";
  return action;
}

function isPeer(clause: TieredPeer, { facts, peer }: Question): boolean {
  switch (clause.kind) {
    case "pods":
      // CNP: "Pods defines a way to select a set of pods in a set of namespaces. Note that host-networked pods are not
      // included in this type of peer." It says the same of Namespaces.
      if (peer.kind !== "pod" || peer.pod.hostNetwork || hasFinished(peer.pod)) return false;
      return isAmong(clause.namespaceSelector, clause.podSelector, peer.pod, facts);
    case "nodes": {
      // CNP: "Nodes defines a way to select a set of nodes in the cluster (based on the node's labels). It selects the
      // nodeIPs as the peer type by matching on the IPs present in the node.Status.Addresses field of the node." A pod
      // on the node's network has these IPs.
      const name = peer.kind === "node" ? peer.name : peer.kind === "pod" ? hostOf(peer.pod) : undefined;
      const node = all(facts, "nodes").find((each) => each.name === name);
      return node?.addresses.some(({ address }) =>
        isIn(peer, `${address}/${address.includes(":") ? 128 : 32}`),
      )
        ? selects(clause.selector, node.labels)
        : false;
    }
    case "networks":
      // CNP: "Note that cluster-internal traffic will be checked against the rule as well. So if you Accept or Deny
      // traffic to "0.0.0.0/0", that will allow or deny all IPv4 pod-to-pod traffic as well."
      return clause.cidrs.some((cidr) => isIn(peer, cidr));
    case "domain-names":
      throw new Error("who has a domain name is for the DNS to say");
    case "empty":
      return false;
    default:
      return assertNever(clause);
  }
}

function isPort(clause: TieredPort, { packet }: Question): boolean {
  switch (clause.kind) {
    case "numbers":
      return clause.protocol === packet.protocol && clause.start <= packet.port && packet.port <= clause.end;
    case "named":
      // CNP: "DestinationNamedPort selects a destination port on a pod based on the ContainerPort name."
      return packet.destination.kind === "pod" && declares(packet.destination.pod, clause.name, packet);
    default:
      return assertNever(clause);
  }
}

/** The node that a pod shares the network of. */
function hostOf(pod: Pod): string | undefined {
  return pod.hostNetwork ? pod.nodeName : undefined;
}

// ---------------------------------------------------------------------------------------------------------------------
// Labels, ports, addresses

/** CNP: "Pods is used to select pods via namespace AND pod selectors." */
function isAmong(
  namespaceSelector: LabelSelector,
  podSelector: LabelSelector | undefined,
  pod: Pod,
  facts: Facts,
): boolean {
  return (
    selects(namespaceSelector, namespaceLabels(facts, pod.namespace)) &&
    (podSelector === undefined || selects(podSelector, pod.labels))
  );
}

/** LabelSelector (meta/v1): "The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects." */
function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  const has = (key: string) => Object.keys(labels).includes(key);
  return (
    Object.entries(matchLabels).every(([key, value]) => has(key) && labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const isOneOf = has(key) && values.some((value) => labels[key] === value);
      switch (operator) {
        case "In":
          return isOneOf;
        case "NotIn":
          // Labels and Selectors: "… and all resources with no labels with the tier key".
          return !isOneOf;
        case "Exists":
          return has(key);
        case "DoesNotExist":
          return !has(key);
        default:
          return assertNever(operator);
      }
    })
  );
}

function namespaceLabels(facts: Facts, name: string): Labels {
  const namespace = all(facts, "namespaces").find((each) => each.name === name);
  if (namespace === undefined || namespace.implied) throw new Error(`namespace ${name} was not read`);
  return namespace.labels;
}

/** Whether a container that serves calls this port and protocol by this name; init containers are over by then, but for sidecars. */
function declares(pod: Pod, name: string, { port, protocol }: Packet): boolean {
  return pod.containers
    .filter(({ role }) => role !== "init")
    .flatMap(({ ports }) => ports)
    .some((each) => each.name === name && each.containerPort === port && each.protocol === protocol);
}

function hasFinished({ phase }: Pod): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

function isNode(end: PacketEnd, name: string | undefined): boolean {
  return end.kind === "node" && end.name === name;
}

function isIn(end: PacketEnd, cidr: string): boolean {
  const block = parseCidr(cidr);
  if (block === undefined) throw new Error(`${cidr} is no block of addresses`);
  if (end.kind === "unseen" || end.address === undefined) throw new Error("an end without an address");
  return contains(block, end.address);
}

// ---------------------------------------------------------------------------------------------------------------------

function all<P extends PluralKind>(facts: Facts, plural: P) {
  const objects = known(facts.snapshot, plural);
  if (objects === undefined) throw new Error(`${plural} were not read`);
  return objects;
}

function allowed(by: DecidedBy): Outcome {
  return { answer: "allowed", by };
}

function denied(by: DecidedBy): Outcome {
  return { answer: "denied", by };
}

function agreed(answers: ReadonlyArray<"allowed" | "denied">): "allowed" | "denied" | "unknown" {
  const [first, ...rest] = answers;
  if (first === undefined) throw new Error("no outcome at all");
  return rest.every((answer) => answer === first) ? first : "unknown";
}

/**
 * Concepts: "For a connection from a source pod to a destination pod to be allowed, both the egress policy on the source
 * pod and the ingress policy on the destination pod need to allow the connection. If either side does not allow the
 * connection, it will not happen."
 */
function both(a: Opinion["decision"], b: Opinion["decision"]): Opinion["decision"] {
  if (a === "denied" || b === "denied") return "denied";
  return a === "allowed" && b === "allowed" ? "allowed" : "unknown";
}
