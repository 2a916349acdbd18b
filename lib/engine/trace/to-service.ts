/** Packets from inside the cluster to a Service: by its cluster IP, by its endpoints where it is headless. */
import type { Protocol } from "#lib/model/objects.ts";
import { seen } from "#lib/model/snapshot.ts";
import { contains, familyOf, parseAddress } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listed } from "../object-words.ts";
import { isHeadless, portInWords } from "../ports.ts";
import { isPerNode } from "../routing/choose-endpoints.ts";
import { crossEach } from "./crossing.ts";
import { sourceRanges } from "./entry.ts";
import { headlessLeg } from "./headless-leg.ts";
import { takerOf } from "./landing.ts";
import { isBeyond, overBalancer } from "./over-balancer.ts";
import { type Family, familiesAmong, type Party, partyWords, speaks } from "./party.ts";
import { placeFor, placesOf } from "./places.ts";
import { type ChosenPort, servicePorts } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import type { Needs } from "./source.ts";
import { ending, type Path, type Step, socket, step, unknownStep } from "./step.ts";
import type { World } from "./world.ts";

export interface ServiceTarget {
  readonly service: ServiceFacts;
  readonly protocol: Protocol;
  readonly leg: string;
  /** How it was addressed, where it was by an address of its own: `198.51.100.10`. */
  readonly address?: string | undefined;
}

/** What of senders a Service's answer depends on: their nodes, by its traffic policy or by where its endpoints run. */
export function serviceNeeds({ facts }: World, service: ServiceFacts): Pick<Needs, "byNode" | "places"> {
  const takers = service.endpoints.map((endpoint) => ({ endpoint, pod: takerOf(facts, endpoint) }));
  const bare = takers.flatMap(({ endpoint, pod }) => (pod === undefined ? endpoint.addresses : []));
  const nodes =
    bare.length === 0
      ? []
      : seen(facts.snapshot, "nodes").filter(({ addresses }) =>
          addresses.some(({ address }) => bare.includes(address)),
        );
  return {
    byNode: isPerNode(service, "internal"),
    places: placesOf(
      takers.flatMap(({ pod }) => pod ?? []),
      nodes,
    ),
  };
}

/** One port of a Service, from one sender in the cluster. */
export function toServicePort(
  world: World,
  sender: Party,
  target: ServiceTarget,
  chosen: ChosenPort,
): readonly Path[] {
  const { protocol, leg, address } = target;
  if (address !== undefined && isBeyond(target.service, address)) {
    const at = { address, host: address, port: chosen.fact.port.port, protocol };
    return overBalancer(world, sender, target, chosen, "load-balancer", at);
  }
  const service = asAddressed(target.service, address);
  const { fact, index } = chosen;
  const headless = isHeadless(service.service);
  const node = nodeOf(sender);
  const own = headless ? service.service.name : (clusterIpFor(service, sender) ?? service.service.name);
  const { steps, landings } = (headless ? headlessLeg : serviceLeg)(world, {
    service,
    port: fact,
    index,
    protocol,
    arrival: { traffic: "internal", node, zone: world.policies.sight.nodeNamed(node)?.zone },
    sentTo: socket(address ?? own, fact.port.port),
    source: partyWords(sender),
    by: "kube-proxy",
    place: placeFor(sender),
    leg,
  });
  const admitted = address === undefined ? undefined : rangesStep(sender, service, address, leg);
  const before = admitted === undefined ? steps : [admitted, ...steps];
  if (landings.length === 0) return [ending(...before)];
  const families = headless
    ? listedFamilies(service.service)
    : familiesAmong(address === undefined ? service.service.clusterIPs : [address]);
  const crossed = { source: sender, protocol, servicePort: fact.port.port, families, leg };
  return crossEach(world, landings, crossed, headless ? undefined : service.service).map((path) => ({
    ...path,
    steps: [...before, ...path.steps],
  }));
}

/** The cluster IP that gets the sender somewhere, else the first. */
function clusterIpFor({ service, endpoints }: ServiceFacts, sender: Party): string | undefined {
  const served = familiesAmong(endpoints.flatMap(({ addresses }) => addresses));
  const fitting = service.clusterIPs.find((address) => {
    const family = familyOf(address);
    return family !== undefined && speaks(sender, family) && served?.includes(family) !== false;
  });
  return fitting ?? service.clusterIPs[0];
}

/**
 * From inside, a load balancer's address or an external IP leads to every endpoint: no traffic policy counts then
 * (k8s.io/kubernetes, pkg/proxy/iptables: "pod traffic for external destinations").
 */
function asAddressed(facts: ServiceFacts, address: string | undefined): ServiceFacts {
  const { service } = facts;
  if (address === undefined || service.clusterIPs.includes(address)) return facts;
  return { ...facts, service: { ...service, internalTrafficPolicy: "Cluster" } };
}

/**
 * What loadBalancerSourceRanges leave out is dropped inside the cluster, too: kube-proxy asks them of every packet to
 * the load balancer's address (k8s.io/kubernetes, pkg/proxy/iptables, KUBE-FW chains).
 */
