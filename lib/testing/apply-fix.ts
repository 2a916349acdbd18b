/** For tests only: what becomes of a cluster's objects where someone takes a trace's advice. */
import { CORE_SCHEMA, loadAll, mergeTag } from "js-yaml";
import type { Fix } from "#lib/model/finding.ts";
import { objectId } from "#lib/model/ids.ts";
import { kindFromApi } from "#lib/model/kinds.ts";
import { applyPatch } from "./apply-patch.ts";

export type Document = Readonly<Record<string, unknown>>;

/** Objects as they were written, those of lists one by one. */
export function documentsIn(yaml: string): readonly Document[] {
  return loadAll(yaml, { schema: CORE_SCHEMA.withTags(mergeTag) }).flatMap((document) => {
    if (!isRecord(document)) return [];
    return Array.isArray(document.items) ? document.items.filter(isRecord) : [document];
  });
}

/** JSON is YAML. */
export function yamlOf(documents: readonly Document[]): string {
  return documents.map((document) => JSON.stringify(document)).join("\n---\n");
}

/** Whether a fix says what to do in a form that a machine can follow. */
export function canApply({ patch, manifest }: Fix): boolean {
  return patch !== undefined || manifest !== undefined;
}

/** Patches as `kubectl patch`, manifests as `kubectl apply`; then what controllers would write anew. Throws where a patch does not fit. */
export function applyFix(documents: readonly Document[], { patch, manifest }: Fix): readonly Document[] {
  const added = manifest === undefined ? [] : documentsIn(manifest);
  const ids = new Set(added.map(idOf));
  const others = [...documents.filter((document) => !ids.has(idOf(document))), ...added];
  if (patch === undefined) return settled(others);
  if (!others.some((document) => idOf(document) === patch.object)) {
    // Of a namespace that only its name is used there is no object in the files.
    if (!patch.object.startsWith("namespace/")) throw new Error(`there is no ${patch.object} to patch`);
    const name = patch.object.slice("namespace/".length);
    others.push({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    });
  }
  return settled(
    others.map((document) => {
      if (idOf(document) !== patch.object) return document;
      const changed = applyPatch(document, patch);
      return isRecord(changed) ? changed : document;
    }),
  );
}

function idOf(document: Document): string | undefined {
  const { apiVersion = "", kind = "", metadata } = document;
  const group = String(apiVersion).includes("/") ? String(apiVersion).split("/")[0] : "";
  const found = kindFromApi(group ?? "", String(kind));
  if (found === undefined || !isRecord(metadata)) return undefined;
  const namespace = typeof metadata.namespace === "string" ? metadata.namespace : undefined;
  return objectId(found, namespace, String(metadata.name));
}

/** Slices follow their Services, and the status of routes and listeners follows what these say: both would be old. */
function settled(documents: readonly Document[]): readonly Document[] {
  const selecting = new Set(documents.filter(hasSelector).map(idOf));
  return documents
    .filter((document) => !selecting.has(serviceOf(document)))
    .map((document) => {
      if (!/Route$/.test(String(document.kind))) return document;
      const { status: _old, ...rest } = document;
      return rest;
    });
}

function hasSelector({ kind, spec }: Document): boolean {
  return kind === "Service" && isRecord(spec) && isRecord(spec.selector);
}

/** Of a slice, or of v1 Endpoints. */
function serviceOf({ kind, metadata }: Document): string | undefined {
  if (!isRecord(metadata)) return undefined;
  const labels = isRecord(metadata.labels) ? metadata.labels : {};
  const name = kind === "EndpointSlice" ? labels["kubernetes.io/service-name"] : metadata.name;
  const isList = kind === "EndpointSlice" || kind === "Endpoints";
  return isList ? objectId("service", String(metadata.namespace ?? "default"), String(name)) : undefined;
}

function isRecord(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
