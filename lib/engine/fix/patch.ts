import type { Patch } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";

export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  /** JSON pointer (RFC 6901); `pointer` makes one from a field path. */
  readonly path: string;
  readonly value?: unknown;
}

/** A JSON merge patch (RFC 7386), for `kubectl patch --type merge`. It replaces lists whole: never patch inside one. */
export function mergePatch(object: ObjectId, body: object): Patch {
  return { object, type: "merge", body: JSON.stringify(body) };
}

/** A JSON patch (RFC 6902), for `kubectl patch --type json`: for what stands inside a list. */
export function jsonPatch(object: ObjectId, ...operations: readonly PatchOperation[]): Patch {
  return { object, type: "json", body: JSON.stringify(operations) };
}

/** A field path as findings write it (`spec.rules[0].http.paths[1]`) and further keys, as a JSON pointer. */
export function pointer(path: string, ...keys: readonly string[]): string {
  const steps = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  return [...steps, ...keys].map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
