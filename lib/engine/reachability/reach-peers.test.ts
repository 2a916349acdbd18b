/** Who may reach the pods behind a Service, by what NetworkPolicies say of peers (docs/spec/policy.md, 1 and 2). */
import { describe, expect, it } from "vitest";
import { policy } from "#lib/testing/cluster-yaml.ts";
import { allow, clients, linesOf, others, reachUnder, told } from "#lib/testing/reach-cluster.ts";

const ofWeb = "podSelector: { matchLabels: { app: web } }";

describe("under NetworkPolicies", () => {
  it("everyone may send where none isolates the pods", () => {
    expect(told(reachUnder(""))).toEqual({ reachable: clients });
    expect(linesOf(reachUnder(""), "lab")).toEqual(["reachable lab: proxy-0; no policy limits it"]);
  });

  it.each([
    ["of another namespace", policy("edge/deny", "podSelector: {}\npolicyTypes: [Ingress]")],
    ["that selects other pods", policy("shop/cart", "podSelector: { matchLabels: { app: cart } }")],
    ["for egress only", policy("shop/out", `${ofWeb}\npolicyTypes: [Egress]\negress: []`)],
    [
      "for egress only, though it lists ingress rules (1.2)",
      policy("shop/out", `${ofWeb}\npolicyTypes: [Egress]\ningress: []`),
    ],
  ])("everyone may send under a policy %s", (_what, yaml) => {
    expect(told(reachUnder(yaml))).toEqual({ reachable: clients });
  });

  it.each([
    ["ingress: []", "podSelector: {}\npolicyTypes: [Ingress]\ningress: []"],
    ["no ingress key", "podSelector: {}\npolicyTypes: [Ingress]"],
    ["no policyTypes, which mean Ingress", "podSelector: {}"],
    ["egress rules as well, which do not take Ingress away", "podSelector: {}\negress: [{}]"],
  ])("nobody may send under default-deny with %s", (_what, spec) => {
    const found = reachUnder(policy("shop/default-deny", spec));
    expect(told(found)).toEqual({ blocked: clients });
    expect(linesOf(found, "lab")).toEqual(["blocked lab: proxy-0; no rule of shop/default-deny admits it"]);
    expect(found.namespaces.flatMap(({ groups }) => groups.flatMap(({ policies }) => policies))).toContain(
      "network-policy/shop/default-deny",
    );
  });

  it.each([
    ["an empty rule", "{}"],
    ["an empty from", "{ from: [] }"],
    ["an empty from and empty ports", "{ from: [], ports: [] }"],
    ["every peer on the pods' port", "{ ports: [{ port: http }] }"],
    ["two rules that cover the pods together", "{ ports: [{ port: 8080 }] }, { ports: [{ port: 8081 }] }"],
  ])("anyone may send with %s, and it says by which policy", (_what, rules) => {
    const found = reachUnder(allow(rules) + policy("shop/deny", "podSelector: {}"));
    expect(told(found)).toEqual({ reachable: clients });
    expect(linesOf(found, "lab")[0]).toMatch(/^reachable lab: proxy-0; admitted by shop\/p rule 1: anyone/);
  });

  it.each([
    [
      "a podSelector alone stays in the policy's namespace (2.2)",
      "{ podSelector: { matchLabels: { app: cart } } }",
      ["shop/cart-0"],
    ],
    ["an empty podSelector is every pod of the namespace", "{ podSelector: {} }", ["shop/cart-0"]],
    [
      "a namespaceSelector is every pod of those namespaces (2.3)",
      "{ namespaceSelector: { matchLabels: { team: platform } } }",
      ["edge/cart-0", "edge/proxy-0", "lab/proxy-0"],
    ],
    [
      "an empty namespaceSelector is every namespace",
      "{ namespaceSelector: {}, podSelector: { matchLabels: { app: cart } } }",
      ["edge/cart-0", "shop/cart-0"],
    ],
    [
      "both selectors in one peer must match (2.4)",
      "{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: edge } }, podSelector: { matchLabels: { app: proxy } } }",
      ["edge/proxy-0"],
    ],
    [
      "several peers are alternatives (2.1)",
      "{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: lab } } }, { podSelector: { matchLabels: { app: cart } } }",
      ["lab/proxy-0", "shop/cart-0"],
    ],
    [
      "NotIn matches where the label is missing (2.6)",
      "{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [cart] }, { key: track, operator: NotIn, values: [canary] }] } }",
      ["edge/proxy-0", "lab/proxy-0"],
    ],
  ])("admit by peers: %s", (_what, peers, admitted) => {
    expect(told(reachUnder(allow(`{ from: [${peers}] }`)))).toEqual({
      reachable: admitted,
      blocked: others(...admitted),
    });
  });

  it("leave finished pods out, as senders and as peers (2.8)", () => {
    const found = reachUnder(
      allow("{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: done } } }] }"),
    );
    expect(told(found)).toEqual({ blocked: clients });
  });

  it("add up, in any order, and all that decide are named (1.4)", () => {
    const a = policy(
      "shop/a",
      `${ofWeb}\ningress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]`,
    );
    const b = policy(
      "shop/b",
      `${ofWeb}\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: lab } } }] }]`,
    );
    const deny = policy("shop/deny", "podSelector: {}");
    const found = reachUnder(a + b + deny);
    expect(told(found)).toEqual({
      reachable: ["lab/proxy-0", "shop/cart-0"],
      blocked: others("lab/proxy-0", "shop/cart-0"),
    });
    expect(linesOf(found, "edge")).toEqual([
      "blocked edge: cart-0, proxy-0; no rule of shop/a, shop/b and shop/deny admits it",
    ]);
    expect(reachUnder(deny + b + a)).toEqual(found);
  });

  it.each([
    [
      "matches pods where the network plugin takes it so",
      "yes",
      { reachable: ["edge/cart-0", "edge/proxy-0"], blocked: ["lab/proxy-0", "shop/cart-0"] },
    ],
    ["matches no pods where the network plugin does not", "no", { blocked: clients }],
    [
      "leaves open whether it means pods where nothing tells",
      "undefined",
      { unknown: ["edge/cart-0", "edge/proxy-0"], blocked: ["lab/proxy-0", "shop/cart-0"] },
    ],
  ] as const)("an ipBlock %s (6.1)", (_what, ipBlockMatchesPods, verdicts) => {
    const rule = "{ from: [{ ipBlock: { cidr: 10.0.0.0/16, except: [10.0.0.0/24, 10.0.2.0/24] } }] }";
    expect(told(reachUnder(allow(rule), { ipBlockMatchesPods }))).toEqual(verdicts);
  });

  it("ask for both sides: what the sender may not send does not arrive", () => {
    const out = policy("lab/out", "podSelector: {}\npolicyTypes: [Egress]");
    const found = reachUnder(out);
    expect(told(found)).toEqual({ reachable: others("lab/proxy-0"), blocked: ["lab/proxy-0"] });
    expect(linesOf(found, "lab")).toEqual(["blocked lab: proxy-0; no rule of lab/out lets it out"]);
  });
});
