import { refOf } from "#lib/model/ids.ts";
import {
  type Reach,
  type ReachDirection,
  type ReachGroup,
  type ReachNamespace,
  reachMostEnds,
} from "#lib/model/reach.ts";
import { counted } from "../object-words.ts";
import { textOf } from "../trace/question.ts";
import type { World } from "../trace/world.ts";
import { classesOf, type MatrixEnd, portsOf } from "./matrix-ends.ts";
import { reachOutside } from "./reach-outside.ts";
import { type Met, meet } from "./reach-pairs.ts";
import type { ReachSubject } from "./reach-subject.ts";

/**
 * Who may reach the subject, or what it may reach: every workload of the cluster by what policies say. Between the
 * generator's steps others may run.
 */
export function* reach(
  world: World,
  ends: readonly MatrixEnd[],
  subject: ReachSubject,
  direction: ReachDirection,
): Generator<undefined, Reach> {
  const { end, nothing, notes } = subject;
  const { enforcement } = world;
  if (nothing !== undefined)
    return { direction, end, sentence: nothing, namespaces: [], outside: [], notes, enforcement };
  const groups = new Map<string, Map<string, Gathering>>();
  const asked = new Map<string, Met>();
  for (const other of ends) {
    if (other.id === end.object) continue;
    const met = meetOnce(world, other, subject, direction, asked);
    const byWhat = groups.get(other.namespace) ?? new Map<string, Gathering>();
    groups.set(other.namespace, byWhat);
    gather(byWhat, other, met);
    yield;
  }
  const namespaces = [...groups].map(([namespace, byWhat]) => namespaceOf(namespace, [...byWhat.values()]));
  return {
    direction,
    end,
    sentence: sentenceOf(namespaces, direction, subject),
    namespaces,
    outside: reachOutside(world, subject, direction),
    notes,
    enforcement,
  };
}

interface Gathering extends Met {
  readonly ends: MatrixEnd[];
}

function gather(byWhat: Map<string, Gathering>, end: MatrixEnd, met: Met): void {
  const key = `${met.verdict}\n${met.ports}\n${met.why}`;
  const found = byWhat.get(key);
  if (found === undefined) byWhat.set(key, { ...met, ends: [end] });
  else found.ends.push(end);
}

/** Workloads whose pods no policy tells apart are asked about once, unless nodes count. */
function meetOnce(
  world: World,
  other: MatrixEnd,
  { senders, ports }: ReachSubject,
  direction: ReachDirection,
  asked: Map<string, Met>,
): Met {
  const ask = () =>
    direction === "to"
      ? meet(world, classesOf(world, other.pods), ports, direction)
      : meet(world, senders, portsOf(world, other.pods, other.protocol), direction);
  const key = direction === "to" ? senderKey(world, other) : undefined;
  if (key === undefined) return ask();
  const met = asked.get(key) ?? ask();
  asked.set(key, met);
  return met;
}

function senderKey({ classOf }: World, { pods }: MatrixEnd): string | undefined {
  if (pods.some(({ hostNetwork }) => hostNetwork)) return undefined;
  return [...new Set(pods.map(classOf))].sort().join("\n");
}

function namespaceOf(namespace: string, gathered: readonly Gathering[]): ReachNamespace {
  const groups = gathered.map(groupOf).sort((a, b) => order[a.verdict] - order[b.verdict]);
  const may = groups.filter(({ verdict }) => verdict !== "blocked" && verdict !== "unknown");
  return {
    namespace,
    may: sum(may.map(({ count }) => count)),
    total: sum(groups.map(({ count }) => count)),
    groups,
  };
}

const order: Record<ReachGroup["verdict"], number> = {
  reachable: 0,
  "some-ports": 1,
  depends: 2,
  unknown: 3,
  blocked: 4,
};

function groupOf({ verdict, why, policies, ports, ends }: Gathering): ReachGroup {
  return {
    verdict,
    why,
    policies,
    ports,
    count: ends.length,
    ends: ends.slice(0, reachMostEnds).map(({ id, kind, namespace, name }) => ({
      text: textOf(refOf(id).kind, namespace, name),
      name: kind === "pod" ? name : `${kind.replaceAll("-", "")}/${name}`,
      object: id,
    })),
  };
}

function sentenceOf(
  namespaces: readonly ReachNamespace[],
  direction: ReachDirection,
  { end }: ReachSubject,
): string {
  const may = sum(namespaces.map((each) => each.may));
  const total = sum(namespaces.map((each) => each.total));
  const unknown = sum(
    namespaces.flatMap(({ groups }) =>
      groups.map(({ verdict, count }) => (verdict === "unknown" ? count : 0)),
    ),
  );
  const verb = direction === "to" ? "may reach it" : "may be reached from it";
  // A Service is no workload, so that all of them are others.
  const isOne = end.object !== undefined && refOf(end.object).kind !== "service";
  const workloads = counted(total, isOne ? "other workload" : "workload");
  if (total === 0) return isOne ? "there is no other workload" : "there is no workload";
  if (unknown === total) return `whether any of ${workloads} ${verb} is not known`;
  if (may === total)
    return total === 1 ? `the one ${workloads.slice(2)} ${verb}` : `all ${workloads} ${verb}`;
  const left = unknown === 0 ? "" : `; of ${unknown} it is not known`;
  return `${may === 0 ? "none" : may} of ${workloads} ${verb}${left}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
