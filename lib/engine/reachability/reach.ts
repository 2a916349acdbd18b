import { endText } from "#lib/model/end-text.ts";
import { refOf } from "#lib/model/ids.ts";
import {
  type Reach,
  type ReachDirection,
  type ReachGroup,
  type ReachNamespace,
  reachMostEnds,
} from "#lib/model/reach.ts";
import { isRead } from "#lib/model/snapshot.ts";
import { readInFull } from "../read-in-full.ts";
import type { World } from "../trace/world.ts";
import { classesOf, type MatrixEnd, portsOf, protocolsOf } from "./matrix-ends.ts";
import { reachOutside } from "./reach-outside.ts";
import { type Met, meet } from "./reach-pairs.ts";
import { reachSentence } from "./reach-sentence.ts";
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
  const { end, nothing } = subject;
  const head = { direction, end, enforcement: world.enforcement };
  if (nothing !== undefined)
    return { ...head, sentence: nothing, namespaces: [], outside: [], notes: subject.notes };
  const groups = new Map<string, Map<string, Gathering>>();
  const meetingOf = meetingWith(world, subject, direction);
  for (const other of ends) {
    if (other.id === end.object) continue;
    const byWhat = groups.get(other.namespace) ?? new Map<string, Gathering>();
    groups.set(other.namespace, byWhat);
    gather(byWhat, other, meetingOf(other));
    yield;
  }
  const namespaces = [...groups].map(([namespace, byWhat]) => namespaceOf(namespace, [...byWhat.values()]));
  return {
    ...head,
    sentence: reachSentence(world, namespaces, direction, end),
    namespaces,
    outside: reachOutside(world, subject, direction),
    notes: [...subject.notes, ...lacking(world)],
  };
}

/** What was not read and may change any line. */
function lacking({ facts: { snapshot }, notLookedFor }: World): readonly string[] {
  const isCut = isRead(snapshot, "pods") && !readInFull(snapshot, "pods");
  return [...(isCut ? ["not all pods could be read: there may be other workloads"] : []), ...notLookedFor];
}

interface Gathering extends Met {
  readonly ends: MatrixEnd[];
}

function gather(byWhat: Map<string, Gathering>, end: MatrixEnd, met: Met): void {
  const key = [met.verdict, met.ports, met.why, ...met.policies].join("\n");
  const found = byWhat.get(key);
  if (found === undefined) byWhat.set(key, { ...met, ends: [end] });
  else found.ends.push(end);
}

/** What packets between another workload and the subject come to. */
type Meeting = (other: MatrixEnd) => Met;

function meetingWith(world: World, { senders, ports }: ReachSubject, direction: ReachDirection): Meeting {
  return direction === "to"
    ? alikeOnce(world, ports, (other) => meet(world, classesOf(world, other.pods), ports, direction))
    : ({ pods }) =>
        meet(
          world,
          senders,
          protocolsOf(pods).flatMap((protocol) => portsOf(world, pods, protocol)),
          direction,
        );
}

/** Senders whose pods no policy tells apart are asked about once, unless nodes count, or they are among the subject's. */
function alikeOnce({ classOf }: World, ports: ReachSubject["ports"], ask: Meeting): Meeting {
  const asked = new Map<string, Met>();
  const landedOn = new Set(ports.flatMap(({ landings }) => landings.flatMap(({ pods }) => pods)));
  const nodesCount = [...landedOn].some(({ hostNetwork }) => hostNetwork);
  return (other) => {
    if (nodesCount || other.pods.some((pod) => pod.hostNetwork || landedOn.has(pod))) return ask(other);
    const key = [...new Set(other.pods.map(classOf))].sort().join("\n");
    const met = asked.get(key) ?? ask(other);
    asked.set(key, met);
    return met;
  };
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
    ends: ends.slice(0, reachMostEnds).map(({ id, kind, name }) => ({
      text: endText(refOf(id)),
      name: kind === "pod" ? name : `${kind.replaceAll("-", "")}/${name}`,
      object: id,
    })),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
