import { isBlank, newline, nextLine, type Span } from "./bytes.ts";
import { stepBytes } from "./found.ts";

const dash = 45;
const dot = 46;
const hash = 35;
const percent = 37;

/**
 * Cuts a stream into its YAML documents, so that a broken one loses no other. A `---` at the start of a line always
 * is a marker in YAML, inside block scalars too; `...` ends a document. A document starts at its first line with
 * content; comments, directives and blanks before it are left out. Gives "step" once in a while on the way through a large document.
 */
export function* yamlDocuments(bytes: Buffer): Iterable<Span | "step"> {
  let document: { readonly start: number; readonly line: number } | undefined;
  let line = 1;
  let pauseAt = stepBytes;
  for (let at = 0; at < bytes.length; line++) {
    if (at > pauseAt) {
      pauseAt = at + stepBytes;
      yield "step";
    }
    const marker = markerAt(bytes, at);
    const next = nextLine(bytes, at, bytes.length);
    if (marker !== undefined && document !== undefined) {
      yield { ...document, end: at };
      document = undefined;
    }
    // A document may begin on the line of its marker: `--- {kind: Service}`.
    if (hasContent(bytes, marker === undefined ? at : at + 3, next)) document ??= { start: at, line };
    at = next;
  }
  if (document !== undefined) yield { ...document, end: bytes.length };
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
