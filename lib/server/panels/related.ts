import type { Health } from "#lib/model/graph.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { RelatedView } from "#lib/protocol/panel.ts";

/** A link to another object: what it is to this one, and how it is. */
export function related(
  id: ObjectId,
  relation: string,
  rest: { readonly health?: Health | undefined; readonly note?: string | undefined } = {},
): RelatedView {
  const { kind, namespace, name } = refOf(id);
  return { id, kind, namespace, name, relation, health: rest.health, note: rest.note };
}
