import type { Fix } from "#lib/model/finding.ts";
import type { Pod } from "#lib/model/objects.ts";
import { familyOf, parseAddress } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectl, kubectlGet } from "../fix/kubectl.ts";
import { listed } from "../object-words.ts";
import { clauseEvidence, clauseInWords } from "../policy/clause-words.ts";
import type { DirectionVerdict, PolicyVerdict } from "../policy/compile-policies.ts";
import { distinctDoubts } from "../policy/doubts.ts";
import { nearRule } from "../policy/near-rule.ts";
import type { Packet } from "../policy/packet.ts";
import { fixRefusal, fixTierOf } from "../policy/policy-fix.ts";
import { chooseEndpoints } from "../routing/choose-endpoints.ts";
import { type ClusterDns, clusterDns, dnsPodLike } from "../routing/cluster-dns.ts";
import type { NameAnswer, Resolution } from "../routing/name-answer.ts";
import { nodeLocalAddress } from "../routing/resolv-conf.ts";
import { resolveName } from "../routing/resolve-name.ts";
import { commonFamilies, type Family, type Party, packetEnd, speaks } from "./party.ts";
import { placeFor } from "./places.ts";
import { serviceLeg } from "./service-leg.ts";
import { type Step, socket, step } from "./step.ts";
import type { World } from "./world.ts";

export interface NameLookup {
  readonly step: Step;
  readonly answer: NameAnswer;
  /** Whether the question gets to a server, whatever that answers. */
  readonly query: Pick<Step, "outcome" | "sentence" | "doubts">;
}

/** What a name comes to for these pods, and whether they can ask for it at all. */
export function lookUp(world: World, party: Extract<Party, { kind: "pods" }>, name: string): NameLookup {
  const [pod] = party.pods;
  const { namespace, dnsPolicy, dnsConfig, hostNetwork } = pod;
  const resolution = resolveName(world.facts, name, { namespace, dnsPolicy, dnsConfig, hostNetwork });
  const { answer } = resolution;
  const head = {
    slot: "dns",
    kind: "dns",
    title: "DNS",
    kubectl: kubectl(
      namespace,
      "exec",
      pod.template === undefined ? pod.name : ownerOf(pod),
      "--",
      "nslookup",
      name,
    ),
    remarks: resolution.remarks,
    evidence: resolution.steps.slice(0, 6).map(({ name: asked, result }) => ({
      object: pod.id,
      path: "/etc/resolv.conf",
      value: `${asked}: ${result}`,
    })),
  } as const;
  const found = answerWords(answer, name);
  const query = queryOf(world, party, pod, resolution);
  const common = {
    ...head,
    subject: query.subject,
    evidence: [...head.evidence, ...query.evidence],
    remarks: [...head.remarks, ...query.remarks],
    clauses: query.clauses,
  };
  const told = (given: Pick<Step, "outcome" | "sentence"> & Partial<Step>): NameLookup => ({
    answer,
    query,
    step: step({ ...common, ...given }),
  });
  if (query.outcome === "block") {
    return told({
      outcome: "block",
      reason: query.clauses.length > 0 ? "a policy does not let it ask DNS" : "DNS does not answer",
      sentence:
        answer.kind === "not-found"
          ? `${query.sentence}; besides, ${found}`
          : `${query.sentence}, so ${name} does not resolve`,
      nearMiss: query.nearMiss,
      fix: query.fix,
      kubectl: query.kubectl ?? head.kubectl,
    });
  }
  if (answer.kind === "unknown") return told({ outcome: "unknown", sentence: found, doubts: [answer.doubt] });
  if (answer.kind === "not-found") {
    return told({
      outcome: "block",
      reason: "its name does not resolve",
      sentence: found,
      nearMiss: answer.nearMiss ?? answer.there,
    });
  }
  return told({ outcome: query.outcome, sentence: `${found}; ${query.sentence}`, doubts: query.doubts });
}

/** As `kubectl exec` takes it: "deployment/web". */
function ownerOf({ owners, name }: Pod): string {
  const [owner] = owners;
  return owner === undefined ? name : `${owner.apiKind.toLowerCase()}/${owner.name}`;
}

