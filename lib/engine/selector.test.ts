import { describe, expect, it } from "vitest";
import type { MatchExpression } from "#lib/model/objects.ts";
import { expressionMatches, labelsMatch, selectorInWords, selectorMatches } from "./selector.ts";

const labels = { app: "web", tier: "front" };

describe("expressionMatches", () => {
  const cases: readonly (readonly [MatchExpression["operator"], string, readonly string[], boolean])[] = [
    ["In", "app", ["web", "api"], true],
    ["In", "app", ["api"], false],
    ["In", "env", ["prod"], false],
    ["NotIn", "app", ["api"], true],
    ["NotIn", "app", ["web"], false],
    // Absent counts as not in.
    ["NotIn", "env", ["prod"], true],
    ["Exists", "app", [], true],
    ["Exists", "env", [], false],
    ["Exists", "constructor", [], false],
    ["DoesNotExist", "env", [], true],
    ["DoesNotExist", "app", [], false],
  ];
  it.each(cases)("%s %s %j: %s", (operator, key, values, matches) => {
    expect(expressionMatches({ operator, key, values }, labels)).toBe(matches);
  });
});

describe("selectorMatches", () => {
  it("matches everything when empty", () => {
    expect(selectorMatches({ matchLabels: {}, matchExpressions: [] }, {})).toBe(true);
  });

  it("asks for labels and expressions together", () => {
    const matchExpressions = [{ key: "env", operator: "Exists", values: [] }] as const;
    expect(selectorMatches({ matchLabels: { app: "web" }, matchExpressions }, labels)).toBe(false);
    expect(selectorMatches({ matchLabels: { app: "web" }, matchExpressions }, { ...labels, env: "" })).toBe(
      true,
    );
  });
});

it("labelsMatch wants every label, and nothing of an empty set", () => {
  expect(labelsMatch({ app: "web", tier: "back" }, labels)).toBe(false);
  expect(labelsMatch({}, labels)).toBe(true);
});

it("selectorInWords writes what kubectl get -l takes", () => {
  const words = selectorInWords({
    matchLabels: { app: "web" },
    matchExpressions: [
      { key: "env", operator: "In", values: ["a", "b"] },
      { key: "env", operator: "NotIn", values: ["c"] },
      { key: "team", operator: "Exists", values: [] },
      { key: "legacy", operator: "DoesNotExist", values: [] },
    ],
  });
  expect(words).toBe("app=web, env in (a, b), env notin (c), team, !legacy");
});
