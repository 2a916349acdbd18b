import type { Origin } from "#lib/model/objects.ts";

/** "shop/web.yaml:12": where an object stands in the given files. */
export function originWords(origin: Origin | undefined): string | undefined {
  if (origin === undefined) return undefined;
  return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}
