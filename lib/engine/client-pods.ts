import type { Pod } from "#lib/model/objects.ts";
import { isTerminating } from "./pod-readiness.ts";

/** Pods that may send something, by where they run. */
export interface ClientPods {
  /** Sorted. */
  readonly places: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/**
 * Counts pods by place (node, zone): of one namespace, or of all but the system's, whose pods run everywhere and hardly
 * call anyone. Who calls whom is written nowhere, so that these are all that could. Pods on their node's network are
 * left out: they are agents, for the most part. One pass over the pods, once someone asks.
 */
export function clientPods(
  pods: readonly Pod[],
  placeOf: (pod: Pod) => string | undefined,
): (namespace?: string) => ClientPods {
  let counted: ReturnType<typeof countByPlace> | undefined;
  const known = new Map<string | undefined, ClientPods>();
  return (namespace) => {
    const before = known.get(namespace);
    if (before !== undefined) return before;
    counted ??= countByPlace(pods, placeOf);
    const counts: ReadonlyMap<string, number> =
      namespace === undefined ? counted.all : (counted.byNamespace.get(namespace) ?? new Map());
    const clients = {
      places: [...counts.keys()].sort(),
      counts,
      total: [...counts.values()].reduce((sum, count) => sum + count, 0),
    };
    known.set(namespace, clients);
    return clients;
  };
}

function countByPlace(pods: readonly Pod[], placeOf: (pod: Pod) => string | undefined) {
  const byNamespace = new Map<string, Map<string, number>>();
  const all = new Map<string, number>();
  for (const pod of pods) {
    const place = placeOf(pod);
    const runs = pod.phase === "Running" && !isTerminating(pod);
    if (place === undefined || !runs || pod.hostNetwork || pod.template !== undefined) continue;
    const own = byNamespace.get(pod.namespace) ?? new Map<string, number>();
    byNamespace.set(pod.namespace, own);
    own.set(place, (own.get(place) ?? 0) + 1);
    if (pod.namespace !== "kube-system") all.set(place, (all.get(place) ?? 0) + 1);
  }
  return { byNamespace, all };
}

/** The places and pods that are left without those of `covered`; `first`: at most three of the places. */
export function leftWithout(
  { places, counts, total }: ClientPods,
  covered: ReadonlySet<string>,
): { readonly places: number; readonly pods: number; readonly first: readonly string[] } {
  const hit = [...covered].filter((place) => counts.has(place));
  const first: string[] = [];
  for (const place of places) {
    if (first.length === 3) break;
    if (!covered.has(place)) first.push(place);
  }
  return {
    places: places.length - hit.length,
    pods: total - hit.reduce((sum, place) => sum + (counts.get(place) ?? 0), 0),
    first,
  };
}
