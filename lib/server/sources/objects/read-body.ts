import type { z } from "zod";
import type { Kind } from "#lib/model/kinds.ts";
import type { Origin } from "#lib/model/objects.ts";
import { type ReadMeta, type ReadNamespacedMeta, readMeta, readNamespacedMeta } from "./read-meta.ts";
import { type Reading, readShape } from "./reading.ts";

/** One API object as parsed, not yet known to be anything but a mapping. */
export type Raw = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads `metadata`, checks the rest against its shape, and builds the model's object from both. */
export function readNamespaced<S extends z.ZodType, T>(
  kind: Kind,
  raw: Raw,
  origin: Origin | undefined,
  shape: S,
  build: (meta: ReadNamespacedMeta, body: z.infer<S>) => T,
): Reading<T> {
  const meta = readNamespacedMeta(kind, raw, origin);
  return meta.kind === "object" ? readShape(shape, raw, (body) => build(meta.object, body)) : meta;
}

/** The same for a cluster-scoped kind. */
export function readClusterScoped<S extends z.ZodType, T>(
  kind: Kind,
  raw: Raw,
  origin: Origin | undefined,
  shape: S,
  build: (meta: ReadMeta, body: z.infer<S>) => T,
): Reading<T> {
  const meta = readMeta(kind, raw, origin);
  return meta.kind === "object" ? readShape(shape, raw, (body) => build(meta.object, body)) : meta;
}
