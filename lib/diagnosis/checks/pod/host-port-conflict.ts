import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { keptFor } from "#lib/engine/kept-for.ts";
import { counted, listed, listedUpTo, objectInWords, oneLine } from "#lib/engine/object-words.ts";
import { conditionOf, isFinished, isReady, isTerminating } from "#lib/engine/pod-readiness.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { ContainerPort, Pod } from "#lib/model/objects.ts";
import { defineCheck, type Found } from "../../check.ts";
import { byAge, nameBeside } from "../../pods-beside.ts";

const spelledOut = 3;

/** A pod's wish for a port of its node. */
interface Wish {
  readonly pod: Pod;
  readonly port: number;
  readonly protocol: ContainerPort["protocol"];
  readonly hostIP: string | undefined;
}

export const podHostPortConflict = defineCheck({
  id: "pod/host-port-conflict",
  code: "NET-503",
  severity: "error",
  summary: "Two pods want the same port of one node",
  inputs: ["pods"],
  *find({ objects, podsByNamespace, ownerOf }) {
    const wishes: Wish[] = [];
    for (const pods of podsByNamespace.values()) {
      wishes.push(...wishesAmong(pods));
      yield;
    }
    // Ports that pods hold, by protocol and number, on whatever node.
    const holders = new Map<string, Wish[]>();
    const onNodes = new Map<string, Wish[]>();
    for (const wish of wishes) {
      if (wish.pod.nodeName === undefined) continue;
      add(holders, portOf(wish), wish);
      add(onNodes, `${wish.pod.nodeName} ${portOf(wish)}`, wish);
    }
    yield* onOneNode(onNodes.values(), ownerOf);
    yield* withoutNode(wishes, holders, objects.pods, ownerOf);
  },
});

/** Few of a namespace's pods want any, and most namespaces' pods are the same list from one state to the next. */
const wishesAmong = keptFor((pods: readonly Pod[]) => pods.filter(wantsNow).flatMap(wishesOf));

/** A pod that the kubelet turned away for its ports waits for nobody: it is there until someone deletes it. */
function wantsNow(pod: Pod): boolean {
  return (!isFinished(pod) || isTurnedAway(pod)) && !isTerminating(pod);
}

function isTurnedAway({ phase, reason, owners }: Pod): boolean {
  return phase === "Failed" && reason === "NodePorts" && owners.length === 0;
}

function wishesOf(pod: Pod): readonly Wish[] {
  return pod.containers.flatMap(({ ports }) =>
    ports.flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort === undefined ? [] : [{ pod, port: hostPort, protocol, hostIP }],
    ),
  );
}

function add(map: Map<string, Wish[]>, key: string, wish: Wish): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [wish]);
  else there.push(wish);
}

/** "TCP port 8080". */
function portOf({ port, protocol }: Pick<Wish, "port" | "protocol">): string {
  return `${protocol} port ${port}`;
}

/** The scheduler sees to it that this does not happen; pods that name their node, and static ones, go past it. */
function* onOneNode(
  groups: Iterable<readonly Wish[]>,
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
): Generator<Found> {
  const found = new Map<ObjectId, { readonly pod: Pod; readonly lost: { ours: Wish; theirs: Wish }[] }>();
  for (const group of groups) {
    if (group.length < 2) continue;
    const sorted = group.toSorted((a, b) => byAge(a.pod, b.pod));
    for (const [at, ours] of sorted.entries()) {
      const theirs = sorted.slice(0, at).find((other) => other.pod !== ours.pod && collide(ours, other));
      if (theirs === undefined) continue;
      const there = found.get(ours.pod.id) ?? { pod: ours.pod, lost: [] };
      there.lost.push({ ours, theirs });
      found.set(ours.pod.id, there);
    }
  }
  for (const { pod, lost } of found.values()) {
    const sorted = lost.toSorted(
      (a, b) => a.ours.port - b.ours.port || (a.ours.protocol < b.ours.protocol ? -1 : 1),
    );
    const others = [...new Set(sorted.map(({ theirs }) => theirs.pod))];
    const ports = listedUpTo([...new Set(sorted.map(({ ours }) => portOf(ours)))], spelledOut);
    yield {
      subject: pod.id,
      message: `${pod.name} and ${listedUpTo(
        others.map((other) => nameBeside(other, pod)),
        spelledOut,
      )} want the same port of ${pod.nodeName}, ${ports}: only one of them gets what comes in`,
      evidence: sorted.flatMap(({ ours, theirs }) => [evidenceOf(ours), evidenceOf(theirs)]),
      fix: {
        text: `Give one of them another hostPort, or reach it through a Service instead; both run on ${pod.nodeName} because one of them was not scheduled`,
      },
      kubectl: kubectl(
        undefined,
        "get",
        "pods",
        "-A",
        "-o",
        "wide",
        "--field-selector",
        `spec.nodeName=${pod.nodeName}`,
      ),
      touches: [pod, ...others].flatMap(({ id }) => [id, ownerOf.get(id) ?? id]),
    };
  }
}

