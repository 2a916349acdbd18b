/** What hangs on a node, as findings about nodes tell it. */
import type { ServiceOnNode } from "#lib/engine/nodes/on-nodes.ts";
import { counted, listedUpTo } from "#lib/engine/object-words.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Pod } from "#lib/model/objects.ts";

export interface HangingOnNode {
  /** "14 pods hang on it, and shop/cart has endpoints nowhere else"; undefined where pods were not read. */
  readonly sentence: string | undefined;
  /** Pods, the workloads behind them, and Services. A DaemonSet's pods are its nodes' own, so they count for nothing. */
  readonly touches: readonly ObjectId[];
  /** Whether anything but DaemonSets' pods is there; so it is taken where pods were not read. */
  readonly any: boolean;
}

const spelledOut = 3;

/** `nothing`: how the sentence says that no pod counts. */
export function hangingOnNode(
  pods: readonly Pod[] | undefined,
  services: readonly ServiceOnNode[],
  ownerOf: ReadonlyMap<ObjectId, ObjectId>,
  nothing: string,
): HangingOnNode {
  if (pods === undefined)
    return { sentence: servicesInWords(services), touches: services.map(({ id }) => id), any: true };
  const staying = pods.filter((pod) => refOf(ownerOf.get(pod.id) ?? pod.id).kind !== "daemon-set");
  const count =
    staying.length === 0
      ? nothing
      : staying.length === 1
        ? "1 pod hangs on it"
        : `${counted(staying.length, "pod")} hang on it`;
  const behind = servicesInWords(services);
  return {
    sentence: behind === undefined ? count : `${count}, and ${behind}`,
    touches: [
      ...pods.map(({ id }) => id),
      ...staying.map(({ id }) => ownerOf.get(id) ?? id),
      ...services.map(({ id }) => id),
    ],
    any: staying.length > 0,
  };
}

/** Those with endpoints nowhere else are named, the others counted. */
function servicesInWords(services: readonly ServiceOnNode[]): string | undefined {
  const alone = services.filter((service) => service.alone).map(({ id }) => nameOf(id));
  if (alone.length > 0)
    return `${listedUpTo(alone, spelledOut)} ${alone.length === 1 ? "has" : "have"} endpoints nowhere else`;
  if (services.length === 0) return undefined;
  return services.length === 1
    ? "1 Service has an endpoint there"
    : `${services.length} Services have endpoints there`;
}

function nameOf(id: ObjectId): string {
  const { namespace, name } = refOf(id);
  return `${namespace}/${name}`;
}
