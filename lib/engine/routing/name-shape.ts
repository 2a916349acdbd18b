import { oneLine } from "../object-words.ts";

const longestLabel = 63;
const longestName = 253;

/**
 * Why a text can be no host name, as a sentence; undefined where it can (RFC 1035, 2.3.4; RFC 1123, 2.1; underscores
 * stand in SRV names). `name`: without the final dot.
 */
export function nameFault(name: string): string | undefined {
  if (name === "") return "an empty name asks for nothing";
  const shown = oneLine(name, 80);
  if (name.length > longestName)
    return `${shown} is no DNS name: it is longer than ${longestName} characters`;
  for (const label of name.split(".")) {
    if (label === "") return `${shown} is no DNS name: there is nothing between two of its dots`;
    if (label.length > longestLabel) {
      return `${shown} is no DNS name: ${oneLine(label, 20)} is longer than ${longestLabel} characters`;
    }
    const illegal = /[^a-z\d_-]/i.exec(label)?.[0];
    if (illegal !== undefined) {
      return `${shown} is no DNS name: ${illegal === " " ? "a space" : illegal} may not stand in one`;
    }
    if (label.startsWith("-") || label.endsWith("-")) {
      return `${shown} is no DNS name: ${label} begins or ends with a hyphen`;
    }
  }
  return undefined;
}

/** Whether a name is a zone's own or below it; both lower case, without final dots. */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
