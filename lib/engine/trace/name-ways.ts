import type { TraceEnd } from "#lib/model/trace.ts";
import { parseAddress } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { isHeadless } from "../ports.ts";
import { clusterDns } from "../routing/cluster-dns.ts";
import { httpWays, nearestHosts } from "../routing/http-ways.ts";
import type { NameAnswer } from "../routing/name-answer.ts";
import { isInZone } from "../routing/name-shape.ts";
import { outsidePaths } from "./address-ways.ts";
import { type Ask, cutsOver, from, way } from "./ask.ts";
import { lookUp } from "./dns-step.ts";
import { isLoopback } from "./outside.ts";
import type { Party } from "./party.ts";
import { placesOf } from "./places.ts";
import { openPodPorts, type PodPortChoice, portsToAsk, portsTold, servicePorts } from "./port-choice.ts";
import { urlOf } from "./question.ts";
import { type Needs, type Sender, sampleOf } from "./source.ts";
import { ending, type Path, type Step, step, unknownStep, type Way } from "./step.ts";
import { type Target, targetOf } from "./target.ts";
import { toPods } from "./to-pods.ts";
import { noSuchPort, serviceNeeds, toServicePort } from "./to-service.ts";
import type { World } from "./world.ts";

/** Ways to what a name comes to for whoever asks. `port` of each way: where the name's target had several. */
export function nameWays(world: World, ask: Ask, end: TraceEnd, name: string): readonly Way[] {
  const first = sampleOf(ask.source);
  const answer = first?.party.kind === "pods" ? lookUp(world, first.party, name).answer : undefined;
  const service = answer === undefined ? undefined : serviceOf(world, answer);
  const senders = ask.source.senders({
    ...(service === undefined ? needsOf(world, answer) : serviceNeeds(world, service)),
    cuts: cutsOver(world, ask.source, []),
  });
  const onPort = (port: Ask["port"]) =>
    senders.flatMap((sender) => from(sender, pathsByName(world, sender, { ...ask, port }, end, name)));
  const ports = portsFor(world, ask, answer, first?.party);
  if (ports.length === 0) return [way(onPort(ask.port))];
  return ports.map(({ number, words }) => way(onPort(number), { port: number, portWords: words }));
}

/** Where a name leads to pods or a node, their nodes count. */
function needsOf(world: World, answer: NameAnswer | undefined): Pick<Needs, "byNode" | "places"> {
  const target = answer?.kind === "address" ? targetAt(world, answer.address, undefined) : undefined;
  if (target?.kind === "service") return serviceNeeds(world, target.service);
  const pod = answer?.kind === "pod" ? world.facts.index.byId.get(answer.pod) : undefined;
  const pods = target?.kind === "pods" ? target.pods : pod?.kind === "pod" ? [pod] : [];
  return { byNode: false, places: placesOf(pods, target?.kind === "node" ? [target.node] : []) };
}

function serviceOf({ facts }: World, answer: NameAnswer): ServiceFacts | undefined {
  return answer.kind === "service" || answer.kind === "endpoints"
    ? facts.services.get(answer.service.id)
    : undefined;
}

/** The ports to ask where none was named; one that was named is asked as it is. */
function portsFor(
  world: World,
  { port, protocol }: Ask,
  answer: NameAnswer | undefined,
  party: Party | undefined,
): readonly PodPortChoice[] {
  if (port !== undefined || answer === undefined) return [];
  const service = serviceOf(world, answer);
  if (service !== undefined) return portsOfService(world, service, protocol);
  const outside = () => (party?.kind === "pods" ? portsTold(world, party.pods, protocol, "egress") : []);
  switch (answer.kind) {
    case "pod": {
      const pod = world.facts.index.byId.get(answer.pod);
      return pod?.kind === "pod" ? openPodPorts(world, [pod], protocol) : [];
    }
    case "address": {
      const target = targetAt(world, answer.address, port);
      switch (target?.kind) {
        case "service":
          return portsOfService(world, target.service, protocol);
        case "pods":
          return openPodPorts(world, target.pods, protocol);
        default:
          return outside();
      }
    }
    case "outside":
      return outside();
    default:
      return [];
  }
}

