import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod, Protocol, Service, ServicePort } from "#lib/model/objects.ts";
import type { PluralKind } from "#lib/model/snapshot.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import { parseAddress } from "../cidr.ts";
import { isFinished } from "../pod-readiness.ts";
import type { DirectionVerdict } from "../policy/compile-policies.ts";
import type { Packet, PacketEnd } from "../policy/packet.ts";
import { pairsOf } from "../policy/pairs.ts";
import { readInFull } from "../read-in-full.ts";
import { clusterDns, dnsPodLike } from "../routing/cluster-dns.ts";
import { nodeLocalAddress, resolvConf } from "../routing/resolv-conf.ts";
import { commonFamilies, packetEnd } from "../trace/party.ts";
import type { World } from "../trace/world.ts";
import { classesOf } from "./matrix-ends.ts";
import { type Refusal, refusalOf } from "./refusals.ts";
import { podsBehind, type ServicePod } from "./service-pods.ts";

/** Pods whose egress lets something out and not their questions to DNS. */
export interface DnsRefusal {
  readonly kind: "refused";
  readonly refusal: Refusal;
  readonly pods: readonly Pod[];
  /** `TCP` alone: answers that are too long for UDP are lost. */
  readonly protocols: readonly Protocol[];
  /** The DNS Service; undefined where none was found, and the usual one is meant. */
  readonly server: ObjectId | undefined;
}

/** Pods of which it is not known, by what would tell: what doubts name, and kinds. */
export interface UndecidedDns {
  readonly kind: "undecided";
  readonly doubts: readonly Doubt[];
  /** `daemonSets`: NodeLocal DNSCache may answer on the node. Others: the DNS Service, its pods. */
  readonly unread: readonly PluralKind[];
}

/** Where questions arrive, by protocol: DNS pods by their classes, on their own port. */
interface DnsEnds {
  readonly server: ObjectId | undefined;
  /** Where none of the DNS pods was read, so that not all of their labels are known: the namespace that they are in. */
  readonly standIn: string | undefined;
  readonly landings: readonly {
    readonly pods: readonly [Pod, ...Pod[]];
    readonly port: number;
    readonly protocol: Protocol;
  }[];
  /** Addresses under which pods ask; a rule may name them, and some plugins look at it before it is translated. */
  readonly asked: readonly PacketEnd[];
}

const dnsPort = 53;

/**
 * Which pods their own policies keep from asking the cluster's DNS. Left out: pods that may send nothing at all, which
 * is a decision, and those that ask other servers. One for each policy to be changed and each set of protocols.
 */
