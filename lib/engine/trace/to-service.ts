/** Packets from inside the cluster to a Service: by its cluster IP, by its endpoints where it is headless. */
import type { Protocol } from "#lib/model/objects.ts";
import { familyOf } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listed } from "../object-words.ts";
import { isHeadless, portInWords } from "../ports.ts";
import { isPerNode } from "../routing/choose-endpoints.ts";
import { cross } from "./crossing.ts";
import type { Family, Party } from "./party.ts";
import { partyWords } from "./party.ts";
import { type ChosenPort, servicePorts } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import { type Path, packetView, type Step, socket, step } from "./step.ts";
import { toPods } from "./to-pods.ts";
import type { World } from "./world.ts";

export interface ServiceTarget {
  readonly service: ServiceFacts;
  readonly protocol: Protocol;
  readonly leg: string;
  /** How it was addressed, where it was by an address of its own: `198.51.100.10`. */
  readonly address?: string | undefined;
}

/** Whether senders must be told apart by their nodes. */
export function needsNodes({ service }: ServiceTarget): boolean {
  return isPerNode(service, "internal");
}

/** One port of a Service with a cluster IP, from one sender in the cluster. */
export function toServicePort(
  world: World,
  sender: Party,
  target: ServiceTarget,
  chosen: ChosenPort,
): readonly Path[] {
  const { service, protocol, leg, address } = target;
  const { fact, index } = chosen;
  if (isHeadless(service.service)) return toHeadless(world, sender, target, chosen);
  const node = nodeOf(sender);
  const asNode = sender.kind === "node" || (sender.kind === "pods" && sender.pods[0].hostNetwork);
  const own = service.service.clusterIPs[0] ?? service.service.name;
  const { steps, landings } = serviceLeg(world, {
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
      families: familiesOf(address === undefined ? service.service.clusterIPs : [address]),
      leg,
    }).map((path) => ({ ...path, steps: [...steps, ...path.steps] })),
  );
}

/** Dual-stack Services are reached in each family; one without an address yet in any. */
function familiesOf(addresses: readonly string[]): readonly Family[] | undefined {
  const families = [...new Set(addresses.flatMap((address) => familyOf(address) ?? []))];
  return families.length === 0 ? undefined : families;
}

export function nodeOf(party: Party): string | undefined {
  return party.kind === "pods" ? party.pods[0].nodeName : party.kind === "node" ? party.node.name : undefined;
}

/** Clients of a headless Service have its endpoints' addresses, and nothing translates their port. */
function toHeadless(
  world: World,
  sender: Party,
  { service, protocol, leg }: ServiceTarget,
  { fact, index }: ChosenPort,
): readonly Path[] {
  const { id, namespace, name } = service.service;
  const { port } = fact;
  const head = {
    slot: `${leg}:service`,
    kind: "service",
    title: `Service ${namespace}/${name}`,
    subject: id,
    nodes: [id],
    kubectl: kubectlGet(id),
  } as const;
  const translated = port.targetPort !== port.port && typeof port.targetPort === "number";
  const ready = service.endpoints.filter((endpoint) => endpoint.ready);
  const headStep = step({
    ...head,
    outcome: "pass",
    sentence: `headless: clients take its endpoints' own addresses, on port ${port.port}`,
    before: packetView(partyWords(sender), socket(name, port.port), protocol),
    evidence: [
      { object: id, path: "spec.clusterIP", value: "None" },
      { object: id, path: `spec.ports[${index}]`, value: `${portInWords(port)} → ${port.targetPort}` },
    ],
    remarks: translated
      ? [
          `nothing translates ${port.port} to ${port.targetPort} for a headless Service: ask on ${port.targetPort}`,
        ]
      : [],
  });
  const pods = ready.flatMap(({ pod }) => {
    const object = pod === undefined ? undefined : world.facts.index.byId.get(pod);
    return object?.kind === "pod" ? [object] : [];
  });
  if (pods.length === 0) {
    const outcome = service.source === "unknown" ? "unknown" : "block";
    const sentence = `no endpoint of ${name} is ready: ${service.sentence}`;
    return [
      {
        steps: [
          step({
            ...headStep,
            outcome,
            sentence,
            doubts: outcome === "unknown" ? [{ code: "unread", sentence, objects: [id] }] : [],
          }),
        ],
        who: {},
      },
    ];
  }
  return toPods(world, sender, { pods, port: port.port, protocol, name, leg }, sender.kind === "node").map(
    (path) => ({
      ...path,
      steps: [headStep, ...path.steps],
    }),
  );
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
  const own = servicePorts(service, undefined, protocol);
  const meant = own.find(({ fact }) => fact === asTarget) ?? (own.length === 1 ? own[0] : undefined);
  if (meant === undefined) return [{ steps: [blocked], who: {} }];
  return toServicePort(world, sender, target, meant).map((path) => ({
    ...path,
    steps: [blocked, ...path.steps],
  }));
}