function answerWords(answer: NameAnswer, name: string): string {
  switch (answer.kind) {
    case "service": {
      const [address] = answer.service.clusterIPs;
      const { namespace, name: service } = answer.service;
      return `${name} → ${address ?? `Service ${namespace}/${service}`}`;
    }
    case "endpoints":
      return `${name} → the addresses of ${answer.service.namespace}/${answer.service.name}'s endpoints (headless)`;
    case "pod":
      return `${name} → pod ${answer.pod.split("/").at(-1)}`;
    case "address":
      return name === answer.address ? `${name} is an address` : `${name} → ${answer.address}`;
    case "outside":
      return `${answer.hostname} is a name outside the cluster`;
    case "not-found":
      return answer.sentence;
    case "unknown":
      return answer.doubt.sentence;
  }
}

interface Query
  extends Pick<
    Step,
    | "outcome"
    | "sentence"
    | "evidence"
    | "clauses"
    | "doubts"
    | "remarks"
    | "subject"
    | "kubectl"
    | "nearMiss"
  > {
  readonly fix?: Fix | undefined;
}

const passes: Query = { outcome: "pass", sentence: "", evidence: [], clauses: [], doubts: [], remarks: [] };

/** Whether the pods' questions reach a DNS server: policies see them like any other packet. */
function queryOf(world: World, party: Party, pod: Pod, { servers, answer, steps }: Resolution): Query {
  // An address, or localhost; a name that spells one is asked for like any other.
  if (answer.kind === "address" && steps.length === 0) return { ...passes, sentence: "no server is asked" };
  if (servers === "node") return toAddresses(world, party, pod, undefined, "the node's resolver is asked");
  if (servers !== "cluster")
    return toAddresses(
      world,
      party,
      pod,
      servers,
      `the pod's own nameservers are asked (${listed(servers)})`,
    );
  const dns = clusterDns(world.facts);
  const [own] = pod.dnsPolicy === "None" ? (pod.dnsConfig?.nameservers ?? []) : [];
  if (own === nodeLocalAddress && dns.nodeLocal.state === "runs")
    return summary(world, pod, [toNodeCache(world, party, pod, own)], {
      state: `NodeLocal DNSCache answers at ${own}`,
      subject: dns.nodeLocal.daemonSet,
      nodeCache: true,
    });
  return dns.server.kind === "service"
    ? toService(world, party, pod, dns, dns.server.facts)
    : toAssumed(world, party, pod, dns);
}

const dnsPort = 53;

function toService(world: World, party: Party, pod: Pod, dns: ClusterDns, service: ServiceFacts): Query {
  const index = service.ports.findIndex(({ port }) => port.port === dnsPort && port.protocol === "UDP");
  const port = service.ports[index];
  const subject = service.service.id;
  const name = `${service.service.namespace}/${service.service.name}`;
  if (port === undefined)
    return {
      ...passes,
      outcome: "block",
      subject,
      sentence: `the cluster's DNS Service ${name} has no port 53/UDP`,
      kubectl: kubectlGet(subject),
    };
  const arrival = {
    traffic: "internal",
    node: pod.nodeName,
    zone: world.policies.sight.nodeNamed(pod.nodeName)?.zone,
  } as const;
  const leg = serviceLeg(world, {
    service,
    port,
    index,
    protocol: "UDP",
    arrival,
    sentTo: socket(service.service.clusterIPs[0] ?? name, dnsPort),
    source: pod.name,
    by: "kube-proxy",
    place: placeFor(party),
    leg: "dns",
  });
  const broken = leg.steps.find(({ outcome }) => outcome !== "pass");
  const chosen = chooseEndpoints(service, arrival).endpoints.length;
  const state = `${service.service.name} ${chosen} of ${service.total} ready`;
  if (broken !== undefined)
    return {
      ...broken,
      sentence:
        broken.outcome === "block"
          ? `the cluster's DNS does not answer: ${broken.sentence}`
          : `whether the cluster's DNS answers is not known: ${broken.sentence}`,
      subject,
      fix: broken.fix,
    };
  // Resolvers ask by the Service's first address.
  const asked = familyOf(service.service.clusterIPs[0] ?? "");
  if (asked !== undefined && !speaks(party, asked))
    return {
      ...passes,
      outcome: "block",
      subject,
      sentence: `the cluster's DNS Service ${name} is asked over IPv${asked}, and ${pod.name} has no IPv${asked} address`,
      kubectl: kubectlGet(subject),
    };
  const verdicts = leg.landings.flatMap((landing) =>
    familiesFor(commonFamilies(party, landing.party), asked).map((family) =>
      ask(world, {
        source: packetEnd(party, family),
        destination: packetEnd(landing.party, family),
        port: landing.port,
        protocol: "UDP",
      }),
    ),
  );
  const cached = dns.nodeLocal.state === "runs" ? throughNodeCache(world, party, pod, service) : [];
  return summary(world, pod, [...verdicts, ...cached], { state, subject, nodeCache: cached.length > 0 });
}

