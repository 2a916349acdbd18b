/** Text for a drawing that is made without a screen: escaped, and cut where it would not fit. */

export function escapeXml(text: string): string {
  return [...text]
    .filter(isXmlCharacter)
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** XML 1.0 has no way to write control characters and lone surrogates; one of them would spoil the whole drawing. */
function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

interface TextStyle {
  readonly size: number;
  readonly bold?: true;
}

/**
 * About how wide a text is drawn, in map units. There is no font to ask; the shares are those of common sans-serif
 * faces, rounded up, so that a text ends early rather than late.
 */
export function textWidth(text: string, { size, bold }: TextStyle): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * size * (bold === true ? 1.08 : 1);
}

function emsOf(character: string): number {
  if ("iljtf.,:;'|!()[] ".includes(character)) return 0.32;
  if ("mwMW@%".includes(character)) return 0.9;
  if (character >= "A" && character <= "Z") return 0.68;
  // Beyond Latin a character may be as wide as it is high.
  return (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.53;
}

/** The text, cut and ended by "…" where it is wider than `width`. */
export function fitText(text: string, width: number, style: TextStyle): string {
  if (textWidth(text, style) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, style) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}