/** Ports on different addresses of a node do not meet. */
function collide(a: Wish, b: Wish): boolean {
  return a.hostIP === undefined || b.hostIP === undefined || a.hostIP === b.hostIP;
}

/** Pods that wait because no node has their ports free: one finding for a workload, whatever the number of its pods. */
function* withoutNode(
  wishes: readonly Wish[],
  holders: ReadonlyMap<string, readonly Wish[]>,
  pods: readonly Pod[],
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
): Generator<Found> {
  const waiting = new Map<ObjectId, Wish[]>();
  for (const wish of wishes) {
    if (wish.pod.nodeName !== undefined || !lacksPort(wish.pod)) continue;
    const owner = ownerOf.get(wish.pod.id) ?? wish.pod.id;
    const there = waiting.get(owner);
    if (there === undefined) waiting.set(owner, [wish]);
    else there.push(wish);
  }
  if (waiting.size === 0) return;
  const serving = new Set(pods.flatMap((pod) => (isReady(pod) ? [ownerOf.get(pod.id) ?? pod.id] : [])));
  for (const [owner, wanted] of waiting) yield noneFree(owner, wanted, holders, serving.has(owner), ownerOf);
}

/** "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports." */
function lacksPort(pod: Pod): boolean {
  const scheduled = conditionOf(pod, "PodScheduled");
  return scheduled?.status === "False" && /free ports/.test(scheduled.message ?? "");
}

function noneFree(
  owner: ObjectId,
  wishes: readonly Wish[],
  holders: ReadonlyMap<string, readonly Wish[]>,
  isServing: boolean,
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
): Found {
  const sorted = wishes.toSorted((a, b) =>
    a.pod.id < b.pod.id ? -1 : a.pod.id > b.pod.id ? 1 : a.port - b.port,
  );
  const pods = [...new Set(sorted.map(({ pod }) => pod))];
  const ports = [...new Set(sorted.map(portOf))];
  const holding = ports.flatMap((port) => holders.get(port) ?? []);
  const owners = [...new Set(holding.map(({ pod }) => ownerOf.get(pod.id) ?? pod.id))].sort();
  const names = owners.map((id) =>
    id === owner ? "its own other pods" : nameOf(id, refOf(owner).namespace),
  );
  const who =
    refOf(owner).kind === "pod"
      ? objectInWords(owner)
      : `${counted(pods.length, "pod")} of ${objectInWords(owner)}`;
  const [first] = pods;
  const scheduler = oneLine((first && conditionOf(first, "PodScheduled")?.message) ?? "");
  return {
    subject: owner,
    severity: isServing ? "warning" : "error",
    message: `${who} ${pods.length === 1 ? "waits" : "wait"} for ${listed(ports)} of a node: ${scheduler}`,
    nearMiss:
      names.length === 0
        ? undefined
        : `${listedUpTo(names, spelledOut)} ${names.length === 1 && names[0] !== "its own other pods" ? "has" : "have"} it now`,
    evidence: pods.slice(0, spelledOut).map((pod) => ({
      object: pod.id,
      path: "status.conditions[PodScheduled].message",
      value: oneLine(conditionOf(pod, "PodScheduled")?.message ?? "none"),
    })),
    fix: {
      text: owners.includes(owner)
        ? `Let ${objectInWords(owner)} replace its pods one by one (maxSurge 0, or strategy Recreate), and ask for no more pods than there are nodes for; or do without hostPort`
        : `Give ${objectInWords(owner)} another hostPort, or do without it and use a Service`,
    },
    kubectl: kubectl(refOf(owner).namespace, "describe", "pod", first?.name ?? ""),
    touches: [...pods.map(({ id }) => id), ...owners],
  };
}

function evidenceOf({ pod, port, protocol }: Wish): Found["evidence"][number] {
  return { object: pod.id, path: "spec.containers[].ports[].hostPort", value: `${port}/${protocol}` };
}

function nameOf(id: ObjectId, beside: string | undefined): string {
  const words = objectInWords(id);
  const { namespace } = refOf(id);
  return namespace === beside ? words : `${words} in ${namespace}`;
}
