import fc from "fast-check";
import { expect, it } from "vitest";
import type { LabelSelector, Labels } from "#lib/model/objects.ts";
import { labelIndex } from "./label-index.ts";
import { labelsMatch, selectorMatches } from "./selector.ts";

// Few keys and values, so that selectors match often.
const key = fc.constantFrom("app", "tier", "env", "constructor");
const value = fc.constantFrom("", "a", "b", "c");
const labels: fc.Arbitrary<Labels> = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(
    fc.record({
      key,
      operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
      values: fc.array(value, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
});
const things = fc
  .array(labels, { maxLength: 30 })
  .map((all) => all.map((each, id) => ({ id, labels: each })));

it("gives what looking at every thing gives, in the same order", () => {
  fc.assert(
    fc.property(things, fc.array(selector, { minLength: 1, maxLength: 5 }), (all, selectors) => {
      const index = labelIndex(all, (thing) => thing.labels);
      for (const each of selectors) {
        expect(index.selectedBy(each.matchLabels)).toEqual(
          all.filter((thing) => labelsMatch(each.matchLabels, thing.labels)),
        );
        expect(index.matching(each)).toEqual(all.filter((thing) => selectorMatches(each, thing.labels)));
      }
    }),
  );
});
