/** Packets to addresses outside the cluster, and to blocks that may hold some inside it. */
import type { Protocol } from "#lib/model/objects.ts";
import type { TraceEnd } from "#lib/model/trace.ts";
import { blocksOver } from "../policy/blocks-over.ts";
import { type Ask, from, isFromInternet, isOutside, way } from "./ask.ts";
import { cross } from "./crossing.ts";
import { nobodyAt } from "./nobody.ts";
import { hasPublicAddress, internetParties, isPublicText, outsideParties } from "./outside.ts";
import { type Party, partyWords } from "./party.ts";
import { placesOf } from "./places.ts";
import { openPodPorts, type PodPortChoice, portsTold } from "./port-choice.ts";
import type { Sender } from "./source.ts";
import { ending, type Path, type Step, step, type Way } from "./step.ts";
import type { Target } from "./target.ts";
import { toPods } from "./to-pods.ts";
import type { World } from "./world.ts";

export interface OutsideAsk {
  /** Empty: the address behind `hostname` is not known. */
  readonly blocks: readonly string[];
  /** The blocks are those of the internet. */
  readonly isInternet?: boolean | undefined;
  readonly hostname: string | undefined;
  readonly port: number;
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
        ? internetParties(world.facts, cuts)
        : outsideParties(blocks, cuts);
  return parties.flatMap((party) =>
    cross(world, {
      source: sender,
      landing: { party, port, words: `to ${partyWords(party)}`, endpoints: [], hypothetical: false },
      protocol,
      leg: "outside",
    }).map((path) => ({
      ...path,
      toBlocks:
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

export function addressWays(
  world: World,
  ask: Ask,
  end: TraceEnd,
  target: Extract<Target, { kind: "addresses" }>,
): readonly Way[] {
  const { source, port, protocol } = ask;
  const senders = source.senders({ byNode: false, places: placesOf(target.pods, target.nodes), cuts: [] });
  const pods = senders.flatMap(({ party }) => (party.kind === "pods" ? party.pods : []));
  const ports: readonly PodPortChoice[] =
    typeof port === "number"
      ? [{ number: port }]
      : target.ports !== undefined
        ? target.ports
        : target.pods.length > 0
          ? openPodPorts(world, target.pods, protocol)
          : portsTold(world, pods, protocol, "egress");
  const remarks = senders.some((sender) => isOutside(sender) && !isFromInternet(sender)) ? [unrouted] : [];
  return ports.map(({ number, words }) =>
    way(
      senders.flatMap((sender) =>
        from(sender, fromSender(world, sender, end, target, { port: number, protocol })),
      ),
      { port: number, portWords: words, remarks },
    ),
  );
}

const unrouted = "whether the network around the cluster leads from there to pods is not in the cluster";

/** Between two ends outside nothing is asked: of a block that holds both, only what is in the cluster counts for them. */
function fromSender(
  world: World,
  sender: Sender,
  end: TraceEnd,
  { blocks, isInternet, family, pods, nodes }: Extract<Target, { kind: "addresses" }>,
  { port, protocol }: Pick<OutsideAsk, "port" | "protocol">,
): readonly Path[] {
  const { party } = sender;
  if (!isOutside(sender)) {
    const [only, ...others] = blocks;
    const nobody = only === undefined || others.length > 0 ? undefined : nobodyAt(world.facts, only);
    if (nobody !== undefined) return nobodysPaths(world, party, blocks, nobody, { port, protocol });
    const outside = outsidePaths(world, party, { blocks, hostname: undefined, isInternet, port, protocol });
    if (pods.length + nodes.length === 0) return outside;
    const rest = { landing: `to other addresses in ${end.text}` };
    return [
      ...toInsiders(world, party, end, { pods, nodes, family }, { port, protocol }),
      ...(outside.length > 1
        ? outside
        : outside.map((path) => ({ ...path, toBlocks: undefined, who: { ...path.who, ...rest } }))),
    ];
  }
  if (!isFromInternet(sender))
    return toInsiders(world, party, end, { pods, nodes, family }, { port, protocol });
  const open = {
    pods: pods.filter(({ ips }) => ips.some(isPublicText)),
    nodes: nodes.filter(hasPublicAddress),
    family,
  };
  if (open.pods.length + open.nodes.length > 0)
    return toInsiders(world, party, end, open, { port, protocol });
  const blocked = step({
    slot: "in:entry",
    kind: "service",
    title: `Way in to ${end.name}`,
    outcome: "block",
    reason: "its addresses are private",
    sentence: `what the cluster has in ${end.name} has private addresses, to which nothing leads from the internet`,
    nearMiss: "ask for a Service or a workload to see how it is reached from outside",
    nodes: ["internet"],
  });
  return [ending(blocked)];
}

function toInsiders(
  world: World,
  source: Party,
  { name }: TraceEnd,
  { pods, nodes, family }: Pick<Extract<Target, { kind: "addresses" }>, "pods" | "nodes" | "family">,
  { port, protocol }: Pick<OutsideAsk, "port" | "protocol">,
): readonly Path[] {
  const toNodes = nodes.flatMap((node) => {
    const party = { kind: "node", node, family } as const;
    const landing = { party, port, words: `to ${node.name}`, endpoints: [], hypothetical: false };
    return cross(world, { source, landing, protocol, leg: "outside" });
  });
  return pods.length === 0
    ? toNodes
    : [...toPods(world, source, { pods, port, protocol, name, family, leg: "direct" }), ...toNodes];
}

/** The sender's own policies count all the same. */
function nobodysPaths(
  world: World,
  party: Party,
  blocks: readonly string[],
  nobody: Step,
  { port, protocol }: Pick<OutsideAsk, "port" | "protocol">,
): readonly Path[] {
  return outsidePaths(world, party, { blocks, hostname: undefined, port, protocol }).map((path) => ({
    ...path,
    steps: [...path.steps.filter(({ kind }) => kind !== "destination"), nobody],
  }));
}
