import { isMapping } from "./unwrap.ts";

/**
 * Whether an object carries what only an API server or a controller writes. Generators leave `status: {}` and
 * `creationTimestamp: null` in manifests, so an empty status says nothing.
 */
export function isServerMade(value: unknown): boolean {
  if (!isMapping(value)) return false;
  const { metadata, status } = value;
  return (
    (isMapping(metadata) && (hasContent(metadata.uid) || hasContent(metadata.resourceVersion))) ||
    hasContent(status)
  );
}

function hasContent(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return typeof value === "object" ? Object.values(value).some(hasContent) : true;
}
