import type { TraceEnd } from "#lib/model/trace.ts";
import { parseAddress } from "../cidr.ts";
import type { ServiceFacts } from "../facts.ts";
import { isPerNode } from "../routing/choose-endpoints.ts";
import { clusterDns } from "../routing/cluster-dns.ts";
import type { NameAnswer } from "../routing/name-answer.ts";
import { outsidePaths, outsidePorts } from "./address-ways.ts";
import { type Ask, cutsOver, from, way } from "./ask.ts";
import { lookUp } from "./dns-step.ts";
import type { Party } from "./party.ts";
import { openPodPorts, servicePorts } from "./port-choice.ts";
import type { Sender } from "./source.ts";
import { type Path, type Step, step, type Way } from "./step.ts";
import { type Target, targetOf } from "./target.ts";
import { toPods } from "./to-pods.ts";
import { noSuchPort, toServicePort } from "./to-service.ts";
import type { World } from "./world.ts";

/** Ways to what a name comes to for whoever asks. `port` of each way: where the name's target had several. */
export function nameWays(world: World, ask: Ask, end: TraceEnd, name: string): readonly Way[] {
  const [first] = ask.source.senders({ byNode: false, cuts: [] });
  const answer = first?.party.kind === "pods" ? lookUp(world, first.party, name).answer : undefined;
  const service = answer === undefined ? undefined : serviceOf(world, answer);
  const senders = ask.source.senders({
    byNode: service !== undefined && isPerNode(service, "internal"),
    cuts: cutsOver(world, ask.source, []),
  });
  const ports = portsFor(world, ask, answer, first?.party);
  const onPort = (port: Ask["port"]) =>
    senders.flatMap((sender) => from(sender, pathsByName(world, sender, { ...ask, port }, end, name)));
  if (ports.length === 0) return [way(onPort(ask.port))];
  return ports.map((port) =>
    way(onPort(port), {
      port: ports.length > 1 || ask.port === undefined ? port : undefined,
      words: `port ${port}`,
    }),
  );
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
): readonly number[] {
  if (port !== undefined || answer === undefined) return [];
  const service = serviceOf(world, answer);
  if (service !== undefined)
    return servicePorts(service, undefined, protocol).map(({ fact }) => fact.port.port);
  if (answer.kind === "pod") {
    const pod = world.facts.index.byId.get(answer.pod);
    return pod?.kind === "pod" ? openPodPorts(world, [pod], protocol).map(({ number }) => number) : [];
  }
  return answer.kind === "outside" && party?.kind === "pods"
    ? outsidePorts(world, party.pods, protocol).map(({ number }) => number)
    : [];
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
  return behind(dns, afterLookUp(world, party, ask, end, answer));
}

export function behind(before: Step, paths: readonly Path[]): readonly Path[] {
  if (paths.length === 0) return [{ steps: [before], who: {} }];
  return paths.map((path) => ({ ...path, steps: [before, ...path.steps] }));
}

/** Empty where nothing is left to ask. */
export function afterLookUp(
  world: World,
  party: Party,
  { port, protocol }: Ask,
  end: TraceEnd,
  answer: NameAnswer,
): readonly Path[] {
  switch (answer.kind) {
    case "service":
    case "endpoints": {
      const service = world.facts.services.get(answer.service.id);
      if (service === undefined) return [];
      const target = { service, protocol, leg: "service" } as const;
      const [chosen] = servicePorts(service, port, protocol);
      return chosen === undefined
        ? noSuchPort(world, party, target, port)
        : toServicePort(world, party, target, chosen);
    }
    case "pod": {
      const pod = world.facts.index.byId.get(answer.pod);
      if (pod?.kind !== "pod" || typeof port !== "number") return [];
      return toPods(
        world,
        party,
        { pods: [pod], port, protocol, name: pod.name, leg: "direct" },
        party.kind === "node",
      );
    }
    case "address": {
      const block = parseAddress(answer.address);
      if (block === undefined) return [];
      const found = targetOf(world.facts, { kind: "addresses", text: answer.address, block });
      return found.kind === "target" ? toFound(world, party, { port, protocol }, end, found.target) : [];
    }
    case "outside":
      return outsidePaths(world, party, { blocks: [], hostname: answer.hostname, port, protocol });
    case "not-found":
    case "unknown":
      return [];
  }
}

export function toFound(
  world: World,
  party: Party,
  { port, protocol }: Pick<Ask, "port" | "protocol">,
  end: TraceEnd,
  target: Target,
): readonly Path[] {
  switch (target.kind) {
    case "service": {
      const asked = { service: target.service, protocol, leg: "service", address: target.address } as const;
      const [chosen] = servicePorts(target.service, port, protocol);
      return chosen === undefined
        ? noSuchPort(world, party, asked, port)
        : toServicePort(world, party, asked, chosen);
    }
    case "pods":
      return typeof port === "number"
        ? toPods(
            world,
            party,
            { pods: target.pods, port, protocol, name: end.name, leg: "direct" },
            party.kind === "node",
          )
        : [];
    case "addresses":
      return outsidePaths(world, party, { blocks: target.blocks, hostname: undefined, port, protocol });
    default:
      return [];
  }
}

/** Names of the cluster are known inside pods only; other names are for other servers. */
function foreignSender(world: World, party: Party, ask: Ask, name: string): readonly Path[] {
  const { domain } = clusterDns(world.facts);
  const plain = name.toLowerCase().replace(/\.$/, "");
  const isOurs = plain.endsWith(`.${domain}`) || plain.endsWith(".svc") || !plain.includes(".");
  const head = { slot: "dns", kind: "dns", title: "DNS" } as const;
  if (isOurs) {
    const who = party.kind === "node" ? "a node's resolver" : "the outside";
    return [
      {
        steps: [
          step({
            ...head,
            outcome: "block",
            sentence: `${name} is a name of the cluster's own DNS, which ${who} does not ask`,
            nearMiss: "ask for the Service itself to see how it is reached from there",
          }),
        ],
        who: {},
      },
    ];
  }
  if (party.kind === "node") {
    const dns = step({
      ...head,
      outcome: "pass",
      sentence: `${name} is a name outside the cluster, and the node's resolver is asked`,
    });
    return behind(
      dns,
      outsidePaths(world, party, { blocks: [], hostname: name, port: ask.port, protocol: ask.protocol }),
    );
  }
  const sentence = `${name} is a name outside the cluster; what it leads to is not known`;
  return [
    {
      steps: [
        step({
          ...head,
          outcome: "unknown",
          sentence,
          doubts: [{ code: "name-not-resolved", sentence, objects: [] }],
        }),
      ],
      who: {},
    },
  ];
}
