import type { Node } from "#lib/model/objects.ts";
import type { ServiceFacts } from "../facts.ts";
import { portInWords } from "../ports.ts";
import { type Ask, from, way } from "./ask.ts";
import { cross } from "./crossing.ts";
import { type Party, partyWords } from "./party.ts";
import { servicePorts } from "./port-choice.ts";
import { serviceLeg } from "./service-leg.ts";
import type { Sender } from "./source.ts";
import { type Path, packetView, socket, step, type Way } from "./step.ts";
import type { World } from "./world.ts";

/** Ways to a node: to what runs on it, or through a node port of it to a Service. */
export function nodeWays(world: World, ask: Ask, node: Node): readonly Way[] {
  const { source, port, protocol } = ask;
  const party: Party = { kind: "node", node };
  const number = typeof port === "number" ? port : undefined;
  const through = number === undefined ? undefined : nodePortService(world, number, protocol);
  const senders = source.senders({ byNode: false, cuts: [] });
  const paths = senders.flatMap((sender) => {
    const landing = {
      party,
      port: number ?? 10_250,
      words: `to ${node.name}`,
      endpoints: [],
      hypothetical: false,
    };
    const there = cross(world, { source: sender.party, landing, protocol, leg: "node" });
    return from(
      sender,
      through === undefined ? there : there.flatMap((path) => past(world, sender, ask, node, through, path)),
    );
  });
  return [way(paths, { port: number })];
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
  const { steps, landings } = serviceLeg(world, {
    service,
    port: chosen.fact,
    index: chosen.index,
    protocol,
    arrival: { traffic: "external", node: node.name, zone: node.zone },
    sentTo: socket(node.name, port),
    source: partyWords(sender),
    by: "kube-proxy",
    byNode: true,
    leg: "node",
  });
  // What runs on the node itself is not what is asked for.
  const before = [...path.steps.filter(({ kind }) => kind !== "destination"), entry, ...steps];
  if (landings.length === 0) return [{ ...path, steps: before }];
  return landings.flatMap((landing) =>
    cross(world, {
      source: sender,
      landing,
      protocol,
      servicePort,
      translated: service.service.externalTrafficPolicy === "Cluster",
      leg: "backend",
    }).map((on) => ({
      ...on,
      who: { ...path.who, ...on.who },
      steps: [...before, ...on.steps.filter(({ kind }) => kind !== "egress-policy")],
    })),
  );
}
