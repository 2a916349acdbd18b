import type { TraceEnd } from "#lib/model/trace.ts";
import type { ServiceFacts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listedUpTo } from "../object-words.ts";
import { isHeadless } from "../ports.ts";
import { type Ask, cutsOver, from, isOutside, way } from "./ask.ts";
import { lookUp } from "./dns-step.ts";
import { balancerRanges, entrancesOf, throughEntrance } from "./entry.ts";
import type { Party } from "./party.ts";
import { proxyPods } from "./pod-ways.ts";
import { type ChosenPort, portsToAsk } from "./port-choice.ts";
import type { Sender, WayIn } from "./source.ts";
import { ending, type Path, type Step, step, type Way } from "./step.ts";
import { noSuchPort, serviceNeeds, toServicePort } from "./to-service.ts";
import { noWayIn, waysInto } from "./ways-in.ts";
import type { World } from "./world.ts";

/** Ways to a Service with endpoints of its own: an ExternalName is asked by its name. */
export function serviceWays(
  world: World,
  ask: Ask,
  end: TraceEnd,
  service: ServiceFacts,
  address: string | undefined,
): readonly Way[] {
  const { port, protocol } = ask;
  const senders = sendersTo(world, ask, service);
  const chosen = portsToAsk(world, service, port, protocol);
  const inside = senders.filter((sender) => !isOutside(sender));
  const outside = senders.filter(isOutside);
  const within = (of: ChosenPort | undefined) =>
    inside.flatMap((sender) =>
      from(sender, fromInside(world, sender.party, { service, protocol, leg: "service", address }, of, port)),
    );
  if (outside.length === 0) {
    return chosen.length === 0
      ? [way(within(undefined))]
      : chosen.map((one) => way(within(one), { port: one.fact.port.port, portWords: one.words }));
  }
  if (chosen.length === 0)
    return [
      way([
        ...within(undefined),
        ...outside.flatMap((sender) =>
          from(sender, noSuchPort(world, sender.party, { service, protocol, leg: "service" }, port)),
        ),
      ]),
    ];
  const ins =
    address === undefined
      ? waysInto(world, service, chosen, protocol)
      : addressWays(world, service, chosen, protocol, address);
  const [first] = chosen;
  if (ins.length === 0) {
    const nothing =
      address !== undefined && service.service.clusterIPs.includes(address)
        ? noWayToClusterIp(service, address)
        : noWayIn(world, { words: end.name, services: [service], pods: [] });
    return [
      way([...within(first), ...outside.flatMap((sender) => from(sender, [nothing]))], {
        port: first?.fact.port.port,
      }),
    ];
  }
  return ins.map(({ words, port: number, remarks = [], go }) => {
    const one = chosen.find(({ fact }) => fact.port.port === number) ?? first;
    return way([...within(one), ...outside.flatMap((sender) => from(sender, go(sender)))], {
      port: number ?? one?.fact.port.port,
      words,
      remarks,
    });
  });
}

function noWayToClusterIp({ service, loadBalancer }: ServiceFacts, address: string): Path {
  const others = [...(loadBalancer?.addresses ?? []), ...service.externalIPs];
  const blocked = step({
    slot: "in:entry",
    kind: "service",
    title: `Way in to ${address}`,
    subject: service.id,
    nodes: ["internet"],
    outcome: "block",
    reason: "nothing leads in from outside",
    sentence: `${address} is a cluster IP, which only nodes and pods of the cluster know`,
    nearMiss:
      others.length === 0
        ? undefined
        : `Service ${service.name} has ${others.length === 1 ? "an address" : "addresses"} for the outside: ${listedUpTo(others, 2)}`,
    evidence: [{ object: service.id, path: "spec.clusterIP", value: address }],
    kubectl: kubectlGet(service.id, "wide"),
  });
  return ending(blocked);
}

/** Senders that nothing about this Service tells apart. */
export function sendersTo(world: World, { source }: Ask, service: ServiceFacts): readonly Sender[] {
  const pods = service.endpoints.flatMap(({ pod }) => {
    const object = pod === undefined ? undefined : world.facts.index.byId.get(pod);
    return object?.kind === "pod" ? [object] : [];
  });
  return source.senders({
    ...serviceNeeds(world, service),
    cuts: [...cutsOver(world, source, [...pods, ...proxyPods(world, [service])]), ...balancerRanges(service)],
  });
}

/** From outside to one of the Service's own addresses: only what that address leads to. */
function addressWays(
  world: World,
  service: ServiceFacts,
  chosen: readonly ChosenPort[],
  protocol: Ask["protocol"],
  address: string,
): readonly WayIn[] {
  const { loadBalancer, service: object } = service;
  const entrance =
    loadBalancer?.addresses.includes(address) === true
      ? "load-balancer"
      : object.externalIPs.includes(address)
        ? "external-ip"
        : undefined;
  if (entrance === undefined || !entrancesOf(service).includes(entrance)) return [];
  return chosen.map((one) => ({
    words: `through ${address}`,
    port: one.fact.port.port,
    go: ({ party }: Sender) => throughEntrance(world, party, { service, protocol, leg: "in" }, one, entrance),
  }));
}

/**
 * From inside people reach a Service by its name: where that fails, its address still leads there, and the answer
 * differs between the two. Whether a name resolves is a remark where it is not known.
 */
export function fromInside(
  world: World,
  sender: Party,
  target: Parameters<typeof toServicePort>[2],
  chosen: ChosenPort | undefined,
  asked: Ask["port"],
): readonly Path[] {
  const paths =
    chosen === undefined
      ? noSuchPort(world, sender, target, asked)
      : toServicePort(world, sender, target, chosen);
  if (sender.kind !== "pods" || target.address !== undefined) return paths;
  const { service } = target.service;
  const { step: dns, answer } = lookUp(world, sender, `${service.name}.${service.namespace}`);
  // The name of a headless Service has no address for the very reason that is told next.
  const told = answer.kind === "not-found" && answer.object === service.id && dns.fix === undefined;
  if (isHeadless(service) && told) return paths;
  const named = (given: Step, who?: string): readonly Path[] =>
    paths.map((path) => ({
      ...path,
      steps: [given, ...path.steps],
      who: who === undefined ? path.who : { ...path.who, name: who },
    }));
  switch (dns.outcome) {
    case "pass":
      return named(dns);
    case "unknown":
      return named({
        ...dns,
        outcome: "pass",
        doubts: [],
        remarks: [...dns.remarks, "its address leads there whether or not the name resolves"],
      });
    case "block":
      if (isHeadless(service)) return named(dns);
      return [
        ...named(dns, "by its name"),
        ...paths.map((path) => ({ ...path, who: { ...path.who, name: "by its address" } })),
      ];
  }
}
