import { objectId } from "#lib/model/ids.ts";
import type { Kind } from "#lib/model/kinds.ts";
import type { Problem } from "#lib/model/snapshot.ts";
import type { Entry } from "../../store/shelf.ts";
import { faultsToTell } from "../objects/policy-shapes.ts";
import { isMapping } from "../objects/read-body.ts";
import type { ReadOutcome } from "../objects/read-object.ts";
import { readItem } from "./read-item.ts";
import { pathOf, type Resource } from "./resources.ts";

/** Cuts an item of a list or an event of a watch down to what the model keeps of it. */
export function readEntry(kind: Kind, resource: Resource, item: unknown): Entry {
  return entryOf(kind, resource, readItem(resource, item), item);
}

/** What reading gave, as the store takes it. `item` tells the id of what could not be read. */
export function entryOf(kind: Kind, resource: Resource, outcome: ReadOutcome, item?: unknown): Entry {
  const where = pathOf(resource);
  switch (outcome.kind) {
    case "object": {
      const problems = faultsToTell(outcome.object).map((fault): Problem => ({ ...fault, where }));
      return { id: outcome.object.id, object: outcome.object, problems };
    }
    case "invalid": {
      const why = `${outcome.path} ${outcome.why}`.trim();
      const problem: Problem = { kind: "invalid", where, why, subject: outcome.subject };
      return { id: idOf(kind, item) ?? outcome.subject, object: undefined, problems: [problem] };
    }
    case "ignored":
      return { id: idOf(kind, item) ?? "", object: undefined, problems: [] };
  }
}

/** The id of an object that could not be read, so that its end is not missed; undefined where it has no usable name. */
function idOf(kind: Kind, item: unknown): string | undefined {
  const metadata = isMapping(item) && isMapping(item.metadata) ? item.metadata : {};
  const { namespace, name } = metadata;
  if (typeof name !== "string") return undefined;
  return objectId(kind, typeof namespace === "string" ? namespace : undefined, name);
}
