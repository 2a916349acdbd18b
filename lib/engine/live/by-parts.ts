import { keptFor } from "../kept-for.ts";
import type { Part } from "./chunked-row.ts";
import { PlacedMap } from "./placed-map.ts";

/**
 * A function that works out something of the values of a map some dozens at a time. Of a map that changes a little at a
 * time, only those parts are looked at anew in which something changed. The parts, and the values in one, are in no order.
 */
export function byParts<V, R>(
  work: (values: readonly V[]) => R,
): (map: ReadonlyMap<unknown, V>) => readonly R[] {
  const ofPart = keptFor((part: Part<V>) => work(part.filter((value) => value !== undefined)));
  return (map) => (map instanceof PlacedMap ? map.parts.map(ofPart) : [work([...map.values()])]);
}
