import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import { kubectl, kubectlGet } from "../fix/kubectl.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { clauseEvidence, clauseInWords, policyInWords, policyOf } from "../policy/clause-words.ts";
import type { DirectionVerdict } from "../policy/compile-policies.ts";
import { confusedRules, nearRule } from "../policy/near-rule.ts";
import type { Packet } from "../policy/packet.ts";
import { twinOf } from "../policy/pairs.ts";
import { fixRefusal, fixTierOf } from "../policy/policy-fix.ts";
import { isHeadless } from "../ports.ts";
import { servicesOver } from "../routing/proxies.ts";
import { targetPortOn } from "../target-port.ts";
import { type Family, type Party, packetEnd, partyWords } from "./party.ts";
import { type Step, step } from "./step.ts";
import type { World } from "./world.ts";

/** A packet between two parties, on the destination's own port. */
export interface Crossing {
  readonly source: Party;
  readonly destination: Party;
  /** The two are different pods, though one stands for both of them. */
  readonly apart?: true | undefined;
  readonly family: Family | undefined;
  readonly port: number;
  readonly protocol: Protocol;
  /** The port of the Service that was asked for, which rules name by mistake. */
  readonly servicePort?: number | undefined;
  /** Tells hops of several legs apart. */
  readonly leg: string;
}

export function packetOf({ source, destination, apart, family, port, protocol }: Crossing): Packet {
  const [from, to] = [packetEnd(source, family), packetEnd(destination, family)];
  const isOne = from.kind === "pod" && to.kind === "pod" && from.pod.id === to.pod.id;
  return {
    source: from,
    destination: apart && isOne ? { ...to, pod: twinOf(to.pod) } : to,
    port,
    protocol,
  };
}

/** One direction of a crossing as a step. `verdict` may come from elsewhere, where several readings are joined. */
export function policyStep(
  world: World,
  crossing: Crossing,
  packet: Packet,
  verdict: DirectionVerdict,
): Step {
  const { direction } = verdict;
  const end = direction === "egress" ? crossing.source : crossing.destination;
  const pod = end.kind === "pods" ? end.pods[0] : undefined;
  const subject = pod === undefined ? undefined : (world.facts.index.ownerOf.get(pod.id) ?? pod.id);
  const name = subject === undefined ? partyWords(end) : `${refOf(subject).namespace}/${refOf(subject).name}`;
  const head = {
    slot: `${crossing.leg}:${direction}`,
    kind: direction === "egress" ? "egress-policy" : "ingress-policy",
    title: `${direction === "egress" ? "Egress" : "Ingress"} of ${name}`,
    subject,
    nodes: subject === undefined ? [] : [subject],
  } as const;
  switch (verdict.decision) {
    case "allowed":
      return step({
        ...head,
        outcome: "pass",
        ...allowed(world, verdict, pod),
        remarks: confused(world, verdict, crossing, packet, pod),
      });
    case "denied":
      return step({
        ...head,
        outcome: "block",
        reason: `a policy stops it at the ${direction === "egress" ? "source" : "destination"}`,
        ...denied(world, verdict, crossing, packet, pod),
      });
    case "unknown": {
      const sentence = `not known: ${verdict.doubts.map((doubt) => doubt.sentence).join("; ")}`;
      const clauses = [...verdict.allowedBy, ...verdict.deniedBy];
      const evidence = clauses.map((clause) => clauseEvidence(world.facts.index, clause));
      return step({
        ...head,
        outcome: "unknown",
        sentence,
        doubts: verdict.doubts,
        clauses,
        evidence,
        kubectl: kubectlOf(pod, verdict),
      });
    }
  }
}

/** Rules that were meant for this packet and do not match it. */
function confused(
  world: World,
  { by, direction }: DirectionVerdict,
  crossing: Crossing,
  packet: Packet,
  pod: Pod | undefined,
): readonly string[] {
  if (by !== "network-policy" || pod === undefined) return [];
  const { isolating } = world.policies.selection(pod, direction);
  const ports = servicePortsOf(world, crossing);
  return ports.length === 0 ? [] : confusedRules(isolating, packet, direction, world.policies.sight, ports);
}

/** Ports under which Services lead to the packet's own: the one that was asked, else all of those over the pods. */
function servicePortsOf(
  { facts }: World,
  { servicePort, destination, port, protocol }: Crossing,
): readonly number[] {
  if (servicePort !== undefined) return [servicePort];
  if (destination.kind !== "pods") return [];
  const [pod] = destination.pods;
  const ofFacts = servicePorts.get(facts) ?? new Map<ObjectId, readonly ServedPort[]>();
  servicePorts.set(facts, ofFacts);
  const known = ofFacts.get(pod.id) ?? portsOfServices(facts, pod);
  ofFacts.set(pod.id, known);
  return known
    .filter((each) => each.protocol === protocol && each.target === port && each.port !== port)
    .map((each) => each.port);
}

