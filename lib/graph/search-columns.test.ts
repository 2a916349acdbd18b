import fc from "fast-check";
import { expect, it } from "vitest";
import { searchColumns } from "./search-columns.ts";
import type { SearchEntry } from "./search-entries.ts";
import { noScore, noText, textMatcher } from "./search-text.ts";

const name = fc.constantFrom("cart", "cart-0", "old-cart", "web", "cobweb", "shop.web_1", "10");
const text = fc.record({
  ips: fc.subarray(["10.0.0.1", "10.0.0.12", "fd00::1", "cart.fqdn"]),
  hosts: fc.subarray(["cart.shop.svc", "web.example.com"]),
  labels: fc.subarray(["app=cart", "team=shop", "cart", "tier=web"]),
  ports: fc.subarray([80, 7070, 10]),
});
const entry: fc.Arbitrary<SearchEntry> = fc.record({
  id: fc.constantFrom("service/shop/cart", "pod/shop/cart-0"),
  kind: fc.constantFrom("service", "pod"),
  namespace: fc.constantFrom("shop", "web", undefined),
  name,
  rank: fc.constant(0),
  lowerName: name,
  own: fc.oneof(fc.constant(noText), text),
  shared: fc.oneof(
    fc.constant(noText),
    text.map((one) => ({ ...one, ips: [], hosts: [] })),
  ),
});
const word = fc.constantFrom(
  ..."c cart web 10 10.0 10.0.0.1 :80 80 fe feed app=cart =cart shop svc pod shop/cart zzz - 7070 example.com".split(
    " ",
  ),
);

it("a word scores each entry as it does when that is looked at alone", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), word, (entries, asked) => {
      const match = textMatcher(asked);
      expect([...searchColumns(entries).scores(asked)]).toEqual(
        entries.map((one) => match(one)?.score ?? noScore),
      );
    }),
    { numRuns: 500 },
  );
});
