import { createHash } from "node:crypto";
import { allKinds, type Kind, kinds, type PluralKind } from "#lib/model/kinds.ts";
import type { Access, AccessAsk } from "../sources/source.ts";

/** What someone may list in a cluster. */
export interface Rights {
  /** The same for all who may see the same. */
  readonly key: string;
  /** True: everywhere. A set: in these namespaces. */
  readonly kinds: ReadonlyMap<PluralKind, true | ReadonlySet<string>>;
}

/** Where more than these would have to be asked, most namespaces are judged by a few kinds first. */
const mostAsks = 4_000;
/** Whoever may list none of these in a namespace is taken to have no business there. */
const telling: readonly Kind[] = ["pod", "service", "ingress", "network-policy"];

/** Asks the cluster what someone may list. What could not be asked counts as denied. */
export async function askRights(
  review: (asks: readonly AccessAsk[]) => Promise<readonly Access[]>,
  namespaces: readonly string[],
): Promise<Rights> {
  const everywhere = await allowed(
    review,
    allKinds.map((kind) => ({ kind, namespace: undefined })),
  );
  const found = new Map<PluralKind, true | Set<string>>();
  for (const { kind } of everywhere) found.set(kinds[kind].plural, true);
  const partly = allKinds.filter((kind) => kinds[kind].namespaced && !found.has(kinds[kind].plural));
  if (partly.length > 0) {
    const places =
      partly.length * namespaces.length <= mostAsks
        ? namespaces
        : await businessIn(
            review,
            namespaces,
            telling.filter((kind) => partly.includes(kind)),
          );
    const pairs = partly.flatMap((kind) => places.map((namespace) => ({ kind, namespace })));
    for (const { kind, namespace } of await allowed(review, pairs)) {
      const { plural } = kinds[kind];
      const own = found.get(plural);
      if (own === true || namespace === undefined) continue;
      found.set(plural, (own ?? new Set<string>()).add(namespace));
    }
  }
  return { key: keyOf(found), kinds: found };
}

async function businessIn(
  review: (asks: readonly AccessAsk[]) => Promise<readonly Access[]>,
  namespaces: readonly string[],
  kindsAsked: readonly Kind[],
): Promise<readonly string[]> {
  // Somebody who may see these everywhere may see others anywhere.
  if (kindsAsked.length < telling.length) return namespaces;
  const pairs = namespaces.flatMap((namespace) => kindsAsked.map((kind) => ({ kind, namespace })));
  const places = new Set((await allowed(review, pairs)).map(({ namespace }) => namespace));
  return namespaces.filter((namespace) => places.has(namespace));
}

interface Pair {
  readonly kind: Kind;
  readonly namespace: string | undefined;
}

async function allowed(
  review: (asks: readonly AccessAsk[]) => Promise<readonly Access[]>,
  pairs: readonly Pair[],
): Promise<readonly Pair[]> {
  const answers = await review(
    pairs.map(({ kind, namespace }) => ({
      group: kinds[kind].group,
      resource: kinds[kind].resource,
      namespace,
    })),
  );
  return pairs.filter((_, i) => answers[i] === "allowed");
}

function keyOf(found: ReadonlyMap<PluralKind, true | ReadonlySet<string>>): string {
  const text = [...found]
    .map(([plural, where]) => `${plural}:${where === true ? "*" : [...where].sort().join(",")}`)
    .sort()
    .join(";");
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

/** Whether nothing is hidden. */
export function seesEverything({ kinds: found }: Rights): boolean {
  return allKinds.every((kind) => found.get(kinds[kind].plural) === true);
}
