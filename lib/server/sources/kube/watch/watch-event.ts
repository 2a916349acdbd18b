import { isMapping, type Raw } from "../../objects/read-body.ts";
import { withoutManagedFields } from "../without-managed-fields.ts";

/** A line of a watch, as far as it has to be understood before its object is read. */
export type WatchEvent =
  | { readonly kind: "put"; readonly object: Raw; readonly revision: string | undefined }
  | { readonly kind: "deleted"; readonly object: Raw; readonly revision: string | undefined }
  | { readonly kind: "bookmark"; readonly revision: string | undefined; readonly initialEventsEnd: boolean }
  | { readonly kind: "error"; readonly code: number; readonly message: string }
  /** Not JSON, or no event: what it was to tell is lost. */
  | { readonly kind: "malformed" };

/** By hand rather than with zod, which would walk through every object. */
export function parseWatchEvent(line: string): WatchEvent {
  let json: unknown;
  try {
    json = JSON.parse(withoutManagedFields(line));
  } catch {
    return { kind: "malformed" };
  }
  if (!isMapping(json) || !isMapping(json.object)) return { kind: "malformed" };
  const { type, object } = json;
  const metadata = isMapping(object.metadata) ? object.metadata : {};
  const revision =
    typeof metadata.resourceVersion === "string" && metadata.resourceVersion !== ""
      ? metadata.resourceVersion
      : undefined;
  switch (type) {
    case "ADDED":
    case "MODIFIED":
      return { kind: "put", object, revision };
    case "DELETED":
      return { kind: "deleted", object, revision };
    case "BOOKMARK": {
      const annotations = isMapping(metadata.annotations) ? metadata.annotations : {};
      return {
        kind: "bookmark",
        revision,
        initialEventsEnd: annotations["k8s.io/initial-events-end"] === "true",
      };
    }
    case "ERROR":
      return {
        kind: "error",
        code: typeof object.code === "number" ? object.code : 500,
        message: typeof object.message === "string" ? object.message : "the watch ended with an error",
      };
    default:
      return { kind: "malformed" };
  }
}
