import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectorInWords, selectorMatches } from "#lib/engine/selector.ts";
import { calicoExpressions } from "./read-foreign-calico-selector.ts";
import { selectorOfExpressions } from "./read-foreign-concern.ts";

function inWords(selector: string): string | undefined {
  const expressions = calicoExpressions(selector);
  return expressions === undefined
    ? undefined
    : selectorInWords({ matchLabels: {}, matchExpressions: expressions });
}

describe("calicoExpressions", () => {
  it.each([
    ["", ""],
    ["  \t", ""],
    ["all()", ""],
    ["all( )", ""],
    ["app == 'web'", "app in (web)"],
    ['app=="web"', "app in (web)"],
    ["app == ''", "app in ()"],
    ["app == 'it\"s && (odd) || }'", 'app in (it"s && (odd) || })'],
    ["app != 'web'", "app notin (web)"],
    ["has(app.kubernetes.io/name)", "app.kubernetes.io/name"],
    ["!has(app)", "!app"],
    ["! has( app )", "!app"],
    ["app in {'a'}", "app in (a)"],
    ["app in{\"a\" , 'b}',}", "app in (a, b})"],
    ["app not in {'a','b'}", "app notin (a, b)"],
    ["app notin {'a'}", "app notin (a)"],
    ["all() && a == 'x' && has(b)", "a in (x), b"],
    ["((a == 'x') && (b != 'y' && (all())))", "a in (x), b notin (y)"],
    // Words of the language are labels as well.
    ["has == 'x' && all != 'y' && in in {'z'}", "has in (x), all notin (y), in in (z)"],
  ])("reads %s", (selector, words) => {
    expect(inWords(selector)).toBe(words);
  });

  it.each([
    "a == 'x' || b == 'y'",
    "(a == 'x' || b == 'y') && c == 'z'",
    "!(a == 'x')",
    "!a == 'x'",
    "!!has(a)",
    "!all()",
    "global()",
    "a contains 'x'",
    "a starts with 'x'",
    "a ends with 'x'",
    "a in {}",
    "a not in {}",
    "a in 'x'",
    "a in {'x' 'y'}",
    "ain {'x'}",
    "a = 'x'",
    "a == x",
    "a == 'x",
    "a == 'x' b == 'y'",
    "a == 'x' &&",
    "&& a == 'x'",
    "a == 'x' & b == 'y'",
    "(a == 'x'",
    "a == 'x')",
    "()",
    "has()",
    "has (a)",
    "has(a b)",
    "all",
    "a",
    "a:b == 'x'",
    // Some versions take no line breaks.
    "a == 'x' &&\nb == 'y'",
    "a == 'x'\n",
  ])("does not guess at %j", (selector) => {
    expect(calicoExpressions(selector)).toBeUndefined();
  });

  it("takes any depth of parentheses", () => {
    const deep = 50_000;
    expect(inWords(`${"(".repeat(deep)}has(a)${")".repeat(deep)}`)).toBe("a");
    expect(inWords("(".repeat(deep))).toBeUndefined();
  });

  it("matches what Calico matches", () => {
    const keys = fc.constantFrom("a", "b", "in", "c.d/e-f");
    const values = fc.constantFrom("x", "y", "", "z w");
    interface Term {
      readonly text: string;
      holds(labels: Readonly<Record<string, string>>): boolean;
    }
    const set = fc.array(values, { minLength: 1, maxLength: 3 });
    const quoted = (value: string) => `"${value}"`;
    const term = fc.oneof(
      keys.map((k): Term => ({ text: `has(${k})`, holds: (labels) => Object.hasOwn(labels, k) })),
      keys.map((k): Term => ({ text: `!has(${k})`, holds: (labels) => !Object.hasOwn(labels, k) })),
      fc
        .tuple(keys, values)
        .map(([k, v]): Term => ({ text: `${k} == '${v}'`, holds: (labels) => labels[k] === v })),
      fc
        .tuple(keys, values)
        .map(([k, v]): Term => ({ text: `${k}!='${v}'`, holds: (labels) => labels[k] !== v })),
      fc.tuple(keys, set).map(
        ([k, vs]): Term => ({
          text: `${k} in {${vs.map(quoted).join(", ")}}`,
          holds: (labels) => vs.some((v) => labels[k] === v),
        }),
      ),
      fc.tuple(keys, set).map(
        ([k, vs]): Term => ({
          text: `${k} not in {${vs.map(quoted).join(",")}}`,
          holds: (labels) => vs.every((v) => labels[k] !== v),
        }),
      ),
    );
    const conjunction = fc.array(term, { minLength: 1, maxLength: 4 }).map(
      (terms): Term => ({
        text: terms.map(({ text }, i) => (i % 2 === 0 ? text : `(${text})`)).join(" && "),
        holds: (labels) => terms.every((each) => each.holds(labels)),
      }),
    );
    fc.assert(
      fc.property(conjunction, fc.dictionary(keys, values), ({ text, holds }, labels) => {
        const expressions = calicoExpressions(text);
        expect(expressions).toBeDefined();
        expect(selectorMatches(selectorOfExpressions(expressions ?? []), labels)).toBe(holds(labels));
      }),
    );
  });
});
