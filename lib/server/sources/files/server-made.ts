import { isMapping } from "./unwrap.ts";

/**
 * Who wrote an object.
 *
 * - `server`: it carries what only an API server sets.
 * - `hand`: it tells a status and nothing that a server sets: someone describes a cluster, as test suites do.
 * - `manifest`: what is to be applied. Generators leave `status: {}` and `creationTimestamp: null` in those, so an empty
 *   value says nothing.
 */
export type WrittenBy = "server" | "hand" | "manifest";

const certain = ["uid", "resourceVersion"] as const;
/** Left where someone cleaned a dump before handing it on; by themselves they stand in many a manifest. */
const traces = ["creationTimestamp", "generation", "managedFields"] as const;

export function writtenBy(value: unknown): WrittenBy {
  if (!isMapping(value)) return "manifest";
  const { metadata, status } = value;
  const has = (field: string) => isMapping(metadata) && hasContent(metadata[field]);
  if (certain.some(has)) return "server";
  if (!hasContent(status)) return "manifest";
  return traces.some(has) ? "server" : "hand";
}

function hasContent(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return typeof value === "object" ? Object.values(value).some(hasContent) : true;
}
