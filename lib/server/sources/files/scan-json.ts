import { isBlank, startsWith } from "./bytes.ts";
import { type Found, step, stepBytes } from "./found.ts";

const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const comma = 44;
const colon = 58;

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** One JSON value found in a stream, and its items when it is an array or a mapping with `items: […]`. */
export interface JsonValue extends Stretch {
  /** False when the stream ends before the value does. */
  readonly complete: boolean;
  /** The array of items with its brackets; an array's own for a bare array. */
  readonly array: Stretch | undefined;
  readonly items: readonly Stretch[];
}

/**
 * Finds where the JSON value at `start` (a brace or bracket) ends, by counting brackets outside strings, and where its
 * items are. It parses nothing: each item is parsed on its own, so that one broken item, or a file cut in the middle,
 * loses no other, and a list of any size is read in small steps.
 */
export function* scanJson(bytes: Buffer, start: number): Generator<Found, JsonValue> {
  const items: Stretch[] = [];
  const bare = bytes[start] === openBracket;
  let itemDepth = bare ? 1 : -1;
  let arrayStart = bare ? start : -1;
  let arrayEnd = -1;
  let itemStart = -1;
  let depth = 0;
  let at = start;
  let pauseAt = start + stepBytes;
  for (; at < bytes.length; at++) {
    if (at > pauseAt) {
      pauseAt = at + stepBytes;
      yield step;
    }
    const byte = bytes[at];
    if (byte === quote) {
      const end = stringEnd(bytes, at);
      if (depth === 1 && !bare && arrayStart === -1 && isItemsKey(bytes, at, end)) {
        const open = skipBlanks(bytes, skipBlanks(bytes, end) + 1);
        if (bytes[open] === openBracket) {
          arrayStart = open;
          itemDepth = 2;
        }
      }
      at = end - 1;
    } else if (byte === openBrace || byte === openBracket) {
      if (depth === itemDepth && arrayEnd === -1 && at !== arrayStart) itemStart = at;
      depth++;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
      if (depth === itemDepth && itemStart !== -1) {
        items.push({ start: itemStart, end: at + 1 });
        itemStart = -1;
      }
      if (depth === itemDepth - 1 && arrayStart !== -1 && arrayEnd === -1) arrayEnd = at + 1;
      if (depth === 0) break;
    }
  }
  const complete = at < bytes.length;
  const end = complete ? at + 1 : bytes.length;
  return {
    start,
    end,
    complete,
    array: arrayStart === -1 ? undefined : { start: arrayStart, end: arrayEnd === -1 ? end : arrayEnd },
    items,
  };
}

/** Past the closing quote; the stream's end when there is none. */
function stringEnd(bytes: Buffer, at: number): number {
  let end = at;
  for (;;) {
    end = bytes.indexOf(quote, end + 1);
    if (end === -1) return bytes.length;
    let slashes = 0;
    while (bytes[end - 1 - slashes] === backslash) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
}

function isItemsKey(bytes: Buffer, at: number, end: number): boolean {
  return end - at === 7 && startsWith(bytes, at + 1, "items") && bytes[skipBlanks(bytes, end)] === colon;
}

export function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  while (isBlank(bytes[at]) || bytes[at] === comma) at++;
  return at;
}
