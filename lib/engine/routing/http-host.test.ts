import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareHostFits, hostFit } from "./http-host.ts";
import { hostIndex } from "./http-host-index.ts";

describe("a hostname and a host", () => {
  it.each([
    // The tables of networking.k8s.io/v1 Ingress ("Hostname wildcards") and of Gateway.spec.listeners.
    ["*.foo.com", "bar.foo.com", "wildcard", "wildcard"],
    ["*.foo.com", "baz.bar.foo.com", undefined, "wildcard"],
    ["*.foo.com", "foo.com", undefined, undefined],
    ["*.foo.com", "barfoo.com", undefined, undefined],
    ["*.foo.com", ".foo.com", undefined, undefined],
    ["foo.com", "foo.com", "exact", "exact"],
    ["Foo.COM.", "foo.com", "exact", "exact"],
    ["*.FOO.com", "bar.foo.com", "wildcard", "wildcard"],
    ["foo.com", "bar.foo.com", undefined, undefined],
    ["", "foo.com", "any", "any"],
    [undefined, "foo.com", "any", "any"],
  ])("%s takes %s: %s in an Ingress, %s in a Gateway", (hostname, host, ingress, gateway) => {
    expect(hostFit(hostname, host, "one-label")?.kind).toBe(ingress);
    expect(hostFit(hostname, host, "labels")?.kind).toBe(gateway);
  });

  it("fits the closer the more it says: exact, the longer wildcard, the shorter, none", () => {
    const fits = [undefined, "*.com", "a.shop.example.com", "*.example.com", "*.shop.example.com"]
      .map((hostname) => hostFit(hostname, "a.shop.example.com", "labels"))
      .flatMap((fit) => fit ?? [])
      .sort(compareHostFits);
    expect(fits.map(({ kind, characters }) => [kind, characters])).toEqual([
      ["exact", 18],
      ["wildcard", 18],
      ["wildcard", 13],
      ["wildcard", 5],
      ["any", 0],
    ]);
  });
});

describe("an index of hostnames", () => {
  const label = fc.constantFrom("a", "b", "shop");
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  const hostname = fc.oneof(
    host,
    host.map((name) => `*.${name}`),
    fc.constant(undefined),
  );

  it.each(["one-label", "labels"] as const)(
    "finds what asking one by one finds, the closest first (%s)",
    (wildcard) => {
      fc.assert(
        fc.property(fc.array(hostname, { maxLength: 12 }), host, (hostnames, asked) => {
          const index = hostIndex(
            hostnames.map((name, i) => [name, i] as const),
            wildcard,
          );
          const expected = hostnames
            .flatMap((name, item) => {
              const fit = hostFit(name, asked, wildcard);
              return fit === undefined ? [] : [{ item, fit }];
            })
            .sort((a, b) => compareHostFits(a.fit, b.fit));
          expect(index.find(asked)).toEqual(expected);
        }),
      );
    },
  );
});
