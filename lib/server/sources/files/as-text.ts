/** What a file holds, told from its first bytes: names lie more often than contents. */
export type FileText =
  | { readonly kind: "text"; readonly bytes: Buffer }
  | { readonly kind: "empty" }
  | { readonly kind: "not-text"; readonly why: string };

/**
 * The file as UTF-8 without a byte order mark. PowerShell's `kubectl … > file` writes UTF-16, so that is taken too;
 * anything else with a zero byte near its start is no text.
 */
export function asText(bytes: Buffer): FileText {
  if (bytes.length === 0) return { kind: "empty" };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { kind: "text", bytes: fromUtf16(bytes.subarray(2)) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return { kind: "text", bytes: fromUtf16(Buffer.from(even).swap16()) };
  }
  const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  if (text.subarray(0, 4096).includes(0))
    return { kind: "not-text", why: "The file is no text: it is binary." };
  return { kind: "text", bytes: text };
}

function fromUtf16(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("utf16le"), "utf8");
}
