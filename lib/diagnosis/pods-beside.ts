/** Pods that get in each other's way, as findings tell of them. */
import type { Pod } from "#lib/model/objects.ts";

/** The one that was there first, as far as times tell; else by id, whatever order the pods come in. */
export function byAge(a: Pod, b: Pod): number {
  const [timeA, timeB] = [a.createdAt ?? "", b.createdAt ?? ""];
  return timeA === timeB ? (a.id < b.id ? -1 : 1) : timeA < timeB ? -1 : 1;
}

/** A pod's name, with its namespace where the pod that the sentence is about is in another one. */
export function nameBeside({ name, namespace }: Pod, pod: Pod): string {
  return namespace === pod.namespace ? name : `${namespace}/${name}`;
}
