import type { Facts } from "#lib/engine/facts.ts";
import { objectId } from "#lib/model/ids.ts";
import type { Labels } from "#lib/model/objects.ts";
import type { LabelLookup } from "./filter-graph.ts";

/** Looks up the labels of the object behind a node; a workload answers with its pods' labels too. */
export function nodeLabels(facts: Facts): LabelLookup {
  return ({ object }) => {
    if (object === undefined) return {};
    return facts.workloads.get(object)?.labels ?? facts.index.byId.get(object)?.labels ?? {};
  };
}

const none: Labels = {};

/** Looks up the labels of a namespace. */
export function namespaceLabels(facts: Facts): (namespace: string) => Labels {
  return (namespace) => facts.index.byId.get(objectId("namespace", undefined, namespace))?.labels ?? none;
}
