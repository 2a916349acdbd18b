/** Packets from inside the cluster to a Service: by its cluster IP, by its endpoints where it is headless. */
import type { Protocol } from "#lib/model/objects.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listed } from "../object-words.ts";
import { isHeadless, portInWords } from "../ports.ts";
import { isPerNode } from "../routing/choose-endpoints.ts";
import { cross } from "./crossing.ts";
import { headlessLeg } from "./headless-leg.ts";
import { takerOf } from "./landing.ts";
import { type Family, familiesAmong, type Party, partyWords } from "./party.ts";
import { type ChosenPort, servicePorts } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import { type Path, type Step, socket, step } from "./step.ts";
import type { World } from "./world.ts";

export interface ServiceTarget {
  readonly service: ServiceFacts;
  readonly protocol: Protocol;
  readonly leg: string;
  /** How it was addressed, where it was by an address of its own: `198.51.100.10`. */
  readonly address?: string | undefined;
}

/**
 * Whether senders must be told apart by their nodes: by the Service's traffic policy, or because it leads to nodes, and
 * a pod may always send to its own.
 */
export function needsNodes({ facts }: World, service: ServiceFacts): boolean {
  if (isPerNode(service, "internal")) return true;
  return service.endpoints.some((endpoint) => {
    const pod = takerOf(facts, endpoint);
    return pod === undefined || pod.hostNetwork;
  });
}

/** One port of a Service, from one sender in the cluster. */
export function toServicePort(
  world: World,
  sender: Party,
  target: ServiceTarget,
  chosen: ChosenPort,
): readonly Path[] {
  const { protocol, leg, address } = target;
  const service = asAddressed(target.service, address);
  const { fact, index } = chosen;
  const headless = isHeadless(service.service);
  const node = nodeOf(sender);
  const asNode = sender.kind === "node" || (sender.kind === "pods" && sender.pods[0].hostNetwork);
  const own = headless ? service.service.name : (service.service.clusterIPs[0] ?? service.service.name);
  const { steps, landings } = (headless ? headlessLeg : serviceLeg)(world, {
    service,
    port: fact,
    index,
    protocol,
    arrival: { traffic: "internal", node, zone: world.policies.sight.nodeNamed(node)?.zone },
    sentTo: socket(address ?? own, fact.port.port),
    source: partyWords(sender),
    by: "kube-proxy",
    byNode: asNode,
    leg,
  });
  if (landings.length === 0) return [{ steps, who: {} }];
  return landings.flatMap((landing) =>
    cross(world, {
      source: sender,
      landing,
      protocol,
      servicePort: fact.port.port,
      families: headless
        ? listedFamilies(service.service)
        : familiesAmong(address === undefined ? service.service.clusterIPs : [address]),
      leg,
    }).map((path) => ({ ...path, steps: [...steps, ...path.steps] })),
  );
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
  if (sender.kind === "outside" || sender.kind === "unseen") return [{ steps: [blocked], who: {} }];
  const own = servicePorts(service, undefined, protocol);
  const meant = own.find(({ fact }) => fact === asTarget) ?? (own.length === 1 ? own[0] : undefined);
  if (meant === undefined) return [{ steps: [blocked], who: {} }];
  return toServicePort(world, sender, target, meant).map((path) => ({
    ...path,
    steps: [blocked, ...path.steps],
  }));
}