function rangesStep(sender: Party, facts: ServiceFacts, address: string, leg: string): Step | undefined {
  const { service, loadBalancer } = facts;
  const ranges = sourceRanges(facts);
  if (ranges.length === 0 || loadBalancer?.addresses.includes(address) !== true) return undefined;
  const family = familyOf(address);
  const own = addressesOf(sender).flatMap((text) => parseAddress(text) ?? []);
  const asked = own.filter((each) => each.family === family);
  const isAdmitted = (each: (typeof asked)[number]) => ranges.some((range) => contains(range, each));
  if (asked.length === 0 || asked.every(isAdmitted)) return undefined;
  const head = {
    slot: `${leg}:ranges`,
    kind: "service",
    title: `Load balancer of ${service.namespace}/${service.name}`,
    subject: service.id,
    nodes: [service.id],
    evidence: [
      {
        object: service.id,
        path: "spec.loadBalancerSourceRanges",
        value: service.loadBalancerSourceRanges.join(", "),
      },
    ],
    kubectl: kubectlGet(service.id),
  } as const;
  if (asked.some(isAdmitted)) {
    const sentence = `loadBalancerSourceRanges of ${service.name} admit some of ${partyWords(sender)} and not others`;
    return unknownStep({ ...head, sentence, code: "left-to-controller", objects: [service.id] });
  }
  return step({
    ...head,
    outcome: "block",
    reason: "its load balancer does not admit the sender",
    sentence: `loadBalancerSourceRanges of ${service.name} leave out ${partyWords(sender)}`,
    nearMiss: "its cluster IP has no such ranges",
    fix: {
      text: `Ask for Service ${service.name} by its own name, or add the sender's addresses to its ranges`,
    },
  });
}

function addressesOf(party: Party): readonly string[] {
  switch (party.kind) {
    case "pods":
      return party.pods.flatMap(({ ips }) => ips);
    case "node":
      return party.node.addresses.map(({ address }) => address);
    default:
      return [];
  }
}

/** Of a headless Service DNS gives the addresses of these only. */
function listedFamilies({ ipFamilies }: ServiceFacts["service"]): readonly Family[] | undefined {
  const families = ipFamilies.flatMap((each): readonly Family[] =>
    each === "IPv4" ? [4] : each === "IPv6" ? [6] : [],
  );
  return families.length === 0 ? undefined : families;
}

export function nodeOf(party: Party): string | undefined {
  return party.kind === "pods" ? party.pods[0].nodeName : party.kind === "node" ? party.node.name : undefined;
}

/** What a question about a port that the Service has not comes to. The port that was most likely meant is asked on. */
export function noSuchPort(
  world: World,
  sender: Party,
  target: ServiceTarget,
  asked: number | string | undefined,
): readonly Path[] {
  const { service, protocol } = target;
  const { id, namespace, name, ports } = service.service;
  const words = ports.map(
    (port) => `${portInWords(port)}${port.name === undefined ? "" : ` (${port.name})`}`,
  );
  const asTarget = service.ports.find(
    ({ port, targets }) =>
      port.protocol === protocol &&
      (port.targetPort === asked || targets.some(({ number }) => number === asked)),
  );
  const otherProtocol = ports.find(
    (port) => asked !== undefined && (port.port === asked || port.name === asked),
  );
  const what =
    asked === undefined
      ? `no ${protocol} port`
      : `no port ${asked}${protocol === "TCP" ? "" : `/${protocol}`}`;
  const nearMiss =
    asTarget !== undefined
      ? `${asked} is the pods' own port; the Service's is ${asTarget.port.port}`
      : otherProtocol !== undefined
        ? `it has port ${otherProtocol.port} for ${otherProtocol.protocol}`
        : words.length === 0
          ? "it has no ports"
          : `it has ${words.length === 1 ? "port" : "ports"} ${listed(words)}`;
  const blocked: Step = step({
    slot: `${target.leg}:port`,
    kind: "service",
    title: `Service ${namespace}/${name}`,
    subject: id,
    nodes: [id],
    outcome: "block",
    reason: "the Service has no such port",
    sentence: `${name} has ${what}`,
    nearMiss,
    evidence: ports.map((port, i) => ({
      object: id,
      path: `spec.ports[${i}]`,
      value: `${portInWords(port)} → ${port.targetPort}`,
    })),
    kubectl: kubectlGet(id),
  });
  if (sender.kind === "outside" || sender.kind === "unseen") return [ending(blocked)];
  const own = servicePorts(service, undefined, protocol);
  const meant = own.find(({ fact }) => fact === asTarget) ?? (own.length === 1 ? own[0] : undefined);
  if (meant === undefined) return [ending(blocked)];
  return toServicePort(world, sender, target, meant).map((path) => ({
    ...path,
    // That the Service has the other port was told with this one.
    steps: [blocked, ...path.steps.filter(({ kind, outcome }) => kind !== "service" || outcome !== "pass")],
  }));
}
