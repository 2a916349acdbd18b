/** Packets to pods directly, with no Service in between: readiness does not count there, only that they run. */
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod, Protocol } from "#lib/model/objects.ts";
import { kubectl } from "../fix/kubectl.ts";
import { nearestOf } from "../near-words.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { declaredPorts } from "../target-port.ts";
import { cross } from "./crossing.ts";
import { landingsOn } from "./landing.ts";
import type { Family, Party } from "./party.ts";
import { placeFor } from "./places.ts";
import { namedPodPorts } from "./port-choice.ts";
import type { Absent } from "./resolve-end.ts";
import { ending, type Path, type Step, step, unknownStep } from "./step.ts";
import type { World } from "./world.ts";

export interface PodsAsk {
  readonly pods: readonly Pod[];
  readonly port: number | string;
  readonly protocol: Protocol;
  /** What they are called together: "redis". */
  readonly name: string;
  readonly subject?: ObjectId | undefined;
  /** Why there are none but the one that stands for them. */
  readonly absent?: Absent | undefined;
  /** Of the address by which they were asked for; undefined: any that both ends speak. */
  readonly family?: Family | undefined;
  readonly leg: string;
}

/** A path a group of pods that are alike; one for those that do not declare the port where it was asked by name. */
export function toPods(world: World, sender: Party, ask: PodsAsk): readonly Path[] {
  const { pods, port, protocol } = ask;
  const running = pods.filter((pod) => pod.template !== undefined || pod.phase === "Running");
  const asked = running.length > 0 ? running : pods;
  if (asked.length === 0) return [ending(nothingThere(ask))];
  if (typeof port === "number") return onNumber(world, sender, ask, asked, port);
  const byNumber = namedPodPorts(asked, port, protocol);
  const having = new Set([...byNumber.values()].flat());
  const lacking = asked.filter((pod) => !having.has(pod));
  const named = [...byNumber].flatMap(([number, members]) => onNumber(world, sender, ask, members, number));
  return lacking.length === 0 ? named : [...named, withoutName(ask, lacking, port)];
}

function onNumber(
  world: World,
  sender: Party,
  ask: PodsAsk,
  pods: readonly Pod[],
  port: number,
): readonly Path[] {
  const { protocol, leg, absent, family } = ask;
  const families = family === undefined ? undefined : [family];
  return landingsOn(world, pods, port, placeFor(sender)).flatMap((landing) => {
    const crossed = { source: sender, protocol, families, leg };
    if (absent === undefined) return cross(world, { ...crossed, landing });
    return cross(world, { ...crossed, landing: { ...landing, hypothetical: true } }).map((path) => ({
      ...path,
      steps: [...path.steps, nothingThere(ask)],
    }));
  });
}

function nothingThere({ name, port, subject, absent, leg, pods }: PodsAsk): Step {
  const [first] = pods;
  const head = {
    slot: `${leg}:destination`,
    kind: "destination",
    title: `Listening on ${port}`,
    subject,
    nodes: subject === undefined ? [] : [subject],
    kubectl: first === undefined ? undefined : kubectl(first.namespace, "get", "pods"),
  } as const;
  if (absent?.isUnread) {
    const sentence = `the pods of ${name} could not be read`;
    const objects = subject === undefined ? [] : [subject];
    return unknownStep({ ...head, sentence, code: "unread", objects });
  }
  return step({
    ...head,
    outcome: "block",
    reason: "there is no pod",
    sentence: `${name} has no pod${absent === undefined ? "" : ` (${absent.why})`}`,
  });
}

/** Pods of which none, or not each, declares a port by that name. */
function withoutName({ name, subject, leg, pods }: PodsAsk, lacking: readonly Pod[], port: string): Path {
  const names = [
    ...new Set(lacking.flatMap((pod) => declaredPorts(pod).flatMap(({ port: each }) => each.name ?? []))),
  ].sort();
  const nearest = nearestOf(port, names);
  const all = lacking.length === pods.length;
  const who = listedUpTo(
    lacking.map((pod) => pod.name),
    2,
  );
  const blocked = step({
    slot: `${leg}:destination`,
    kind: "destination",
    title: name,
    subject,
    outcome: "block",
    reason: `no port is called ${port} there`,
    sentence: `${all ? `no pod of ${name}` : who} declares ${all ? "a" : "no"} port named ${port}`,
    nearMiss:
      names.length === 0
        ? `${lacking.length === 1 ? "it declares" : "they declare"} no port names`
        : `${lacking.length === 1 ? "it declares" : "they declare"} ${listedUpTo(names, 5)}${nearest === undefined || names.length === 1 ? "" : `; ${nearest} is the closest`}`,
    kubectl:
      lacking[0] === undefined
        ? undefined
        : kubectl(
            lacking[0].namespace,
            "get",
            "pods",
            "-o",
            "custom-columns=POD:.metadata.name,PORTS:.spec.containers[*].ports[*].name",
          ),
  });
  return { steps: [blocked], who: all ? {} : { landing: `to ${who}` } };
}

/** Pods of the target that do not run, and so take no part in the answer. */
export function idleRemark(pods: readonly Pod[]): string | undefined {
  const running = pods.filter((pod) => pod.template !== undefined || pod.phase === "Running");
  const idle = pods.filter((pod) => !running.includes(pod));
  if (idle.length === 0 || running.length === 0) return undefined;
  const names = listedUpTo(
    idle.map(({ name }) => name),
    3,
  );
  return `${counted(idle.length, "pod")} of ${pods.length} ${idle.length === 1 ? "does" : "do"} not run (${names}) and ${idle.length === 1 ? "is" : "are"} left out`;
}
