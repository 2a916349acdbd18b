import type { Node } from "#lib/model/objects.ts";
import type { ServiceFacts } from "../facts.ts";
import { listedUpTo } from "../object-words.ts";
import { portInWords } from "../ports.ts";
import { type Ask, from, isFromInternet, isOutside, way } from "./ask.ts";
import { cross, crossEach } from "./crossing.ts";
import { withPolicy } from "./entry.ts";
import { hostPortPods } from "./host-ways.ts";
import { landingsOn } from "./landing.ts";
import { hasPublicAddress } from "./outside.ts";
import { familiesAmong, type Party, partyWords } from "./party.ts";
import { placeFor, placesOf } from "./places.ts";
import { type PodPortChoice, portsTold, servicePorts } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import type { Sender } from "./source.ts";
import { type Path, packetView, type Step, socket, step, unknownStep, type Way } from "./step.ts";
import type { Target } from "./target.ts";
import { nodeOf } from "./to-service.ts";
import { translatedPlace } from "./translation.ts";
import type { World } from "./world.ts";

/** Ways to a node: to what runs on it, or through a node port of it to a Service. */
export function nodeWays(
  world: World,
  ask: Ask,
  { node, family }: Extract<Target, { kind: "node" }>,
): readonly Way[] {
  const { source, port, protocol } = ask;
  // A pod may always send to its own node, or may not: senders are told apart by it.
  const senders = source.senders({ byNode: false, places: placesOf([], [node]), cuts: [] });
  const pods = senders.flatMap(({ party }) => (party.kind === "pods" ? party.pods : []));
  const remarks = senders.some((sender) => isOutside(sender) && !isFromInternet(sender))
    ? ["whether the network around the cluster leads from there to nodes is not in the cluster"]
    : [];
  const ports: readonly PodPortChoice[] =
    typeof port === "number" ? [{ number: port }] : portsTold(world, pods, protocol, "egress");
  return ports.map(({ number, words }) => {
    const through = typeof port === "number" ? nodePortService(world, port, protocol) : undefined;
    const host = typeof port === "number" ? hostPortPods(world.facts, node.name, port, protocol) : undefined;
    const landing = {
      party: { kind: "node", node, family },
      port: number,
      words: `to ${node.name}`,
      endpoints: [],
      hypothetical: false,
    } as const;
    const paths = senders.flatMap((sender) => {
      const there = cross(world, { source: sender.party, landing, protocol, leg: "node" }).map((path) =>
        isFromInternet(sender) && !hasPublicAddress(node) ? unrouted(path, node) : path,
      );
      if (through !== undefined)
        return from(
          sender,
          there.flatMap((path) => past(world, sender, ask, node, through, path)),
        );
      return from(
        sender,
        host === undefined
          ? there
          : there.flatMap((path) => pastHostPort(world, sender, ask, node, host, path)),
      );
    });
    return way(paths, { port: number, portWords: words, remarks });
  });
}

/** Someone may lead packets from a public address to the node. */
function unrouted(path: Path, node: Node): Path {
  const sentence = `${node.name} has no public address, so whether the internet gets to it is not known`;
  const open = unknownStep({
    slot: "node:address",
    kind: "destination",
    title: `Node ${node.name}`,
    sentence,
    subject: node.id,
    nodes: [node.id],
    code: "left-to-controller",
    objects: [node.id],
  });
  return { ...path, steps: [open, ...path.steps] };
}

/** What runs on the node itself is not asked for; whether packets get to the node at all is. */
function isOnTheWay({ kind, outcome }: Step): boolean {
  return kind !== "destination" || outcome !== "pass";
}

