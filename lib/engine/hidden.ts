/** What whoever looks may not see, and the permission that would show it; nothing of what there is. */
import { allKinds, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { Snapshot } from "#lib/model/snapshot.ts";
import { listed } from "./object-words.ts";

const byPlural = new Map(allKinds.map((kind) => [kinds[kind].plural, kinds[kind]]));

/** In these namespaces; undefined among them stands for all. */
export type Where = readonly (string | undefined)[];

/**
 * "hidden: ask for get and list pods in payments", where some of these kinds are hidden there; undefined where none is.
 * Both verbs, since it is listing that Throughline asks the API server about.
 */
export function hiddenWords(
  { unread }: Pick<Snapshot, "unread">,
  plurals: readonly PluralKind[],
  where: Where,
): string | undefined {
  const namespaced = new Map<string, string[]>();
  const whole: string[] = [];
  for (const plural of new Set(plurals)) {
    const hidden = unread[plural]?.hidden;
    const kind = byPlural.get(plural);
    if (hidden === undefined || kind === undefined) continue;
    const resource = kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;
    if (!kind.namespaced) {
      whole.push(resource);
      continue;
    }
    const places = placesOf(where, hidden.seenIn);
    if (places !== undefined) namespaced.set(places, [...(namespaced.get(places) ?? []), resource]);
  }
  const asks = [
    ...[...namespaced].map(([places, resources]) => `${listed(resources)} in ${places}`),
    ...(whole.length === 0 ? [] : [listed(whole)]),
  ];
  return asks.length === 0 ? undefined : `hidden: ask for get and list ${asks.join(", and ")}`;
}

function placesOf(where: Where, seenIn: readonly string[]): string | undefined {
  if (where.length === 0 || where.includes(undefined)) return "all namespaces";
  const places = [...new Set(where)].filter(
    (namespace): namespace is string => namespace !== undefined && !seenIn.includes(namespace),
  );
  return places.length === 0 ? undefined : listed(places.sort());
}

/** Whether anything at all is hidden: where nothing is, nobody need look for it. */
export function hidesSomething({ unread }: Pick<Snapshot, "unread">): boolean {
  return Object.values(unread).some((why) => why?.hidden !== undefined);
}
