/** Walking text as bytes: every delimiter of YAML and JSON is ASCII, and bytes have no longest length. */

export const newline = 10;
const carriageReturn = 13;
const space = 32;
const tab = 9;

/** A stretch of bytes; `line` is that of `start`, counting from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export function decode(bytes: Buffer, span: { readonly start: number; readonly end: number }): string {
  return bytes.toString("utf8", span.start, span.end);
}

export function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab || byte === carriageReturn || byte === newline;
}

/** Where the line after the one at `at` starts; `end` when there is none. */
export function nextLine(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(newline, at);
  return found === -1 || found + 1 > end ? end : found + 1;
}

/** Line numbers for growing positions, counted once. */
export function lineCounter(
  bytes: Buffer,
  from: { readonly start: number; readonly line: number },
): (at: number) => number {
  let { line } = from;
  // Kept from one call to the next: in a file of one line, looking for its end anew each time is quadratic.
  let lineEnd = bytes.indexOf(newline, from.start);
  return (at) => {
    while (lineEnd !== -1 && lineEnd < at) {
      line++;
      lineEnd = bytes.indexOf(newline, lineEnd + 1);
    }
    return line;
  };
}

export function startsWith(bytes: Buffer, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}
