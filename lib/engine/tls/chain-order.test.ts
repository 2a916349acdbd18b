import fc from "fast-check";
import { expect, it } from "vitest";
import type { TlsKey, X509 } from "#lib/model/objects.ts";
import { chainOrder } from "./chain-order.ts";

/** "leaf<middle": a certificate of leaf, issued by middle. */
function chainOf(text: string, key: TlsKey = "absent") {
  const chain = text.split(" ").map((each): X509 => {
    const [subject = "", issuer = ""] = each.split("<");
    const isCa = subject.startsWith("ca");
    return { subject, issuer, isCa, dnsNames: [], ipAddresses: [], notBefore: "", notAfter: "" };
  });
  const issuedByNext = chain.slice(1).map(({ subject }, i) => chain[i]?.issuer === subject);
  return { kind: "certificates", chain, issuedByNext, key } as const;
}

it.each<[string, TlsKey, object]>([
  ["a<ca1", "absent", { kind: "in-order" }],
  ["a<a", "of-first", { kind: "in-order" }],
  ["a<ca1 ca1<ca2", "absent", { kind: "in-order" }],
  ["a<ca1 ca1<ca2 ca2<ca2", "absent", { kind: "in-order" }],
  ["ca2<ca3 ca1<ca2 a<ca1", "absent", { kind: "own-not-first", own: 3, order: [3, 2, 1] }],
  ["ca1<ca2 a<ca1", "of-another", { kind: "own-not-first", own: 2, order: [2, 1] }],
  ["b<ca1 a<ca1", "of-another", { kind: "own-not-first", own: 2, order: [2] }],
  // An authority may present its own.
  ["ca1<ca2", "absent", { kind: "in-order" }],
  ["ca1<ca2 ca2<ca2", "of-first", { kind: "in-order" }],
  ["a<ca1 ca2<ca3 ca1<ca2", "absent", { kind: "out-of-order", order: [1, 3, 2] }],
  ["a<ca1 ca9<ca9", "absent", { kind: "stray", stray: [2] }],
  ["a<ca1 ca9<ca9 ca1<ca2", "absent", { kind: "stray", stray: [2] }],
  ["a<ca1 a<ca1 ca1<ca2", "absent", { kind: "stray", stray: [2] }],
])("%s, the key %s", (text, key, expected) => {
  expect(chainOrder(chainOf(text, key))).toEqual(expected);
});

it("doubts one whose name is right and whose signature is not", () => {
  expect(chainOrder({ ...chainOf("a<ca1 ca1<ca2"), issuedByNext: [false] })).toEqual({
    kind: "stray",
    stray: [2],
  });
});

it("puts a chain back in order, however it was mixed", () => {
  const sound = ["a<ca1", "ca1<ca2", "ca2<ca3", "ca3<ca3"];
  fc.assert(
    fc.property(fc.shuffledSubarray(sound, { minLength: sound.length }), (mixed) => {
      const found = chainOrder(chainOf(mixed.join(" ")));
      if (found.kind === "in-order") expect(mixed).toEqual(sound);
      else if (found.kind === "stray") throw new Error("none is stray");
      else expect(found.order.map((place) => mixed[place - 1])).toEqual(sound);
    }),
  );
});

it("ends where certificates issued one another in a ring", () => {
  expect(chainOrder(chainOf("a<ca1 ca1<ca2 ca2<ca1")).kind).toBe("in-order");
  expect(chainOrder(chainOf("a<ca1 ca2<ca1 ca1<ca2"))).toEqual({ kind: "out-of-order", order: [1, 3, 2] });
});
