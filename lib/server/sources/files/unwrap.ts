import type { Found, TypeOfObject } from "./found.ts";

interface Place {
  readonly line: number;
  readonly templated: boolean;
  readonly assume: TypeOfObject | undefined;
}

type Mapping = Readonly<Record<string, unknown>>;

/** Lists within lists are no use to anyone; deeper ones are left alone. */
const maxNesting = 4;

/** A parsed document as what it holds: lists become their items, and what is no Kubernetes object becomes `other`. */
export function* unwrap(value: unknown, place: Place, nesting = 0): Iterable<Found> {
  const { line, templated, assume } = place;
  if (Array.isArray(value)) {
    if (assume !== undefined) yield { kind: "list", apiVersion: assume.apiVersion, itemKind: assume.apiKind };
    for (const item of value) yield* unwrap(item, place, nesting + 1);
  } else if (value === null || value === undefined) {
    // Go writes an empty slice that was never made as `null`.
    if (assume !== undefined && nesting === 0) {
      yield { kind: "list", apiVersion: assume.apiVersion, itemKind: assume.apiKind };
    } else {
      yield { kind: "other" };
    }
  } else if (isMapping(value)) {
    const type = listType(value, assume);
    const items = value.items;
    if (type !== undefined && nesting < maxNesting && (Array.isArray(items) || items === null)) {
      yield* typedList(type);
      for (const item of items ?? [])
        yield* unwrap(item, { line, templated, assume: type.items }, nesting + 1);
    } else if (value.kind !== undefined || value.apiVersion !== undefined) {
      yield { kind: "object", value, line, templated };
    } else if (assume !== undefined && isMapping(value.metadata)) {
      yield {
        kind: "object",
        value: { ...value, apiVersion: assume.apiVersion, kind: assume.apiKind },
        line,
        templated,
      };
    } else {
      yield { kind: "other" };
    }
  } else {
    yield { kind: "other" };
  }
}

/** What a list's own fields say about its items. */
export interface ListType {
  /** Undefined for `kind: List`, whose items say what they are. */
  readonly items: TypeOfObject | undefined;
}

/**
 * Whether these fields are a list's: `v1/List`, or a typed one (`PodList`), whose items carry no kind of their own.
 * Some tools leave out the kind; then `metadata` and `items` beside each other say so.
 */
export function listType(header: unknown, assume: TypeOfObject | undefined): ListType | undefined {
  if (!isMapping(header) || !("items" in header)) return undefined;
  const { kind, apiVersion } = header;
  if (kind === undefined || kind === null) {
    return isMapping(header.metadata) || typeof apiVersion === "string" ? { items: assume } : undefined;
  }
  if (typeof kind !== "string" || !kind.endsWith("List")) return undefined;
  const apiKind = kind.slice(0, -"List".length);
  if (apiKind === "" || typeof apiVersion !== "string") return { items: assume };
  return { items: { apiVersion, apiKind } };
}

export function* typedList(type: ListType): Iterable<Found> {
  if (type.items !== undefined) {
    yield { kind: "list", apiVersion: type.items.apiVersion, itemKind: type.items.apiKind };
  }
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
