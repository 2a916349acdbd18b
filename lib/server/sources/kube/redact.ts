/**
 * Text from elsewhere (a plugin's stderr, a server's message, an error) as one short line without anything that could
 * be a credential: bearer tokens, PEM blocks, URL passwords, and any run of 32 or more characters of base64 or JWT
 * that is neither a file path nor a plain word. Better one name too many left out than one token let through.
 */
export function redact(text: string, maxLength = 300): string {
  const line = text
    .replaceAll(/-----BEGIN [^-]*-----[\s\S]*?(-----END [^-]*-----|$)/g, "(left out)")
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, "$1 (left out)")
    .replaceAll(/(\/\/[^/\s:@]*:)[^/\s@]+@/g, "$1(left out)@")
    .replaceAll(/\b(token|password|secret|key)(["']?\s*[:=]\s*["']?)[^\s"',]{6,}/gi, "$1$2(left out)")
    .replaceAll(/[\w+/=.-]{32,}/g, (run) => (looksSecret(run) ? "(left out)" : run))
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** A long run is a name when it is made of short parts, as paths, host names and resource names are. */
function looksSecret(run: string): boolean {
  return run
    .split(/[/.-]/)
    .some((part) => part.length >= 32 || (part.length >= 20 && /\d/.test(part) && /[A-Z]/.test(part)));
}

/** The last line that says anything: plugins print their progress first and the reason last. */
export function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return redact(lines.at(-1) ?? "");
}
