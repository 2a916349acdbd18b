/** For tests only: a check's fixture, and what a patch makes of it. */
import { readFileSync } from "node:fs";
import { CORE_SCHEMA, dump, loadAll, mergeTag } from "js-yaml";
import type { Patch } from "#lib/model/finding.ts";
import { refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import { applyPatch } from "./apply-patch.ts";

export type Document = Readonly<Record<string, unknown>>;

/** The `.yaml` beside a check's test: `checkFixture(import.meta.url)`. */
export function checkFixture(testUrl: string): string {
  return readFileSync(new URL(testUrl.replace(/\.test\.ts$/, ".yaml")), "utf8");
}

export function documentsOf(yaml: string): readonly Document[] {
  return loadAll(yaml, { schema: CORE_SCHEMA.withTags(mergeTag) }).filter(isRecord);
}

export function yamlOf(documents: readonly Document[]): string {
  return documents.map((document) => dump(document)).join("---\n");
}

/** The fixture with one object patched as `kubectl patch` would. */
export function patched(yaml: string, patch: Patch): string {
  const { kind, namespace, name } = refOf(patch.object);
  let found = 0;
  const documents = documentsOf(yaml).map((document) => {
    const metadata = isRecord(document.metadata) ? document.metadata : {};
    if (document.kind !== kinds[kind].api || metadata.name !== name || metadata.namespace !== namespace)
      return document;
    found++;
    const result = applyPatch(document, patch);
    return isRecord(result) ? result : document;
  });
  if (found !== 1) throw new Error(`the fixture holds ${patch.object} ${found} times`);
  return yamlOf(documents);
}

function isRecord(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