/** The node hands a packet for a host port to the pod, with the sender's own address. */
function pastHostPort(
  world: World,
  { party: sender }: Sender,
  { protocol, port }: Ask,
  node: Node,
  host: NonNullable<ReturnType<typeof hostPortPods>>,
  path: Path,
): readonly Path[] {
  const entry = step({
    slot: "node:entry",
    kind: "service",
    title: `Port ${port} of ${node.name}`,
    outcome: "pass",
    sentence: `host port ${port} → port ${host.port} of ${listedUpTo(
      host.pods.map(({ name }) => name),
      2,
    )}`,
    subject: node.id,
    nodes: [node.id],
    before: packetView(partyWords(sender), socket(node.name, port), protocol),
    evidence: host.pods.map(({ id }) => ({
      object: id,
      path: "spec.containers[].ports[].hostPort",
      value: String(port),
    })),
  });
  const before = [...path.steps.filter(isOnTheWay), entry];
  return landingsOn(world, host.pods, host.port, placeFor(sender)).flatMap((landing) =>
    cross(world, { source: sender, landing, protocol, leg: "backend" }).map((on) => ({
      ...on,
      who: { ...path.who, ...on.who },
      steps: joined(before, on.steps, isOwn(sender, node)),
    })),
  );
}

/**
 * A packet's egress is asked once: at the node that it is sent to, or, for what a pod sends to its own node, which is
 * translated before policies look at it, at the pod behind it.
 */
function joined(before: readonly Step[], beyond: readonly Step[], own: boolean): readonly Step[] {
  const isAsked = ({ kind }: Step) => kind !== "egress-policy";
  return own ? [...before.filter(isAsked), ...beyond] : [...before, ...beyond.filter(isAsked)];
}

interface NodePort {
  readonly service: ServiceFacts;
  readonly port: number;
}

function nodePortService({ facts }: World, port: number, protocol: Ask["protocol"]): NodePort | undefined {
  for (const service of facts.services.values()) {
    const found = service.service.ports.find((each) => each.nodePort === port && each.protocol === protocol);
    if (found !== undefined) return { service, port: found.port };
  }
  return undefined;
}

/** The node hands a packet for a node port on, and may put its own address in place of the sender's. */
function past(
  world: World,
  { party: sender }: Sender,
  { protocol, port }: Ask,
  node: Node,
  { service, port: servicePort }: NodePort,
  path: Path,
): readonly Path[] {
  const [chosen] = servicePorts(service, servicePort, protocol);
  if (chosen === undefined) return [path];
  const { id, namespace, name } = service.service;
  const entry = step({
    slot: "node:entry",
    kind: "service",
    title: `Node port of ${namespace}/${name}`,
    outcome: "pass",
    sentence: `node port ${port} → port ${portInWords(chosen.fact.port)}`,
    subject: id,
    nodes: [id],
    before: packetView(partyWords(sender), socket(node.name, port), protocol),
    evidence: [{ object: id, path: `spec.ports[${chosen.index}].nodePort`, value: String(port) }],
  });
  const own = isOwn(sender, node);
  const policy = own ? "Cluster" : service.service.externalTrafficPolicy;
  const { steps, landings } = serviceLeg(world, {
    service: withPolicy(service, policy),
    port: chosen.fact,
    index: chosen.index,
    protocol,
    arrival: { traffic: "external", node: node.name, zone: node.zone },
    sentTo: socket(node.name, port),
    source: partyWords(sender),
    by: "kube-proxy",
    place: translatedPlace(world, sender),
    leg: "node",
  });
  const before = [...path.steps.filter(isOnTheWay), entry, ...steps];
  if (landings.length === 0) return [{ ...path, steps: joined(before, [], own) }];
  const crossed = {
    source: sender,
    protocol,
    servicePort,
    families: familiesAmong(service.service.clusterIPs),
    translated: service.service.externalTrafficPolicy === "Cluster",
    leg: "backend",
  };
  return crossEach(world, landings, crossed, service.service).map((on) => ({
    ...on,
    who: { ...path.who, ...on.who },
    steps: joined(before, on.steps, own),
  }));
}

/**
 * What a node and its own pods send to its node ports leads to every endpoint, whatever the traffic policy
 * (k8s.io/kubernetes, pkg/proxy/iptables: "pod traffic for external destinations", "route LOCAL traffic").
 */
function isOwn(sender: Party, node: Node): boolean {
  return nodeOf(sender) === node.name;
}
