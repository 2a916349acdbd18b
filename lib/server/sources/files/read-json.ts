import { decode, lineCounter, nextLine, startsWith } from "./bytes.ts";
import { type Found, guessKind, isTemplated, type ReadOptions } from "./found.ts";
import { bytesInWords } from "./limits.ts";
import { parseYaml } from "./parse-yaml.ts";
import { type JsonValue, scanJson, skipBlanks } from "./scan-json.ts";
import { type ListType, listType, typedList, unwrap } from "./unwrap.ts";

const openBrace = 123;
const openBracket = 91;

type Lines = (at: number) => number;

/**
 * Whether a text is JSON: it opens with a bracket, but not as a template (`{{ … }}`) does, and holds no marker between
 * YAML documents, the first of which may well be in flow style. No string of JSON runs over a line's end.
 */
export function looksLikeJson(bytes: Buffer): boolean {
  if (bytes.includes("\n---")) return false;
  const at = skipBlanks(bytes, 0);
  return bytes[at] === openBracket || (bytes[at] === openBrace && bytes[at + 1] !== openBrace);
}

/**
 * Reads JSON values that stand one after another, as `kubectl cluster-info dump` and log tools write them; one value
 * is the usual case. Each step of the iteration parses one value or one item of a list.
 */
export function* readJson(bytes: Buffer, options: ReadOptions): Iterable<Found> {
  const lines = lineCounter(bytes, { start: 0, line: 1 });
  let strayed = false;
  for (let at = skipBlanks(bytes, 0); at < bytes.length; ) {
    if (bytes[at] === openBrace || bytes[at] === openBracket) {
      const value = yield* scanJson(bytes, at);
      yield* readValue(bytes, value, lines, options);
      at = skipBlanks(bytes, value.end);
    } else {
      if (!strayed && !startsWith(bytes, at, "---")) {
        strayed = true;
        const why = "There is text after the end of the JSON that is no JSON itself.";
        yield { kind: "lost", line: lines(at), why, apiKind: undefined, templated: false };
      }
      at = skipBlanks(bytes, nextLine(bytes, at, bytes.length));
    }
  }
}

function* readValue(bytes: Buffer, value: JsonValue, lines: Lines, options: ReadOptions): Iterable<Found> {
  const line = lines(value.start);
  const type = typeOf(bytes, value, options);
  if (type !== undefined) {
    yield* typedList(type);
    for (const item of value.items)
      yield* readPiece(bytes, item, lines, { ...options, assume: type.items }, 1);
    if (!value.complete) {
      const last = value.items.at(-1)?.end ?? value.start;
      const why =
        "The list is cut short after this: its end is missing. An item that is not whole is left out.";
      yield { kind: "cut", line: lines(last), why, itemKind: type.items?.apiKind };
    }
    return;
  }
  if (value.complete) {
    yield* readPiece(bytes, value, lines, options, 0);
  } else {
    const why = "The file ends in the middle of this JSON.";
    const start = decode(bytes, { start: value.start, end: Math.min(value.end, value.start + 1_000) });
    yield { kind: "lost", line, why, apiKind: guessKind(start), templated: false };
  }
}

interface JsonListType extends ListType {
  /** Its end is missing, or its brackets do not match. */
  readonly damaged: boolean;
}

/** What kind of list a value is, from its fields around the items; undefined when it is none. */
function typeOf(bytes: Buffer, value: JsonValue, options: ReadOptions): JsonListType | undefined {
  const { array } = value;
  if (array === undefined) return undefined;
  if (array.start === value.start) return { items: options.assume, damaged: !value.complete };
  const before = decode(bytes, { start: value.start, end: array.start });
  const after = decode(bytes, { start: array.end, end: value.end });
  const header = value.complete ? parsedOrUndefined(`${before}[]${after}`) : undefined;
  if (header !== undefined) {
    const type = listType(header, options.assume);
    return type === undefined ? undefined : { ...type, damaged: false };
  }
  const apiKind = /"kind":\s*"(\w+)List"/.exec(before)?.[1];
  const apiVersion = /"apiVersion":\s*"([\w./]+)"/.exec(before)?.[1];
  const items = apiKind === undefined || apiVersion === undefined ? options.assume : { apiVersion, apiKind };
  return { items, damaged: true };
}

function* readPiece(
  bytes: Buffer,
  piece: { readonly start: number; readonly end: number },
  lines: Lines,
  options: ReadOptions,
  nesting: number,
): Iterable<Found> {
  const line = lines(piece.start);
  if (piece.end - piece.start > options.maxDocumentBytes) {
    const why = `It is larger than ${bytesInWords(options.maxDocumentBytes)}, more than any Kubernetes object, and is left out.`;
    yield { kind: "too-large", line, why };
    return;
  }
  const text = decode(bytes, piece);
  const templated = isTemplated(text);
  let value = parsedOrUndefined(text);
  if (value === undefined) {
    // YAML in flow style looks like JSON at first; and its parser knows the line, which JSON.parse does not tell.
    const parsed = parseYaml(text);
    if (parsed.kind !== "value") {
      const at = parsed.kind === "invalid" ? parsed.line : 0;
      yield {
        kind: "lost",
        line: line + at,
        why: "It is no valid JSON.",
        apiKind: guessKind(text),
        templated,
      };
      return;
    }
    value = parsed.value;
  }
  yield* unwrap(value, { line, templated, assume: options.assume }, nesting);
}

/** JSON never is `undefined`. What JSON.parse says is not passed on: it quotes the text, which may be a Secret's. */
function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
