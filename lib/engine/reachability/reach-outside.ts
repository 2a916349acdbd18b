import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { ReachDirection, ReachEnd, ReachGroup } from "#lib/model/reach.ts";
import { type Cidr, contains } from "../cidr.ts";
import { listedUpTo } from "../object-words.ts";
import { blocksOver } from "../policy/blocks-over.ts";
import type { PolicyVerdict } from "../policy/compile-policies.ts";
import { outsideParties } from "../trace/outside.ts";
import { type Party, packetEnd } from "../trace/party.ts";
import { portsTold } from "../trace/port-choice.ts";
import type { World } from "../trace/world.ts";
import { flagOf, noFlags } from "./cell.ts";
import { rulesOf } from "./cuts.ts";
import { portLabel } from "./port-label.ts";
import { familiesBetween, type MetOnPort, type ReachPort, together } from "./reach-pairs.ts";
import type { ReachSubject } from "./reach-subject.ts";

type Outside = Extract<Party, { kind: "outside" }>;
type Pods = Extract<Party, { kind: "pods" }>;

/** Addresses outside the cluster, in parts that the policies over the subject tell apart. */
export function reachOutside(
  world: World,
  subject: ReachSubject,
  direction: ReachDirection,
): readonly ReachGroup[] {
  const classes = classesIn(subject, direction);
  const cuts = blocksOver(
    world.policies,
    classes.map(([pod]) => pod),
    direction === "to" ? "ingress" : "egress",
  );
  const outsidePorts = direction === "from" ? portsOutside(world, classes) : [];
  return outsideParties(["0.0.0.0/0", "::/0"], cuts).flatMap((party) => {
    const met =
      direction === "from"
        ? outsidePorts.map((port) => fromSubject(world, subject, party, port))
        : subject.ports.map((port) => toSubject(world, port, party));
    if (met.every(({ verdicts }) => verdicts.length === 0)) return [];
    return [{ ...together(world, met, direction), ends: [endOf(party, cuts)], count: 1 }];
  });
}

function classesIn({ ports, senders }: ReachSubject, direction: ReachDirection): ReachSubject["senders"] {
  return direction === "to" ? ports.flatMap(({ landings }) => landings.map(({ pods }) => pods)) : senders;
}

function toSubject(world: World, port: ReachPort, party: Outside): MetOnPort {
  return metOn(
    port.label,
    port.landings.flatMap(({ pods, number }) =>
      ask(world, party, { kind: "pods", pods }, { ...port, number }),
    ),
  );
}

function fromSubject(world: World, { senders }: ReachSubject, party: Outside, port: OutsidePort): MetOnPort {
  return metOn(
    port.label,
    senders.flatMap((pods) => ask(world, { kind: "pods", pods }, party, port)),
  );
}

function metOn(label: string, verdicts: readonly PolicyVerdict[]): MetOnPort {
  const met = verdicts.reduce((joined, { decision }) => joined | flagOf(decision, "pass"), noFlags);
  return { label, met, verdicts };
}

function ask(
  { policies }: World,
  source: Pods | Outside,
  destination: Pods | Outside,
  { number, protocol, families }: Pick<ReachPort, "protocol" | "families"> & { readonly number: number },
): readonly PolicyVerdict[] {
  return familiesBetween(source, destination, { families }).map((family) =>
    policies.verdict({
      source: packetEnd(source, family),
      destination: packetEnd(destination, family),
      port: number,
      protocol,
    }),
  );
}

interface OutsidePort {
  readonly label: string;
  readonly number: number;
  readonly protocol: Protocol;
}

/**
 * The ports that egress rules tell apart, and those of the rest: of TCP, and of other protocols where a rule names
 * them.
 */
function portsOutside(world: World, classes: ReachSubject["senders"]): readonly OutsidePort[] {
  const pods = classes.map(([pod]) => pod);
  const named = new Set(pods.flatMap((pod) => protocolsNamed(world, pod)));
  return (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
    protocol === "TCP" || named.has(protocol)
      ? portsTold(world, pods, protocol, "egress").map(({ number, words }) => ({
          label: portLabel(number, words, protocol),
          number,
          protocol,
        }))
      : [],
  );
}

function protocolsNamed({ policies }: World, pod: Pod): readonly Protocol[] {
  return rulesOf(policies.selection(pod, "egress"), "egress").flatMap(({ rule }) =>
    rule.kind === "network-policy"
      ? rule.rule.ports.map(({ protocol }) => protocol)
      : rule.rule.ports.flatMap((port) => (port.kind === "numbers" ? [port.protocol] : [])),
  );
}

function endOf({ blocks, sample }: Outside, cuts: readonly Cidr[]): ReachEnd {
  const isNamed = cuts.some((cut) => cut.start !== 0n && sample !== undefined && contains(cut, sample));
  const over = sample?.family === 6 ? " over IPv6" : "";
  const [first = "internet"] = blocks;
  return isNamed
    ? { text: first, name: listedUpTo(blocks, 3) }
    : { text: "internet", name: `${cuts.length === 0 ? "all" : "other"} addresses${over}` };
}
