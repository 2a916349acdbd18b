/** Packets to addresses outside the cluster, and to blocks that may hold some inside it. */
import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { TraceEnd } from "#lib/model/trace.ts";
import { blocksOver } from "../policy/blocks-over.ts";
import { type Ask, from, way } from "./ask.ts";
import { cross } from "./crossing.ts";
import { internetParties, outsideParties } from "./outside.ts";
import { type Party, partyWords } from "./party.ts";
import { openPodPorts, type PodPortChoice } from "./port-choice.ts";
import type { Path, Way } from "./step.ts";
import type { Target } from "./target.ts";
import { toPods } from "./to-pods.ts";
import type { World } from "./world.ts";

export interface OutsideAsk {
  /** Empty: the address behind `hostname` is not known. */
  readonly blocks: readonly string[];
  /** The blocks are those of the internet. */
  readonly isInternet?: boolean | undefined;
  readonly hostname: string | undefined;
  readonly port: number | string | undefined;
  readonly protocol: Protocol;
}

/** From one sender to what is outside, in as many paths as its policies make. */
export function outsidePaths(
  world: World,
  sender: Party,
  { blocks, hostname, isInternet, port, protocol }: OutsideAsk,
): readonly Path[] {
  const cuts = sender.kind === "pods" ? blocksOver(world.policies, [sender.pods[0]], "egress") : [];
  const parties: readonly Party[] =
    blocks.length === 0
      ? [{ kind: "outside", blocks: [], sample: undefined, hostname }]
      : isInternet
        ? internetParties(cuts)
        : outsideParties(blocks, cuts);
  const number = typeof port === "number" ? port : 443;
  return parties.flatMap((party) =>
    cross(world, {
      source: sender,
      landing: { party, port: number, words: `to ${partyWords(party)}`, endpoints: [], hypothetical: false },
      protocol,
      leg: "outside",
    }).map((path) => ({
      ...path,
      blocks:
        party.kind === "outside" && hostname === undefined && party.label === undefined
          ? party.blocks
          : undefined,
      who: parties.length > 1 ? path.who : withoutLanding(path),
    })),
  );
}

function withoutLanding({ who: { landing: _all, ...who } }: Path): Path["who"] {
  return who;
}

/** Ports to ask where a question names none: those that the sender's policies name, and one for all the others. */
export function outsidePorts(
  world: World,
  pods: readonly Pod[],
  protocol: Protocol,
): readonly PodPortChoice[] {
  const named = new Set<number>();
  for (const pod of pods) {
    for (const compiled of world.policies.selection(pod, "egress").isolating) {
      for (const { ports } of compiled.egress ?? []) {
        for (const { port, protocol: of } of ports)
          if (typeof port === "number" && of === protocol) named.add(port);
      }
    }
  }
  return [
    ...[...named]
      .sort((a, b) => a - b)
      .slice(0, 24)
      .map((number) => ({ number })),
    { number: 65_535, words: "any other port" },
  ];
}

export function addressWays(
  world: World,
  ask: Ask,
  end: TraceEnd,
  target: Extract<Target, { kind: "addresses" }>,
): readonly Way[] {
  const { source, protocol } = ask;
  const senders = source.senders({ byNode: false, cuts: [] });
  const pods = senders.flatMap(({ party }) => (party.kind === "pods" ? party.pods : []));
  const ports: readonly PodPortChoice[] =
    typeof ask.port === "number"
      ? [{ number: ask.port }]
      : target.pods.length > 0
        ? openPodPorts(world, target.pods, protocol)
        : outsidePorts(world, pods, protocol);
  return ports.map(({ number, words }) => {
    const paths = senders.flatMap((sender) => {
      const { party } = sender;
      const byNode = party.kind !== "pods" || party.pods[0].hostNetwork;
      const inside =
        target.pods.length === 0
          ? []
          : toPods(
              world,
              party,
              { pods: target.pods, port: number, protocol, name: end.name, leg: "direct" },
              byNode,
            );
      const nodes = target.nodes.flatMap((node) =>
        cross(world, {
          source: party,
          landing: {
            party: { kind: "node", node },
            port: number,
            words: `to ${node.name}`,
            endpoints: [],
            hypothetical: false,
          },
          protocol,
          leg: "outside",
        }),
      );
      return from(sender, [
        ...inside,
        ...nodes,
        ...outsidePaths(world, party, {
          blocks: target.blocks,
          hostname: undefined,
          isInternet: target.isInternet,
          port: number,
          protocol,
        }),
      ]);
    });
    return way(paths, { port: words === undefined ? number : undefined, words: words ?? `port ${number}` });
  });
}
