import { weightOf } from "#lib/graph/health.ts";
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

/** Long lists are cut: what is broken must not be what is cut off. */
export function troubledFirst(rows: readonly RelatedView[]): readonly RelatedView[] {
  return [...rows].sort((a, b) => weightOf(a.health ?? "idle") - weightOf(b.health ?? "idle"));
}
