import type { TlsContent } from "#lib/model/objects.ts";

type Certificates = Extract<TlsContent, { kind: "certificates" }>;

/**
 * How the certificates of a Secret stand: the server's own first, then each the issuer of the one before it
 * (RFC 8446, section 4.4.2). `order`: their places from 1 as they should be, where they make a chain at all; `stray`:
 * places of those that issued none of the others.
 */
export type ChainOrder =
  | { readonly kind: "in-order" }
  | { readonly kind: "own-not-first"; readonly order: readonly number[]; readonly own: number }
  | { readonly kind: "out-of-order"; readonly order: readonly number[] }
  | { readonly kind: "stray"; readonly stray: readonly number[] };

export function chainOrder({ chain, issuedByNext, key }: Certificates): ChainOrder {
  const own = ownPlace(chain, key);
  const order = pathFrom(chain, own);
  if (own !== 0) return { kind: "own-not-first", own: own + 1, order: order.map((place) => place + 1) };
  if (issuedByNext.every(Boolean)) return { kind: "in-order" };
  if (order.length === chain.length) {
    // The names are right and a signature is not: another authority of the same name.
    if (order.every((place, i) => place === i)) {
      const first = issuedByNext.indexOf(false);
      return { kind: "stray", stray: chain.flatMap((_, place) => (place > first ? [place + 1] : [])) };
    }
    return { kind: "out-of-order", order: order.map((place) => place + 1) };
  }
  return { kind: "stray", stray: chain.flatMap((_, place) => (order.includes(place) ? [] : [place + 1])) };
}

/** Where the key does not tell, the one that is nobody's issuer. */
function ownPlace(chain: Certificates["chain"], key: Certificates["key"]): number {
  const first = chain[0];
  if (first === undefined || key === "of-first" || key === "of-none") return 0;
  const leaf = chain.findIndex(({ isCa }, place) => place > 0 && !isCa);
  if (key === "of-another") return Math.max(leaf, 1);
  return first.isCa && leaf > 0 ? leaf : 0;
}

/** By name, from one upwards. */
function pathFrom(chain: Certificates["chain"], start: number): readonly number[] {
  const path = [start];
  for (let at = chain[start]; at !== undefined && at.issuer !== at.subject; ) {
    const { issuer } = at;
    const next = chain.findIndex(({ subject }, place) => subject === issuer && !path.includes(place));
    if (next === -1) break;
    path.push(next);
    at = chain[next];
  }
  return path;
}
