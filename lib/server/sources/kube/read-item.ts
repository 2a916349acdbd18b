import { type ReadOutcome, readObject } from "../objects/read-object.ts";
import type { Resource } from "./resources.ts";

/** An item of a list, cut down; items carry neither `apiVersion` nor `kind`. */
export function readItem({ readAs }: Resource, item: unknown): ReadOutcome {
  return readObject(
    typeof item === "object" && item !== null && !Array.isArray(item) ? { ...item, ...readAs } : item,
  );
}
