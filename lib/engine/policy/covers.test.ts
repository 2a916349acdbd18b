import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelSelector, NetworkPolicy } from "#lib/model/objects.ts";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { selectorMatches } from "../selector.ts";
import { policyCovers, selectorCovers } from "./covers.ts";

function policies(...specs: readonly string[]): readonly NetworkPolicy[] {
  const yaml = specs.map(
    (spec, i) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p${i}, namespace: shop }
spec: ${spec}`,
  );
  return factsFromYaml(yaml.join("\n---")).snapshot.objects.networkPolicies ?? [];
}

describe("policyCovers", () => {
  it.each([
    // wide, narrow, whether
    ["the same", "{ podSelector: {} }", "{ podSelector: {} }", true],
    ["fewer pods", "{ podSelector: {} }", "{ podSelector: { matchLabels: { app: web } } }", true],
    ["more pods", "{ podSelector: { matchLabels: { app: web } } }", "{ podSelector: {} }", false],
    ["no rules under rules", "{ podSelector: {}, ingress: [{}] }", "{ podSelector: {} }", true],
    ["rules under no rules", "{ podSelector: {} }", "{ podSelector: {}, ingress: [{}] }", false],
    [
      "a direction that is not in force",
      "{ podSelector: {}, policyTypes: [Egress] }",
      "{ podSelector: {} }",
      false,
    ],
    [
      "a port of a range",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] }",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 85 }] }] }",
      true,
    ],
    [
      "another protocol",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 80, protocol: UDP }] }] }",
      false,
    ],
    [
      "a name and a number, which only pods could tell to be one",
      "{ podSelector: {}, ingress: [{ ports: [{ port: http }] }] }",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }",
      false,
    ],
    [
      "anyone under one peer",
      "{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }",
      "{ podSelector: {}, ingress: [{}] }",
      false,
    ],
    [
      "the own namespace under every namespace",
      "{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }",
      "{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: front } } }] }] }",
      true,
    ],
    [
      "every namespace under the own one",
      "{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }",
      "{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }",
      false,
    ],
    [
      "a block inside a block, the hole left out by both",
      "{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.9.0.0/16] } }] }] }",
      "{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/13, except: [10.1.0.0/16] } }] }] }",
      true,
    ],
    [
      "a block that fills a hole",
      "{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }] }] }",
      "{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/13 } }] }] }",
      false,
    ],
    [
      "two rules, one of them elsewhere",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }",
      "{ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }, { ports: [{ port: 443 }] }] }",
      false,
    ],
  ])("%s", (_, wide, narrow, covers) => {
    const [a, b] = policies(wide, narrow);
    if (a === undefined || b === undefined) throw new Error("two policies are given");
    expect(policyCovers(a, b, "ingress")).toBe(covers);
  });
});

const value = fc.constantFrom("a", "b", "c");
const key = fc.constantFrom("k", "l");
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(key, value, { maxKeys: 2 }),
  matchExpressions: fc.array(
    fc.oneof(
      fc.record({
        key,
        operator: fc.constantFrom("In" as const, "NotIn" as const),
        values: fc.uniqueArray(value, { minLength: 1 }),
      }),
      fc.record({
        key,
        operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const),
        values: fc.constant([]),
      }),
    ),
    { maxLength: 2 },
  ),
});

it("never calls a selector covered that selects something beyond the other", () => {
  fc.assert(
    fc.property(selector, selector, fc.dictionary(key, value, { maxKeys: 2 }), (wide, narrow, labels) => {
      if (selectorCovers(wide, narrow) && selectorMatches(narrow, labels))
        expect(selectorMatches(wide, labels)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

it("calls every selector covered by itself and by the empty one", () => {
  fc.assert(
    fc.property(selector, (each) => {
      expect(selectorCovers(each, each)).toBe(true);
      expect(selectorCovers({ matchLabels: {}, matchExpressions: [] }, each)).toBe(true);
    }),
  );
});
