import { isBlank, newline, nextLine, type Span } from "./bytes.ts";
import { stepBytes } from "./found.ts";

const dash = 45;
const dot = 46;
const hash = 35;
const percent = 37;

/**
 * Cuts a stream into its YAML documents, so that a broken one loses no other. A `---` at the start of a line always
 * is a marker in YAML, inside block scalars too; `...` ends a document. Stretches of comments, directives and blanks
 * are left out. Gives "step" once in a while on the way through a large document.
 */
export function* yamlDocuments(bytes: Buffer): Iterable<Span | "step"> {
  let start = 0;
  let startLine = 1;
  let line = 1;
  let content = false;
  let pauseAt = stepBytes;
  for (let at = 0; at < bytes.length; line++) {
    if (at > pauseAt) {
      pauseAt = at + stepBytes;
      yield "step";
    }
    const marker = markerAt(bytes, at);
    const next = nextLine(bytes, at, bytes.length);
    if (marker !== undefined) {
      if (content) yield { start, end: at, line: startLine };
      start = marker === dot ? next : at;
      startLine = marker === dot ? line + 1 : line;
      content = marker === dash && hasContent(bytes, at + 3, next);
    } else {
      content ||= hasContent(bytes, at, next);
    }
    at = next;
  }
  if (content) yield { start, end: bytes.length, line: startLine };
}

function markerAt(bytes: Buffer, at: number): number | undefined {
  const byte = bytes[at];
  if (byte !== dash && byte !== dot) return undefined;
  const after = bytes[at + 3];
  return bytes[at + 1] === byte && bytes[at + 2] === byte && (after === undefined || isBlank(after))
    ? byte
    : undefined;
}

/** Whether the line holds anything but blanks, a comment, or a directive (`%YAML 1.2`). */
export function hasContent(bytes: Buffer, at: number, end: number): boolean {
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    if (byte === newline) return false;
    if (!isBlank(byte)) return byte !== hash && !(byte === percent && i === at);
  }
  return false;
}
