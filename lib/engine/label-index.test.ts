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

it("that follows changes is the index of what there is then, and every earlier one stays", () => {
  const change = fc.tuple(fc.nat({ max: 30 }), fc.option(labels, { nil: undefined }));
  const order = (a: { readonly id: number }, b: { readonly id: number }) => a.id - b.id;
  fc.assert(
    fc.property(
      things,
      fc.array(selector, { minLength: 1, maxLength: 3 }),
      fc.array(fc.uniqueArray(change, { selector: ([id]) => id, maxLength: 5 }), { maxLength: 5 }),
      (first, selectors, steps) => {
        let all: readonly { readonly id: number; readonly labels: Labels }[] = first;
        let index = labelIndex(all, (thing) => thing.labels);
        const answers = () =>
          selectors.map((each) => [index.matching(each), index.selectedBy(each.matchLabels)]);
        const kept: [typeof index, ReturnType<typeof answers>][] = [];
        for (const step of steps) {
          kept.push([index, structuredClone(answers())]);
          const changes = step.map(([id, now]) => ({
            before: all.find((thing) => thing.id === id),
            after: now === undefined ? undefined : { id, labels: now },
          }));
          const others = new Set(step.map(([id]) => id));
          all = [
            ...all.filter(({ id }) => !others.has(id)),
            ...changes.flatMap(({ after }) => after ?? []),
          ].sort(order);
          index = index.follow(all, changes, order);
          const anew = labelIndex(all, (thing) => thing.labels);
          for (const each of selectors) {
            expect(index.matching(each)).toEqual(anew.matching(each));
            expect(index.selectedBy(each.matchLabels)).toEqual(anew.selectedBy(each.matchLabels));
          }
        }
        for (const [earlier, then] of kept) {
          index = earlier;
          expect(answers()).toEqual(then);
        }
      },
    ),
  );
});
