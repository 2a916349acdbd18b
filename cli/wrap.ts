/**
 * Breaks a line between words where it is longer than `width`; what follows stands under `indent`. A word that is
 * longer than a line (a path, an address) stays whole.
 */
export function wrap(line: string, width: number | undefined, indent: string): string {
  if (width === undefined || line.length <= width) return line;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const start = rest.length - rest.trimStart().length;
    const fits = rest.lastIndexOf(" ", width);
    const at = fits > start ? fits : rest.indexOf(" ", Math.max(width, start));
    if (at === -1) break;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest].join("\n");
}
