import { dump } from "js-yaml";
import type { Patch } from "#lib/model/finding.ts";
import type { PatchLineView } from "#lib/protocol/finding.ts";

/** A patch as YAML to read: where it goes, and what it puts there or takes away. What is run is the command beside it. */
export function patchLines({ object, type, body }: Patch): readonly PatchLineView[] {
  const parsed: unknown = JSON.parse(body);
  if (type === "merge") return [plain(object), ...put(parsed)];
  return Array.isArray(parsed) ? parsed.flatMap((operation) => operationLines(object, operation)) : [];
}

function operationLines(object: string, operation: unknown): readonly PatchLineView[] {
  if (!isRecord(operation) || typeof operation.path !== "string") return [];
  const { op, path, value } = operation;
  const where = plain(`${object} · ${fieldPath(path)}`);
  if (op === "remove") return [where, { sign: "-", text: "removed" }];
  return [where, ...put(path.endsWith("/-") ? [value] : value)];
}

/** `/spec/ingress/0/from/-` as `spec.ingress[0].from`. */
function fieldPath(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .filter((step) => step !== "-")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce(
      (path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === "" ? step : `${path}.${step}`),
      "",
    );
}

function put(value: unknown): readonly PatchLineView[] {
  return dump(value, { lineWidth: -1, noRefs: true })
    .trimEnd()
    .split("\n")
    .map((text) => ({ sign: "+", text }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plain(text: string): PatchLineView {
  return { sign: " ", text };
}
