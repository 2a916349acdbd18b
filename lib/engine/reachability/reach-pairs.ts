import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { ReachDirection, ReachVerdict } from "#lib/model/reach.ts";
import { listed } from "../object-words.ts";
import type { PolicyVerdict } from "../policy/compile-policies.ts";
import { pairsOf } from "../policy/pairs.ts";
import { commonFamilies, type Family, type Party, packetEnd } from "../trace/party.ts";
import type { World } from "../trace/world.ts";
import { bestOf, flagOf, flags, noFlags, verdictOf } from "./cell.ts";
import { type Because, becauseOf } from "./reach-words.ts";

/** A port that packets are sent to, and the pods on which they arrive, by class. */
export interface ReachPort {
  readonly label: string;
  readonly protocol: Protocol;
  readonly landings: readonly ReachLanding[];
  /** In which it can be addressed; undefined: those that both ends speak. */
  readonly families?: readonly Family[] | undefined;
}

export interface ReachLanding {
  readonly pods: readonly [Pod, ...Pod[]];
  /** The pods' own port. */
  readonly number: number;
}

export interface Met extends Because {
  readonly verdict: ReachVerdict;
  /** Of which ports it is true, where not of all. */
  readonly ports?: string | undefined;
}

/** What the packets to one port come to. */
export interface MetOnPort {
  readonly label: string;
  readonly met: number;
  readonly verdicts: readonly PolicyVerdict[];
}

/** What policies say of packets from pods, by class, to ports. */
export function meet(
  world: World,
  senders: readonly (readonly [Pod, ...Pod[]])[],
  ports: readonly ReachPort[],
  direction: ReachDirection,
): Met {
  return together(
    world,
    ports.map((port) => onPort(world, senders, port)),
    direction,
  );
}

export function together({ facts }: World, all: readonly MetOnPort[], direction: ReachDirection): Met {
  const verdict = bestOf(all.map(({ met }) => met));
  const wanted = verdict === "some-ports" ? "reachable" : verdict;
  const these = all.filter(({ met }) => verdictOf(met) === wanted);
  const reasons = these
    .flatMap(({ verdicts }) => verdicts)
    .filter(({ decision }) => counts(decision, wanted))
    .map((each) => becauseOf(facts.index, each, direction));
  const because = reasons[0] ?? { why: "its ends have no address family in common", policies: [] };
  return {
    verdict,
    why: because.why,
    policies: [...new Set(reasons.flatMap(({ policies }) => policies))],
    ports: these.length < all.length ? listed([...new Set(these.map(({ label }) => label))]) : undefined,
  };
}

/** Where the answer depends, what stands against it is what one wants to know. */
function counts(decision: PolicyVerdict["decision"], verdict: Exclude<ReachVerdict, "some-ports">): boolean {
  switch (verdict) {
    case "reachable":
      return decision === "allowed";
    case "unknown":
      return decision === "unknown";
    case "blocked":
    case "depends":
      return decision === "denied";
  }
}

function onPort(
  { policies }: World,
  senders: readonly (readonly [Pod, ...Pod[]])[],
  port: ReachPort,
): MetOnPort {
  let met = noFlags;
  const verdicts: PolicyVerdict[] = [];
  const { protocol } = port;
  for (const from of senders) {
    for (const { pods: to, number } of port.landings) {
      const families = familiesBetween({ kind: "pods", pods: from }, { kind: "pods", pods: to }, port);
      if (families.length === 0) met |= flags.blocked;
      for (const family of families) {
        for (const { source, destination } of pairsOf(from, to)) {
          const verdict = policies.verdict({
            source: packetEnd({ kind: "pods", pods: [source] }, family),
            destination: packetEnd({ kind: "pods", pods: [destination] }, family),
            port: number,
            protocol,
          });
          met |= flagOf(verdict.decision, "pass");
          verdicts.push(verdict);
        }
      }
    }
  }
  return { label: port.label, met, verdicts };
}

/** The families in which packets come from one end to a port of the other; empty: they cannot meet. */
export function familiesBetween(
  source: Party,
  destination: Party,
  { families: addressed }: Pick<ReachPort, "families">,
): readonly (Family | undefined)[] {
  const common = commonFamilies(source, destination);
  return addressed === undefined
    ? common
    : common.filter((family) => family === undefined || addressed.includes(family));
}
