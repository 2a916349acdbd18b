import type { Pod } from "#lib/model/objects.ts";
import { isFinished } from "../pod-readiness.ts";
import type { CompiledRule } from "../policy/compile-rules.ts";
import type { World } from "../trace/world.ts";

type PodsPeer = Extract<CompiledRule["peers"][number], { kind: "pods" }>;

/** Live pods that a peer means, or may, in a policy of a namespace. */
export type MeantPods = (namespace: string, peer: PodsPeer) => readonly Pod[];

/** Found without looking at pods whose labels leave them out, and once: policies name the same few peers again and again. */
export function rememberMeant({ facts: { index }, policies: { sight } }: World): MeantPods {
  const known = new Map<string, readonly Pod[]>();
  return (namespace, peer) => {
    const { namespaceSelector, podSelector } = peer;
    const key = `${namespaceSelector === undefined ? namespace : ""} ${JSON.stringify(peer)}`;
    let found = known.get(key);
    if (found === undefined) {
      const namespaces = namespaceSelector === undefined ? [namespace] : [...index.podsByNamespace.keys()];
      found = namespaces.flatMap((name) => {
        if (namespaceSelector !== undefined && sight.namespaceMatches(namespaceSelector, name).is === "no")
          return [];
        const pods =
          podSelector === undefined ? index.podsByNamespace.get(name) : index.podsMatching(name, podSelector);
        return (pods ?? []).filter((pod) => !isFinished(pod));
      });
      known.set(key, found);
    }
    return found;
  };
}
