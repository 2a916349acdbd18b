/** For tests only: what the API server makes of a patch. */
import type { Patch } from "#lib/model/finding.ts";

export function applyPatch(document: unknown, { type, body }: Pick<Patch, "type" | "body">): unknown {
  const parsed: unknown = JSON.parse(body);
  return type === "merge" ? merge(document, parsed) : operations(parsed).reduce(operate, document);
}

/** RFC 7386, section 2: null removes, objects are merged, everything else replaces. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** RFC 6902, as far as findings and traces use it. A path that leads nowhere fails, as it does on the server. */
function operate(document: unknown, { op, path, value }: Operation): unknown {
  const keys = path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return change(document, keys, op, value);
}

function change(target: unknown, [key, ...rest]: readonly string[], op: string, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target)) return changeList(target, key, rest, op, value);
  if (!isRecord(target)) throw new Error(`nothing at ${key}`);
  const exists = Object.hasOwn(target, key);
  if (!exists && (rest.length > 0 || op !== "add")) throw new Error(`nothing at ${key} to ${op}`);
  const copy: Record<string, unknown> = { ...target };
  if (rest.length === 0 && op === "remove") delete copy[key];
  else copy[key] = rest.length === 0 ? value : change(copy[key], rest, op, value);
  return copy;
}

/** "The element at or above the specified index are shifted one position to the right"; `-` is behind the last (4.1). */
function changeList(
  list: readonly unknown[],
  key: string,
  rest: readonly string[],
  op: string,
  value: unknown,
): readonly unknown[] {
  const isAdd = op === "add" && rest.length === 0;
  const index = key === "-" && isAdd ? list.length : Number(key);
  if (!/^(-|0|[1-9]\d*)$/.test(key) || index > (isAdd ? list.length : list.length - 1) || Number.isNaN(index))
    throw new Error(`nothing at ${key} to ${op}`);
  if (isAdd) return list.toSpliced(index, 0, value);
  if (op === "remove" && rest.length === 0) return list.toSpliced(index, 1);
  return list.with(index, rest.length === 0 ? value : change(list[index], rest, op, value));
}

function operations(body: unknown): readonly Operation[] {
  if (!Array.isArray(body)) throw new Error("a JSON patch is a list");
  return body.map((operation: unknown) => {
    if (!isRecord(operation) || typeof operation.op !== "string" || typeof operation.path !== "string") {
      throw new Error("an operation has an op and a path");
    }
    return { op: operation.op, path: operation.path, value: operation.value };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