interface ServedPort {
  readonly protocol: Crossing["protocol"];
  readonly port: number;
  readonly target: number | undefined;
}

/** Many senders may ask about one pod. By facts: the pod stays the same one while Services over it come and go. */
const servicePorts = new WeakMap<World["facts"], Map<ObjectId, readonly ServedPort[]>>();

function portsOfServices(facts: World["facts"], pod: Pod): readonly ServedPort[] {
  return servicesOver(facts, [pod]).flatMap(({ service }) =>
    isHeadless(service)
      ? []
      : service.ports.map((each) => ({
          protocol: each.protocol,
          port: each.port,
          target: targetPortOn(pod, each).number,
        })),
  );
}

type Said = Pick<Step, "sentence"> & Partial<Step>;

function allowed({ facts: { index } }: World, verdict: DirectionVerdict, pod: Pod | undefined): Said {
  const { by, allowedBy, direction } = verdict;
  const evidence = allowedBy.map((clause) => clauseEvidence(index, clause));
  const common = { clauses: allowedBy, evidence, kubectl: kubectlOf(pod, verdict) };
  switch (by) {
    case "network-policy":
    case "admin-tier":
    case "baseline-tier": {
      const [first, ...more] = allowedBy;
      const words = first === undefined ? "a policy" : clauseInWords(index, first);
      const also = more.length === 0 ? "" : `, and by ${counted(more.length, "more rule")}`;
      return { ...common, sentence: `allowed by ${words}${also}` };
    }
    case "same-pod":
      return { ...common, sentence: "a pod always reaches itself" };
    case "own-node":
      return { ...common, sentence: "a pod's own node always reaches it" };
    case "host-network":
      return { ...common, sentence: "it is on its node's network, where policies do not bind pods" };
    default:
      return { ...common, sentence: `no policy limits its ${direction}` };
  }
}

function denied(
  world: World,
  verdict: DirectionVerdict,
  crossing: Crossing,
  packet: Packet,
  pod: Pod | undefined,
): Said {
  const { index } = world.facts;
  const { deniedBy, direction, by } = verdict;
  const evidence = deniedBy.map((clause) => clauseEvidence(index, clause));
  const common = { clauses: deniedBy, evidence, kubectl: kubectlOf(pod, verdict) };
  if (by !== "network-policy") {
    const [first] = deniedBy;
    return {
      ...common,
      fix: fixTierOf(deniedBy, packet, blocksOf(crossing, direction), world.policies.sight),
      sentence: `denied by ${first === undefined ? "a policy" : clauseInWords(index, first)}`,
    };
  }
  const isolating = pod === undefined ? [] : world.policies.selection(pod, direction).isolating;
  const near = nearRule(isolating, packet, direction, world.policies.sight, servicePortsOf(world, crossing));
  const names = verdict.isolatedBy.flatMap((id) => {
    const policy = policyOf(index, id);
    return policy === undefined ? [] : [policyInWords(policy)];
  });
  return {
    ...common,
    sentence: `no rule ${direction === "ingress" ? "admits it" : "lets it out"}; isolated by ${listedUpTo(names, 3)}`,
    nearMiss: near?.sentence,
    fix: fixRefusal(
      { packet, direction, isolating, near, blocks: blocksOf(crossing, direction) },
      world.policies.sight,
    ),
  };
}

/** What a rule would name for the other end, where that is outside the cluster. */
function blocksOf(
  { source, destination }: Crossing,
  direction: DirectionVerdict["direction"],
): readonly string[] | undefined {
  const end = direction === "ingress" ? source : destination;
  if (end.kind !== "outside") return undefined;
  return end.rule === undefined ? end.blocks : [end.rule];
}

/** The policies of the namespace, or the one that decided. */
function kubectlOf(
  pod: Pod | undefined,
  { allowedBy, deniedBy, isolatedBy }: DirectionVerdict,
): string | undefined {
  const ids = new Set<ObjectId>([...deniedBy, ...allowedBy].map(({ policy }) => policy));
  const [only, ...more] = ids.size > 0 ? ids : isolatedBy;
  if (only !== undefined && more.length === 0) return kubectlGet(only);
  return pod === undefined ? undefined : kubectl(pod.namespace, "get", "networkpolicies", "-o", "yaml");
}
