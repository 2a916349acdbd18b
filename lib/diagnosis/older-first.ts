import type { Service } from "#lib/model/objects.ts";

/**
 * Of several that claim the same, the one that was there first keeps it: it is the others' turn to change. Without a
 * time of creation, as in manifests, the alphabet decides.
 */
export function olderFirst(a: Service, b: Service): number {
  const [timeA = "", timeB = ""] = [a.createdAt, b.createdAt];
  return timeA < timeB ? -1 : timeA > timeB ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