export function* dnsRefusals(world: World): Iterable<DnsRefusal | UndecidedDns> {
  const { facts } = world;
  const dns = clusterDns(facts);
  const ends = dnsEnds(world);
  if ("unread" in ends) {
    yield { kind: "undecided", doubts: [], unread: ends.unread };
    return;
  }
  const found = new Map<string, { refusal: Refusal; pods: Pod[]; protocols: readonly Protocol[] }>();
  const doubts: Doubt[] = [];
  const unread = new Set<PluralKind>();
  for (const alike of limitedClasses(world)) {
    const [pod] = alike;
    if (resolvConf(facts, pod, dns).servers !== "cluster") continue;
    if (ends.standIn !== undefined && mayMeanDns(world, pod, ends.standIn)) continue;
    const answers = (["UDP", "TCP"] as const).map((protocol) => ask(world, ends, alike, protocol));
    const refused = answers.filter((answer) => answer?.is === "refused");
    for (const answer of answers) if (answer?.is === "unknown") doubts.push(...answer.doubts);
    const [first] = refused;
    if (first === undefined) continue;
    // The cache on the node answers in the Service's stead, and plugins differ about what pods send to their node.
    if (dns.nodeLocal.state === "runs") continue;
    if (dns.nodeLocal.state === "unknown" && facts.snapshot.origin !== "manifests") {
      unread.add("daemonSets");
      continue;
    }
    const refusal = refusalOf(world, first.packet, first.verdict, {
      servicePorts: [dnsPort],
      alsoTcp: first.packet.protocol === "UDP" ? true : undefined,
      forAll: true,
    });
    if (refusal === undefined) continue;
    const protocols = refused.map(({ packet }) => packet.protocol);
    const key = `${refusal.policy.id} ${protocols}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { refusal, pods: [...alike], protocols });
    else known.pods.push(...alike);
  }
  for (const each of found.values()) yield { kind: "refused", ...each, server: ends.server };
  if (doubts.length > 0 || unread.size > 0) yield { kind: "undecided", doubts, unread: [...unread] };
}

type Answer =
  | { readonly is: "let-out" }
  | { readonly is: "unknown"; readonly doubts: readonly Doubt[] }
  | { readonly is: "refused"; readonly packet: Packet; readonly verdict: DirectionVerdict };

/** What becomes of questions by one protocol; undefined where nothing listens by it. One DNS pod that gets them is enough. */
function ask(
  world: World,
  ends: DnsEnds,
  alike: readonly [Pod, ...Pod[]],
  protocol: Protocol,
): Answer | undefined {
  const source = { kind: "pods", pods: alike } as const;
  const doubts: Doubt[] = [];
  let refused: Extract<Answer, { is: "refused" }> | undefined;
  const landings = ends.landings.filter((landing) => landing.protocol === protocol);
  for (const { pods, port } of landings) {
    for (const family of commonFamilies(source, { kind: "pods", pods })) {
      for (const pair of pairsOf(alike, pods)) {
        const packet = {
          source: packetEnd({ kind: "pods", pods: [pair.source] }, family),
          destination: packetEnd({ kind: "pods", pods: [pair.destination] }, family),
          port,
          protocol,
        };
        const verdict = world.policies.directionVerdict(packet, "egress");
        if (verdict.decision === "allowed") return { is: "let-out" };
        if (verdict.decision === "unknown") doubts.push(...verdict.doubts);
        else refused ??= { is: "refused", packet, verdict };
      }
    }
  }
  if (doubts.length > 0) return { is: "unknown", doubts };
  if (refused === undefined) return undefined;
  const byAddress = ends.asked.some((destination) => {
    const question = { source: packetEnd(source, undefined), destination, port: dnsPort, protocol };
    const { decision, by } = world.policies.directionVerdict(question, "egress");
    return decision === "allowed" && by === "network-policy";
  });
  return byAddress ? { is: "let-out" } : refused;
}

/** Pods that may send some things and not others, by class; those on their node's network are the node's. */
function* limitedClasses(world: World): Iterable<readonly [Pod, ...Pod[]]> {
  const { facts, policies } = world;
  const { admin, baseline, networkPolicies } = policies.set;
  const tiered = [...admin, ...baseline].flat(2).some(({ egress }) => egress.length > 0);
  for (const [namespace, pods] of facts.index.podsByNamespace) {
    const limits = networkPolicies.get(namespace)?.some(({ egress }) => egress !== undefined) ?? false;
    if (!tiered && !limits) continue;
    const limited = pods.filter((pod) => {
      if (isFinished(pod) || pod.hostNetwork) return false;
      const { isolating, ...tiers } = policies.selection(pod, "egress");
      const letsOut = isolating.some(({ egress = [] }) => egress.length > 0);
      return letsOut || (isolating.length === 0 && [...tiers.admin, ...tiers.baseline].flat().length > 0);
    });
    yield* classesOf(world, limited);
  }
}

function dnsEnds(world: World): DnsEnds | { readonly unread: readonly PluralKind[] } {
  const { snapshot } = world.facts;
  const { server } = clusterDns(world.facts);
  if (server.kind === "assumed") {
    if (snapshot.origin !== "manifests" && !readInFull(snapshot, "services")) return { unread: ["services"] };
    const pods = [dnsPodLike(server.namespace, server.podLabels)] as const;
    const landings = server.ports.map(({ port, protocol }) => ({ pods, port, protocol }));
    return { server: undefined, standIn: server.namespace, landings, asked: addresses([nodeLocalAddress]) };
  }
  const { service } = server.facts;
  const asked = addresses([...service.clusterIPs, nodeLocalAddress]);
  const behind = podsBehind(world, server.facts) ?? [];
  if (behind.length > 0) {
    const landings = landingsOf(world, service, behind);
    return { server: service.id, standIn: undefined, landings, asked };
  }
  if (server.facts.backing !== "selector" || !readInFull(snapshot, "pods")) return { unread: ["pods"] };
  const pods = [dnsPodLike(service.namespace, service.selector)] as const;
  const landings = dnsPorts(service).map(({ protocol, targetPort }) => ({
    pods,
    port: typeof targetPort === "number" ? targetPort : dnsPort,
    protocol,
  }));
  return { server: service.id, standIn: service.namespace, landings, asked };
}

function dnsPorts({ ports }: Service): readonly ServicePort[] {
  return ports.filter(({ port }) => port === dnsPort);
}

function landingsOf(world: World, service: Service, behind: readonly ServicePod[]): DnsEnds["landings"] {
  return dnsPorts(service).flatMap((port) =>
    [...Map.groupBy(behind, ({ numberOf }) => numberOf(port))].flatMap(([number, pods]) =>
      number === undefined
        ? []
        : classesOf(
            world,
            pods.map(({ pod }) => pod),
          ).map((alike) => ({ pods: alike, port: number, protocol: port.protocol })),
    ),
  );
}

/** Whether a rule may be for DNS: it names the port, or it is for every port of pods where DNS usually runs. */
function mayMeanDns({ policies }: World, pod: Pod, namespace: string): boolean {
  const { isolating } = policies.selection(pod, "egress");
  return isolating.some(({ policy, egress = [] }) =>
    egress.some(({ peers, ports }) => {
      if (ports.some(({ port }) => port === dnsPort || (typeof port === "string" && /dns/.test(port))))
        return true;
      if (ports.some(({ port }) => port !== undefined)) return false;
      return peers.some(
        (peer) =>
          peer.kind === "pods" &&
          (peer.namespaceSelector === undefined
            ? policy.namespace === namespace
            : policies.sight.namespaceMatches(peer.namespaceSelector, namespace).is !== "no"),
      );
    }),
  );
}

function addresses(texts: readonly string[]): readonly PacketEnd[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ kind: "outside", address } as const];
  });
}
