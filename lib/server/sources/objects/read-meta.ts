import { z } from "zod";
import { type ObjectId, objectId } from "#lib/model/ids.ts";
import type { Kind } from "#lib/model/kinds.ts";
import {
  keptAnnotationPrefixes,
  keptAnnotations,
  type Labels,
  type Origin,
  type OwnerRef,
} from "#lib/model/objects.ts";
import { flag, list, mapOf, stringMap, text } from "./api-shapes.ts";
import { type Reading, readShape } from "./reading.ts";
import { share } from "./share.ts";
import { intern, internTime } from "./string-pool.ts";

/** What every object has. */
export interface ReadMeta {
  readonly id: ObjectId;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly createdAt: string | undefined;
  readonly deletingAt: string | undefined;
  readonly owners: readonly OwnerRef[];
  readonly origin: Origin | undefined;
}

/** `namespace` is "default" where the object gives none. */
export interface ReadNamespacedMeta extends ReadMeta {
  readonly namespace: string;
}

/** The API server's rule for every name ("path segment names"): no `/`, no `%`, neither `.` nor `..`. */
const name = z
  .string()
  .refine((value) => !/^\.{1,2}$|[/%]/.test(value), "is not a name that Kubernetes takes");

const shape = z.object({
  metadata: z
    .object({
      name: name.nullish(),
      generateName: text,
      namespace: name.nullish(),
      labels: stringMap,
      annotations: stringMap,
      creationTimestamp: text,
      deletionTimestamp: text,
      ownerReferences: list(z.object({ kind: z.string(), name: z.string(), controller: flag })),
    })
    .transform((metadata, context) => {
      const { name, generateName } = metadata;
      if (name) return { ...metadata, name };
      const message = generateName
        ? "is made only at creation (generateName); give it a name"
        : "is required";
      context.addIssue({ code: "custom", path: ["name"], message });
      return z.NEVER;
    }),
});

type Metadata = z.infer<typeof shape>["metadata"];

/** Of a cluster-scoped kind; a namespace, which some tools write on everything, is left out. */
export function readMeta(kind: Kind, raw: unknown, origin: Origin | undefined): Reading<ReadMeta> {
  return readShape(shape, raw, ({ metadata }) => metaOf(kind, undefined, metadata, origin));
}

/** Of a namespaced kind. */
export function readNamespacedMeta(
  kind: Kind,
  raw: unknown,
  origin: Origin | undefined,
): Reading<ReadNamespacedMeta> {
  return readShape(shape, raw, ({ metadata }) => {
    const namespace = intern(metadata.namespace || "default");
    return { ...metaOf(kind, namespace, metadata, origin), namespace };
  });
}

function metaOf(
  kind: Kind,
  namespace: string | undefined,
  metadata: Metadata,
  origin: Origin | undefined,
): ReadMeta {
  return {
    id: objectId(kind, namespace, metadata.name),
    name: metadata.name,
    labels: mapOf(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
    createdAt: internTime(metadata.creationTimestamp),
    deletingAt: metadata.deletionTimestamp || undefined,
    owners: share(
      (metadata.ownerReferences ?? []).map((owner) => ({
        apiKind: intern(owner.kind),
        name: intern(owner.name),
        controller: owner.controller ?? false,
      })),
    ),
    origin,
  };
}

function annotationsOf(annotations: Metadata["annotations"]): Labels {
  const kept: Record<string, string> = {};
  for (const key of keptAnnotations) {
    const value = annotations?.[key];
    if (value !== undefined) kept[key] = intern(value ?? "");
  }
  for (const prefix of keptAnnotationPrefixes) {
    for (const [key, value] of Object.entries(annotations ?? {}))
      if (key.startsWith(prefix)) kept[key] = value ?? "";
  }
  return share(kept);
}
