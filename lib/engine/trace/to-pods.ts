/** Packets to pods directly, with no Service in between: readiness does not count there, only that they run. */
import type { Pod, Protocol } from "#lib/model/objects.ts";
import { kubectl } from "../fix/kubectl.ts";
import { counted, listedUpTo } from "../object-words.ts";
import { cross } from "./crossing.ts";
import { landingsOn } from "./landing.ts";
import type { Party } from "./party.ts";
import { type Path, step } from "./step.ts";
import type { World } from "./world.ts";

export interface PodsAsk {
  readonly pods: readonly Pod[];
  readonly port: number;
  readonly protocol: Protocol;
  /** What they are called together: "redis". */
  readonly name: string;
  readonly leg: string;
}

/** A path a group of pods that are alike. `byNode`: the sender is a node's, which its own pods never keep out. */
export function toPods(world: World, sender: Party, ask: PodsAsk, byNode: boolean): readonly Path[] {
  const running = ask.pods.filter((pod) => pod.template !== undefined || pod.phase === "Running");
  const asked = running.length > 0 ? running : ask.pods;
  if (asked.length === 0) return [{ steps: [nothingThere(ask)], who: {} }];
  return landingsOn(world, asked, ask.port, byNode).flatMap((landing) =>
    cross(world, { source: sender, landing, protocol: ask.protocol, leg: ask.leg }),
  );
}

function nothingThere({ name, port, leg, pods }: PodsAsk) {
  const [first] = pods;
  return step({
    slot: `${leg}:destination`,
    kind: "destination",
    title: `Listening on ${port}`,
    outcome: "block",
    sentence: `${name} has no pod`,
    kubectl: first === undefined ? undefined : kubectl(first.namespace, "get", "pods"),
  });
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
