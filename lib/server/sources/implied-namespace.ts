import { objectId } from "#lib/model/ids.ts";
import type { Namespace } from "#lib/model/objects.ts";
import { namespaceNameLabel } from "./objects/read-namespace.ts";

/** A namespace of which only objects in it tell. It has the one label that the API server gives to each. */
export function impliedNamespace(name: string): Namespace {
  return {
    kind: "namespace",
    id: objectId("namespace", undefined, name),
    name,
    labels: { [namespaceNameLabel]: name },
    annotations: {},
    owners: [],
    implied: true,
  };
}
