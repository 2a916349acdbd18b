import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import type { WorkloadFacts } from "../facts.ts";
import { declaredPorts } from "../target-port.ts";
import { destinationStep } from "../trace/destination-step.ts";
import { landingsOn } from "../trace/landing.ts";
import { openPodPorts } from "../trace/port-choice.ts";
import type { World } from "../trace/world.ts";
import { portLabel } from "./port-label.ts";
import type { ReachPort } from "./reach-pairs.ts";

/** A workload as a row and a column of the matrix. */
export interface MatrixEnd {
  readonly id: ObjectId;
  readonly kind: WorkloadFacts["kind"];
  readonly namespace: string;
  readonly name: string;
  /** The one on which its pods serve; TCP where they do not say. */
  readonly protocol: Protocol;
  readonly ports: readonly MatrixPort[];
  /** Not finished ones. */
  readonly pods: readonly Pod[];
  /** Its pods by their classes: those that send. */
  readonly senders: readonly (readonly [Pod, ...Pod[]])[];
}

export interface MatrixPort {
  readonly number: number;
  readonly landings: readonly MatrixLanding[];
}

/** Pods that are alike, and whether something takes packets there. */
export interface MatrixLanding {
  readonly pods: readonly [Pod, ...Pod[]];
  readonly outcome: "pass" | "block" | "unknown";
}

/** Every workload that has pods, by namespace and name: what a trace from it and to it would ask. */
export function* matrixEnds(world: World): Iterable<MatrixEnd> {
  const all = [...world.facts.workloads.values()].filter(({ pods }) => pods.length > 0);
  for (const workload of all.sort(byName)) yield endOf(world, workload);
}

function endOf(world: World, { id, kind, namespace, name, pods }: WorkloadFacts): MatrixEnd {
  const running = pods.filter((pod) => pod.template !== undefined || pod.phase === "Running");
  const asked = running.length > 0 ? running : pods;
  const [protocol] = protocolsOf(pods);
  return {
    id,
    kind,
    namespace,
    name,
    protocol,
    pods,
    senders: classesOf(world, asked),
    ports: openPodPorts(world, pods, protocol).map(({ number }) => ({
      number,
      landings: landingsOn(world, asked, number, false).flatMap(({ party }) =>
        party.kind === "pods"
          ? [
              {
                pods: party.pods,
                outcome: destinationStep(world.facts, party, number, protocol, "direct").outcome,
              },
            ]
          : [],
      ),
    })),
  };
}

/** Those for which pods declare ports; TCP where they declare none. At least one. */
export function protocolsOf(pods: readonly Pod[]): readonly [Protocol, ...Protocol[]] {
  const declared = new Set(pods.flatMap((pod) => declaredPorts(pod).map(({ port }) => port.protocol)));
  const [first, ...more] = (["TCP", "UDP", "SCTP"] as const).filter((protocol) => declared.has(protocol));
  return first === undefined ? ["TCP"] : [first, ...more];
}

/** The ports of pods on which they may be asked, as policies tell them apart. */
export function portsOf(world: World, pods: readonly Pod[], protocol: Protocol): readonly ReachPort[] {
  const classes = classesOf(world, pods);
  return openPodPorts(world, pods, protocol).map(({ number, words }) => ({
    label: portLabel(number, words, protocol),
    protocol,
    landings: classes.map((alike) => ({ pods: alike, number })),
  }));
}

/** Pods by their classes. */
export function classesOf({ classOf }: World, pods: readonly Pod[]): readonly (readonly [Pod, ...Pod[]])[] {
  const groups = new Map<string, [Pod, ...Pod[]]>();
  for (const pod of pods) {
    const key = classOf(pod);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return [...groups.values()];
}

function byName(a: WorkloadFacts, b: WorkloadFacts): number {
  return a.namespace === b.namespace ? compare(a.id, b.id) : compare(a.namespace, b.namespace);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