function familiesFor(
  common: readonly (Family | undefined)[],
  asked: Family | undefined,
): readonly (Family | undefined)[] {
  const fitting = common.filter((family) => family === undefined || family === asked);
  return asked === undefined ? common : fitting;
}

interface Asked {
  readonly packet: Packet;
  readonly verdict: PolicyVerdict;
}

function ask({ policies }: World, packet: Packet): Asked {
  return { packet, verdict: policies.verdict(packet) };
}

/**
 * NodeLocal DNSCache takes the questions on the pod's own node: under the Service's address, or under its own, which a
 * kubelet may have been told to write into its pods.
 */
function throughNodeCache(world: World, party: Party, pod: Pod, { service }: ServiceFacts): readonly Asked[] {
  const [address = ""] = service.clusterIPs;
  const all = pod.dnsPolicy === "None" ? [address] : [address, nodeLocalAddress];
  return all.map((each) => toNodeCache(world, party, pod, each));
}

function toNodeCache(world: World, party: Party, pod: Pod, text: string): Asked {
  const address = parseAddress(text);
  const name = pod.nodeName ?? "";
  const destination = { kind: "node", name, node: world.policies.sight.nodeNamed(name), address } as const;
  return ask(world, {
    source: packetEnd(party, address?.family),
    destination,
    port: dnsPort,
    protocol: "UDP",
  });
}

/** The conventional DNS pods, where none are among what was read. */
function toAssumed(world: World, party: Party, pod: Pod, { server }: ClusterDns): Query {
  if (server.kind !== "assumed") return passes;
  const dnsPod = dnsPodLike(server.namespace, server.podLabels);
  const packet = {
    source: packetEnd(party, undefined),
    destination: { kind: "pod", pod: dnsPod, address: undefined },
    port: dnsPort,
    protocol: "UDP",
  } as const;
  const egress = world.policies.directionVerdict(packet, "egress");
  const nothing: DirectionVerdict = {
    ...egress,
    direction: "ingress",
    decision: "allowed",
    by: "default",
    allowedBy: [],
    deniedBy: [],
    isolatedBy: [],
    doubts: [],
  };
  const asked = { packet, verdict: { decision: egress.decision, egress, ingress: nothing } };
  return summary(world, pod, [asked], {
    state: `the cluster's DNS is taken to be where it usually is (${server.namespace}, k8s-app=kube-dns): ${server.why}`,
    subject: undefined,
    nodeCache: false,
  });
}

function toAddresses(
  world: World,
  party: Party,
  pod: Pod,
  addresses: readonly string[] | undefined,
  state: string,
): Query {
  const ends = addresses === undefined ? [undefined] : addresses.map((text) => parseAddress(text));
  const asked = ends.map((address) =>
    ask(world, {
      source: packetEnd(party, address?.family),
      destination: { kind: "outside", address },
      port: dnsPort,
      protocol: "UDP",
    }),
  );
  return summary(world, pod, asked, { state, subject: undefined, nodeCache: false });
}