function portsOfService(
  world: World,
  service: ServiceFacts,
  protocol: Ask["protocol"],
): readonly PodPortChoice[] {
  return portsToAsk(world, service, undefined, protocol).map(({ fact, words }) => ({
    number: fact.port.port,
    words,
  }));
}

function targetAt({ facts }: World, address: string, port: Ask["port"]): Target | undefined {
  const block = parseAddress(address);
  if (block === undefined) return undefined;
  const found = targetOf(facts, { kind: "addresses", text: address, block }, port);
  return found.kind === "target" ? found.target : undefined;
}

function pathsByName(
  world: World,
  { party }: Sender,
  ask: Ask,
  end: TraceEnd,
  name: string,
): readonly Path[] {
  if (party.kind !== "pods") return foreignSender(world, party, ask, name);
  const { step: dns, answer } = lookUp(world, party, name);
  const served =
    answer.kind === "outside" ? (servedHere(world, name, ask.port) ?? servedNear(world, name)) : undefined;
  const told = served === undefined ? dns : { ...dns, remarks: [...dns.remarks, served] };
  return behind(told, afterLookUp(world, party, ask, end, answer));
}

/** A host of a Gateway or an Ingress of this cluster: asked by name alone, nothing tells that it leads back in. */
function servedHere({ facts }: World, name: string, asked: Ask["port"]): string | undefined {
  const host = name.toLowerCase().replace(/\.$/, "");
  for (const scheme of ["https", "http"] as const) {
    const port = scheme === "https" ? 443 : 80;
    if (typeof asked === "number" && asked !== port) continue;
    const request = { scheme, host, port, path: "/", query: "", method: "GET" } as const;
    const [found] = httpWays(facts, request);
    if (found !== undefined)
      return `${found.words} serves that host: ask for ${urlOf(request)} to go through it`;
  }
  return undefined;
}

/** A host that is spelled like one of a Gateway or an Ingress. */
function servedNear({ facts }: World, name: string): string | undefined {
  const nearest = nearestHosts(facts, name.toLowerCase().replace(/\.$/, ""));
  return nearest === undefined
    ? undefined
    : `no Gateway and no Ingress here serves ${name}; one serves ${nearest}`;
}

export function behind(before: Step, paths: readonly Path[]): readonly Path[] {
  if (paths.length === 0) return [ending(before)];
  return paths.map((path) => ({ ...path, steps: [before, ...path.steps] }));
}

/** Empty where nothing is left to ask: the answer stops it, or leaves it open. */
export function afterLookUp(
  world: World,
  party: Party,
  ask: Pick<Ask, "port" | "protocol">,
  end: TraceEnd,
  answer: NameAnswer,
): readonly Path[] {
  const { port, protocol } = ask;
  switch (answer.kind) {
    case "service":
    case "endpoints": {
      const service = world.facts.services.get(answer.service.id);
      return service === undefined ? [] : toService(world, party, ask, service, undefined);
    }
    case "pod": {
      const pod = world.facts.index.byId.get(answer.pod);
      if (pod?.kind !== "pod" || port === undefined) return [];
      const asked = { pods: [pod], port, protocol, name: pod.name, subject: pod.id, leg: "direct" };
      return toPods(world, party, asked);
    }
    case "address": {
      const target = targetAt(world, answer.address, port);
      return target === undefined
        ? toItself(world, party, ask, answer.address)
        : toFound(world, party, ask, end, target);
    }
    case "outside":
      return typeof port === "string"
        ? [unknownPort(answer.hostname, port)]
        : outsidePaths(world, party, {
            blocks: [],
            hostname: answer.hostname,
            port: port ?? anyPort,
            protocol,
          });
    case "not-found": {
      // A headless Service without a ready endpoint has no address: why, is told by the Service.
      const service = answer.object === undefined ? undefined : world.facts.services.get(answer.object);
      return service !== undefined && isHeadless(service.service)
        ? toService(world, party, ask, service, undefined)
        : [];
    }
    case "unknown":
      return [];
  }
}

