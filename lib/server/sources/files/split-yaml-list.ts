import { decode, isBlank, nextLine, type Span, startsWith } from "./bytes.ts";
import { type Found, step, stepBytes } from "./found.ts";
import { hasContent } from "./split-yaml.ts";

const dash = 45;
const hash = 35;
const space = 32;

export interface YamlList {
  readonly items: readonly Span[];
  /** The document with its items taken out: `apiVersion`, `kind`, `metadata`. Undefined for a bare array. */
  readonly header: string | undefined;
  /** Whether the items run to the end of the document. */
  readonly itemsLast: boolean;
}

/**
 * Finds the items of a document that is a list: a bare array, or a mapping with `items:` in block style. Undefined
 * when it is neither.
 *
 * An item starts at a dash in the column of the first one. Nothing inside an item can stand in that column, since YAML
 * wants what belongs to an item further right; so items can be parsed one by one, a broken one loses no other, and a
 * file of any size is read in small steps.
 */
export function* yamlList(bytes: Buffer, document: Span): Generator<Found, YamlList | undefined> {
  const first = firstContent(bytes, document);
  if (first === undefined) return undefined;
  const bare = bytes[first.start] === dash && isBlank(bytes[first.start + 1] ?? space);
  const key = bare ? undefined : itemsKey(bytes, { ...first, end: document.end });
  if (!bare && key === undefined) return undefined;
  const from = key === undefined ? first : firstContent(bytes, key.after);
  if (from === undefined) return undefined;
  const column = indentAt(bytes, from.start);
  if (bytes[from.start + column] !== dash) return undefined;

  const items: Span[] = [];
  let line = from.line;
  let itemStart = from.start;
  let itemLine = from.line;
  let at = from.start;
  let pauseAt = at + stepBytes;
  while (at < document.end) {
    if (at > pauseAt) {
      pauseAt = at + stepBytes;
      yield step;
    }
    const next = nextLine(bytes, at, document.end);
    const indent = indentAt(bytes, at);
    const byte = bytes[at + indent];
    if (at + indent < next && !isBlank(byte) && byte !== hash && indent <= column) {
      const isItem = indent === column && byte === dash && isBlank(bytes[at + indent + 1] ?? space);
      if (!isItem) break;
      if (at > itemStart) items.push({ start: itemStart, end: at, line: itemLine });
      itemStart = at;
      itemLine = line;
    }
    at = next;
    line++;
  }
  items.push({ start: itemStart, end: at, line: itemLine });
  return {
    items,
    header:
      key === undefined
        ? undefined
        : `${decode(bytes, { start: document.start, end: key.start })}items: []\n${decode(bytes, { start: at, end: document.end })}`,
    itemsLast: !hasContentUntil(bytes, at, document.end),
  };
}

/** The line `items:` at the outermost level, with nothing else on it. */
function itemsKey(bytes: Buffer, within: Span): { readonly start: number; readonly after: Span } | undefined {
  let line = within.line;
  for (let at = within.start; at < within.end; line++) {
    const next = nextLine(bytes, at, within.end);
    if (startsWith(bytes, at, "items:") && !hasContent(bytes, at + 6, next)) {
      return { start: at, after: { start: next, end: within.end, line: line + 1 } };
    }
    at = next;
  }
  return undefined;
}

/** The first line with content, past the document's marker. */
function firstContent(bytes: Buffer, within: Span): Span | undefined {
  let line = within.line;
  for (let at = within.start; at < within.end; line++) {
    const next = nextLine(bytes, at, within.end);
    const marker = at === within.start && startsWith(bytes, at, "---");
    if (!marker && hasContent(bytes, at, next)) return { start: at, end: within.end, line };
    if (marker && hasContent(bytes, at + 3, next)) return undefined;
    at = next;
  }
  return undefined;
}

function hasContentUntil(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at = nextLine(bytes, at, end)) {
    if (hasContent(bytes, at, nextLine(bytes, at, end))) return true;
  }
  return false;
}

function indentAt(bytes: Buffer, at: number): number {
  let indent = 0;
  while (bytes[at + indent] === space) indent++;
  return indent;
}