interface About {
  /** "kube-dns 2 of 2 ready". */
  readonly state: string;
  readonly subject: Step["subject"];
  readonly nodeCache: boolean;
}

function summary(
  world: World,
  pod: Pod,
  asked: readonly Asked[],
  { state, subject, nodeCache }: About,
): Query {
  const { index } = world.facts;
  const decisions = new Set(asked.map(({ verdict }) => verdict.decision));
  const denied = asked.find(({ verdict }) => verdict.decision === "denied");
  const open = asked.find(({ verdict }) => verdict.decision === "unknown");
  if (denied !== undefined && decisions.size === 1)
    return refused(world, pod, denied, { state, subject, nodeCache });
  if (open !== undefined || denied !== undefined) {
    const doubts =
      open === undefined
        ? []
        : distinctDoubts([...open.verdict.egress.doubts, ...open.verdict.ingress.doubts]);
    const why =
      open !== undefined
        ? `${nodeCache ? "NodeLocal DNSCache answers on the node; " : ""}${listed(doubts.map(({ sentence }) => sentence))}`
        : nodeCache
          ? "NodeLocal DNSCache answers on the node, and whether policies see it or the DNS pods depends on the network plugin"
          : `policies let its questions through to some of the DNS pods only, not to ${servedBy(denied)}`;
    return {
      ...passes,
      outcome: "unknown",
      subject,
      sentence: `whether its questions get to DNS is not known: ${why}`,
      doubts: doubts.length > 0 ? doubts : [{ code: "name-not-resolved", sentence: why, objects: [] }],
    };
  }
  const [first] = asked;
  const clauses = first?.verdict.egress.allowedBy ?? [];
  const [clause] = clauses;
  const egress = clause === undefined ? "" : `, egress to it allowed by ${clauseInWords(index, clause)}`;
  return {
    ...passes,
    subject,
    sentence: `${state}${egress}`,
    clauses,
    evidence: clauses.map((each) => clauseEvidence(index, each)),
    remarks: first === undefined ? [] : tcpRemark(world, first.packet),
  };
}

function servedBy(asked: Asked | undefined): string {
  const end = asked?.packet.destination;
  return end?.kind === "pod" ? end.pod.name : "others";
}

/** Answers that do not fit a UDP packet are asked for again by TCP. */
function tcpRemark({ policies }: World, packet: Packet): readonly string[] {
  return policies.verdict({ ...packet, protocol: "TCP" }).decision === "denied"
    ? ["DNS is let through by UDP only: answers that are too long for it fail"]
    : [];
}

function refused(world: World, pod: Pod, { packet, verdict }: Asked, { state, subject }: About): Query {
  const { index } = world.facts;
  const direction = verdict.egress.decision === "denied" ? "egress" : "ingress";
  const { deniedBy, by } = verdict[direction];
  const subjectPod =
    direction === "egress" ? pod : packet.destination.kind === "pod" ? packet.destination.pod : undefined;
  const isolating = subjectPod === undefined ? [] : world.policies.selection(subjectPod, direction).isolating;
  const near =
    by === "network-policy"
      ? nearRule(isolating, packet, direction, world.policies.sight, [dnsPort])
      : undefined;
  const names = listed(deniedBy.map((clause) => clauseInWords(index, clause)));
  const sentence =
    direction === "egress"
      ? `its egress does not let it ask DNS (UDP ${packet.port}): ${by === "network-policy" ? "isolated" : "denied"} by ${names}`
      : `DNS does not admit its questions: ${by === "network-policy" ? "isolated" : "denied"} by ${names}`;
  return {
    ...passes,
    outcome: "block",
    subject,
    sentence,
    clauses: deniedBy,
    evidence: deniedBy.map((clause) => clauseEvidence(index, clause)),
    nearMiss: near?.sentence,
    fix:
      by === "network-policy"
        ? fixRefusal({ packet, direction, isolating, near, alsoTcp: true }, world.policies.sight)
        : fixTierOf(deniedBy, packet, undefined, world.policies.sight),
    kubectl: deniedBy[0] === undefined ? undefined : kubectlGet(deniedBy[0].policy),
    remarks: [state],
  };
}