/** Where no policy tells ports apart. */
const anyPort = 443;

function toService(
  world: World,
  party: Party,
  { port, protocol }: Pick<Ask, "port" | "protocol">,
  service: ServiceFacts,
  address: string | undefined,
): readonly Path[] {
  const target = { service, protocol, leg: "service", address } as const;
  const [chosen] = servicePorts(service, port, protocol);
  return chosen === undefined
    ? noSuchPort(world, party, target, port)
    : toServicePort(world, party, target, chosen);
}

function toFound(
  world: World,
  party: Party,
  ask: Pick<Ask, "port" | "protocol">,
  end: TraceEnd,
  target: Target,
): readonly Path[] {
  const { port, protocol } = ask;
  switch (target.kind) {
    case "service":
      return toService(world, party, ask, target.service, target.address);
    case "pods": {
      if (port === undefined) return [];
      const { pods, family } = target;
      const asked = { pods, port, protocol, name: end.name, family, leg: "direct" };
      return toPods(world, party, asked);
    }
    case "addresses":
      return typeof port === "string"
        ? [unknownPort(target.end.text, port)]
        : outsidePaths(world, party, {
            blocks: target.blocks,
            hostname: undefined,
            port: port ?? anyPort,
            protocol,
          });
    default:
      return [];
  }
}

/** `localhost`: the packet does not leave the pod. */
function toItself(
  world: World,
  party: Party,
  { port, protocol }: Pick<Ask, "port" | "protocol">,
  address: string,
): readonly Path[] {
  const block = parseAddress(address);
  if (block === undefined || !isLoopback(block) || party.kind !== "pods") return [];
  const [pod] = party.pods;
  const asked = { pods: [pod], port: port ?? anyPort, protocol, name: pod.name, leg: "direct" };
  return toPods(world, { kind: "pods", pods: [pod] }, asked);
}

function unknownPort(what: string, port: string): Path {
  const sentence = `${port} is a port's name, and which port ${what} means by it is not known`;
  const open = unknownStep({
    slot: "outside:port",
    kind: "destination",
    title: what,
    sentence,
    code: "name-not-resolved",
    objects: [],
  });
  return ending(open);
}

/** Names of the cluster are known inside pods only; other names are for other servers. */
export function foreignSender(
  world: World,
  party: Party,
  { port, protocol }: Pick<Ask, "port" | "protocol">,
  name: string,
): readonly Path[] {
  const head = { slot: "dns", kind: "dns", title: "DNS" } as const;
  const who = party.kind === "node" ? "a node's resolver" : "the outside";
  if (isOurs(world, name)) {
    const blocked = step({
      ...head,
      outcome: "block",
      reason: "its name does not resolve there",
      sentence: `${name} is a name of the cluster's own DNS, which ${who} does not ask`,
      nearMiss: "ask for the Service itself to see how it is reached from there",
    });
    return [ending(blocked)];
  }
  if (party.kind === "node") {
    const dns = step({
      ...head,
      outcome: "pass",
      sentence: `${name} is a name outside the cluster, and the node's resolver is asked`,
    });
    const asked = { blocks: [], hostname: name, port: typeof port === "number" ? port : anyPort, protocol };
    return behind(dns, outsidePaths(world, party, asked));
  }
  const sentence = `${name} is a name outside the cluster; what it leads to is not known`;
  const open = unknownStep({
    ...head,
    sentence,
    nearMiss: servedHere(world, name, port),
    code: "name-not-resolved",
    objects: [],
  });
  return [ending(open)];
}

/** Of the cluster's own zone, or of one label, which no other server knows. */
export function isOurs({ facts }: World, name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return isInZone(plain, clusterDns(facts).domain) || plain.endsWith(".svc") || !plain.includes(".");
}
