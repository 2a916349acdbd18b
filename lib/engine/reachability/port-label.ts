import type { Protocol } from "#lib/model/objects.ts";

/** "8080", "53/UDP"; where a number stands for many: "any port but 53", "any port by UDP". */
export function portLabel(number: number, words: string | undefined, protocol: Protocol): string {
  if (words === undefined) return protocol === "TCP" ? `${number}` : `${number}/${protocol}`;
  return protocol === "TCP" ? words : `${words} by ${protocol}`;
}
