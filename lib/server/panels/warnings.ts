import type { Facts } from "#lib/engine/facts.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { ObjectPanel } from "#lib/protocol/panel.ts";

/** The newest warning events about an object. */
export function eventViews(facts: Facts, id: ObjectId, most: number): ObjectPanel["events"] {
  return (facts.index.warnings.get(id) ?? [])
    .slice(0, most)
    .map(({ reason, message, count, lastSeen }) => ({ reason, message, count, lastSeen }));
}
